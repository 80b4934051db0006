"""The frameworks of CISO Assistant libraries, read from their YAML: nodes in order, and what is not taken of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from questionnaires.exchange.ciso_mapping import Framework, Node, questionnaire_of
from questionnaires.exchange.reading import Format, NotRead, Reading

_LIBRARY_TAKEN = {"urn", "ref_id", "name", "description", "copyright", "version", "objects"}
_FRAMEWORK_TAKEN = {"urn", "ref_id", "name", "description", "requirement_nodes", "implementation_groups_definition"}
_NODE_TAKEN = {
    *("urn", "ref_id", "name", "description", "assessable", "depth", "parent_urn", "implementation_groups"),
    *("annotation", "typical_evidence"),
}


def is_library(content: object) -> bool:
    """Whether a YAML file says that it is one."""
    if not isinstance(content, Mapping):
        return False
    objects = content.get("objects")
    return isinstance(objects, Mapping) and bool({"framework", "frameworks"} & objects.keys())


def read_library(content: Mapping[str, Any], file: str = "", *, lines: Sequence[int] = ()) -> Reading:
    """The questionnaire that a library holds, as a draft to be worked on. `lines`: where each node begins. NotRead."""
    framework = _only_framework(content["objects"], file)
    told = framework.get("requirement_nodes")
    if not isinstance(told, list) or not all(isinstance(each, Mapping) for each in told):
        raise NotRead(_("%(file)s : « requirement_nodes » n’est pas une liste d’exigences.") % {"file": file})
    nodes, problems = _nodes(told, file, lines)
    if not any(node.assessable for node in nodes):
        raise NotRead(
            _("%(file)s : ce référentiel ne contient aucune exigence (aucun nœud « assessable »).") % {"file": file}
        )
    read = Framework(
        name=_text(framework.get("name")) or _text(content.get("name")),
        ref=_text(framework.get("ref_id")) or _text(content.get("ref_id")) or _last(_text(framework.get("urn"))),
        description=_text(framework.get("description")) or _text(content.get("description")),
        copyright=_text(content.get("copyright")),
        version=_text(content.get("version")) or "1",
        groups=tuple(
            _text(each.get("ref_id"))
            for each in framework.get("implementation_groups_definition") or []
            if isinstance(each, Mapping)
        ),
    )
    mapped = questionnaire_of(read, nodes)
    return Reading(
        format=Format.CISO,
        content=mapped.content,
        warnings=(*problems, *mapped.warnings, *_not_taken(content, framework, told)),
        origins=mapped.origins,
    )


def _only_framework(objects: Mapping[str, Any], file: str) -> Mapping[str, Any]:
    told = objects.get("framework") or objects.get("frameworks")
    found = told if isinstance(told, list) else [told]
    if len(found) != 1 or not isinstance(found[0], Mapping):
        raise NotRead(
            _("%(file)s : cette bibliothèque contient %(count)d référentiels ; gardez-en un seul par fichier.")
            % {"file": file, "count": len(found) if told else 0}
        )
    return found[0]


# --- Nodes --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Problems:
    file: str
    lines: Sequence[int]
    said: list[str]

    def add(self, position: int, reason: str) -> None:
        line = f", ligne {self.lines[position]}" if position < len(self.lines) else ""
        self.said.append(f"{self.file}{line} : {reason}")


def _nodes(told: list[Mapping[str, Any]], file: str, lines: Sequence[int]) -> tuple[list[Node], list[str]]:
    problems = _Problems(file, lines, [])
    known = {_text(each.get("urn")) for each in told}
    refs = Counter(_text(each["ref_id"]) for each in told if each.get("ref_id") is not None)
    urns = Counter(_text(each["urn"]) for each in told if each.get("urn"))
    nodes = []
    for position, each in enumerate(told):
        node = _node(position, each)
        if node.parent and node.parent not in known:
            problems.add(position, _("le parent « %(urn)s » n’existe pas : placé à la racine.") % {"urn": node.parent})
        if refs[node.ref] > 1:
            problems.add(
                position,
                _("la référence « %(ref)s » est portée par plusieurs nœuds : clé tirée de l’urn.") % {"ref": node.ref},
            )
        if urns[node.urn] > 1:
            problems.add(position, _("l’urn « %(urn)s » est portée par plusieurs nœuds.") % {"urn": node.urn})
        if not isinstance(each.get("assessable"), bool):
            problems.add(position, _("« assessable » n’est ni vrai ni faux : lu comme faux."))
        if node.assessable and not node.name.strip() and not node.description.strip():
            problems.add(position, _("exigence sans nom ni description : intitulée d’après sa référence."))
        nodes.append(node)
    return nodes, problems.said


def _node(position: int, told: Mapping[str, Any]) -> Node:
    groups, depth = told.get("implementation_groups"), told.get("depth")
    return Node(
        position=position,
        urn=_text(told.get("urn")),
        ref=_text(told.get("ref_id")),
        parent=_text(told.get("parent_urn")),
        name=_text(told.get("name")),
        description=_text(told.get("description")),
        annotation=_text(told.get("annotation")),
        evidence=_text(told.get("typical_evidence")),
        assessable=told.get("assessable") is True,
        depth=depth if isinstance(depth, int) and depth > 0 else None,
        groups=tuple(map(_text, groups)) if isinstance(groups, list) else (),
    )


def _text(value: object) -> str:
    """As it is written, spaces included; a number (« ref_id: 1 ») is the text that it looks like."""
    return "" if value is None else str(value)


def _last(urn: str) -> str:
    return urn.rpartition(":")[2]


# --- What stays behind --------------------------------------------------------------------------


def _not_taken(
    content: Mapping[str, Any], framework: Mapping[str, Any], nodes: Iterable[Mapping[str, Any]]
) -> Iterable[str]:
    """Everything that the file holds and that has no place in a questionnaire. What the framework says in its own words
    is not taken from the library."""
    objects = set(content["objects"]) - {"framework", "frameworks"}
    twice = {name for name in ("name", "description") if framework.get(name) and content.get(name) != framework[name]}
    if names := sorted(map(str, (content.keys() - _LIBRARY_TAKEN) | (twice & content.keys()))):
        yield _("Non repris de la bibliothèque : %(names)s.") % {"names": ", ".join(names)}
    if objects:
        yield _("Non repris : les autres objets de la bibliothèque (%(names)s).") % {
            "names": ", ".join(sorted(map(str, objects)))
        }
    if names := sorted(map(str, framework.keys() - _FRAMEWORK_TAKEN)):
        yield _("Non repris du référentiel : %(names)s.") % {"names": ", ".join(names)}
    counts = Counter(str(name) for node in nodes for name, value in node.items() if name not in _NODE_TAKEN and value)
    for name, count in sorted(counts.items()):
        yield _("Non repris des nœuds : « %(name)s » (%(count)d nœuds).") % {"name": name, "count": count}
