"""A framework of nodes at any depth, as a questionnaire of parts, themes and questions (decision 22)."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from questionnaires import engine
from questionnaires.exchange.ciso_keys import code_of, keys_of
from questionnaires.exchange.reading import Origin

QUESTION_TITLE, HEADING = 150, 200  # what our columns hold
SLUG = 50
BETWEEN = " › "
YES_NO = (
    engine.Choice(value="oui", label="Oui", score=Decimal(1)),
    engine.Choice(value="non", label="Non", score=Decimal(0)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node, its texts as they are written; "" is what it does not have."""

    position: int
    urn: str
    ref: str
    parent: str
    name: str
    description: str
    annotation: str
    evidence: str
    assessable: bool
    depth: int | None
    groups: tuple[str, ...]

    @property
    def identity(self) -> str:
        """What tells it from others in any version of the file."""
        return self.urn or f"{self.ref}\n{self.name}\n{self.description}"

    @property
    def label(self) -> str:
        """Its number, or what stands for one."""
        return self.ref or self.urn.rpartition(":")[2]

    @property
    def heading(self) -> str:
        return self.name or self.description or self.label or "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """What is said of all the nodes. `groups`: the implementation groups, the first of which everybody starts with."""

    name: str
    ref: str
    description: str
    copyright: str
    version: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """The questionnaire, what was decided for it, and where its themes and questions come from."""

    content: engine.Questionnaire
    warnings: tuple[str, ...]
    origins: Mapping[tuple[str, str], Origin]


@dataclass(slots=True, kw_only=True)
class _Run:
    """The requirements that follow each other under the same headings."""

    path: tuple[Node, ...]
    nodes: list[Node] = field(default_factory=list)
    notes: list[Node] = field(default_factory=list)


def questionnaire_of(framework: Framework, nodes: Sequence[Node]) -> Mapped:
    """`nodes` in the order of the file, one of them a requirement at least."""
    tree = _Tree(nodes)
    code = code_of(framework.ref or framework.name)
    runs = list(_runs(nodes, tree))
    asked = [node for run in runs for node in run.nodes]
    keys = dict(zip((node.position for node in asked), _keys(framework, code, asked), strict=True))
    deep = any(len(run.path) > 1 for run in runs)
    headings = _Headings(framework, code, runs, deep)
    themes = [
        replace(theme, questions=tuple(_question(framework, node, keys[node.position], tree) for node in run.nodes))
        for theme, run in zip(headings.themes, runs, strict=True)
    ]
    told = {each.position for run in runs for each in (*run.path, *run.notes, *run.nodes)}
    orphans = [node for node in nodes if node.position not in told]
    origins = {("requirement", keys[node.position]): Origin(depth=tree.depth(node), ref=node.label) for node in asked}
    origins |= {
        ("theme", theme.code): Origin(depth=max(len(run.path), 1), ref=run.path[-1].label if run.path else "")
        for theme, run in zip(themes, runs, strict=True)
    }
    content = engine.Questionnaire(
        code=code,
        slug=_slug(framework.name, code),
        version=re.sub(r"[^0-9A-Za-z.-]", "-", framework.version)[:20],
        title=_short(framework.name or framework.ref, HEADING),
        description=_joined(
            _rest(framework.name, HEADING), framework.description, framework.copyright, *map(_note, orphans)
        ),
        parts=headings.parts,
        themes=tuple(themes),
    )
    return Mapped(content=content, warnings=tuple(_decisions(framework, runs, orphans)), origins=origins)


class _Tree:
    """Who stands under whom. A parent that is missing, or its own descendant, is no parent."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._by_urn: dict[str, Node] = {}
        for node in nodes:
            self._by_urn.setdefault(node.urn, node)

    def above(self, node: Node) -> list[Node]:
        """From the top down."""
        found: list[Node] = []
        parent = self._by_urn.get(node.parent) if node.parent else None
        while parent is not None and parent is not node and parent not in found:
            found.append(parent)
            parent = self._by_urn.get(parent.parent) if parent.parent else None
        return found[::-1]

    def headings(self, node: Node) -> tuple[Node, ...]:
        return tuple(each for each in self.above(node) if not each.assessable)

    def depth(self, node: Node) -> int:
        """As the file says it, or counted."""
        return node.depth or len(self.above(node)) + 1


def _runs(nodes: Sequence[Node], tree: _Tree) -> Iterator[_Run]:
    """An ancestor that comes back begins another run: the order of the file is the order of the screen.

    What is neither a requirement nor above one is a note of the run around it, or of the one that it opens.
    """
    headings = {each.position for node in nodes if node.assessable for each in tree.above(node)}
    run: _Run | None = None
    waiting: list[Node] = []
    for node in nodes:
        path = tree.headings(node)
        if node.assessable:
            if run is None or run.path != path:
                if run is not None:
                    yield run
                run = _Run(path=path, notes=[note for note in waiting if _stands_under(tree.headings(note), path)])
                waiting = []
            run.nodes.append(node)
        elif node.position not in headings:
            if run is not None and _stands_under(path, run.path):
                run.notes.append(node)
            else:
                waiting.append(node)
    if run is not None:
        yield run


def _stands_under(path: tuple[Node, ...], heading: tuple[Node, ...]) -> bool:
    """Whether something with that path is under a heading, or beside what is under it."""
    return bool(path) and (path[: len(heading)] == heading or heading[: len(path)] == path)


# --- Questions ----------------------------------------------------------------------------------


def _keys(framework: Framework, code: str, nodes: Sequence[Node | None]) -> list[str]:
    """Those of the requirements, of the headings above them, or of the parts; None is the framework itself."""
    names = [node.label if node else "" for node in nodes]
    return keys_of(code, names, [node.identity if node else "" for node in nodes], known=framework.ref)


def _question(framework: Framework, node: Node, key: str, tree: _Tree) -> engine.Question:
    """Its name whole in the wording, for a title is short; its description whole in what is asked."""
    wording = node.name or node.description or node.label or "?"
    above = [each for each in tree.above(node) if each.assessable]
    notes = [
        *([_("Groupes : %(groups)s") % {"groups": ", ".join(node.groups)}] if node.groups else []),
        *([_("Précise l’exigence %(ref)s") % {"ref": above[-1].label}] if above else []),
    ]
    return engine.Question(
        key=key,
        type=engine.QuestionType.YES_NO,
        title=_short(_on_one_line(node.heading if node.heading.strip() else node.label or "?"), QUESTION_TITLE),
        wording=wording if wording.strip() else node.label or "?",
        asked=node.description if node.name else "",
        help=node.annotation,
        evidence=node.evidence,
        level=_level(framework, node),
        choices=YES_NO,
        reference=", ".join(each for each in (framework.name, node.ref) if each),
        source=" ; ".join(each for each in (node.ref, node.urn) if each),
        editor_note="\n".join(notes),
    )


def _level(framework: Framework, node: Node) -> engine.Level:
    """Groups are steps: what the first one does not hold is recommended."""
    first = framework.groups[:1]
    optional = len(framework.groups) > 1 and node.groups and first[0] not in node.groups
    return engine.Level.RECOMMENDED if optional else engine.Level.MANDATORY


# --- Headings -----------------------------------------------------------------------------------


class _Headings:
    """A theme for each run. In a framework of more than two levels, the first one makes parts."""

    def __init__(self, framework: Framework, code: str, runs: Sequence[_Run], deep: bool) -> None:
        self._framework = framework
        codes = _keys(framework, code, [run.path[-1] if run.path else None for run in runs])
        tops = [run.path[0] if run.path else None for run in runs] if deep else []
        parts = [run for run, top, before in zip(runs, tops, [object(), *tops], strict=False) if top is not before]
        self.parts = self._parts(code, parts)
        slugs: set[str] = set()
        themes: list[engine.Theme] = []
        number = -1
        for run, theme_code in zip(runs, codes, strict=True):
            number += any(run is each for each in parts)
            path = run.path[1:] if deep and len(run.path) > 1 else run.path
            themes.append(self._theme(run, path, theme_code, slugs, self.parts[number].code if deep else None))
        self.themes = tuple(themes)

    def _parts(self, code: str, first: Sequence[_Run]) -> tuple[engine.Part, ...]:
        """One for each run that begins under another top than the one before it."""
        tops = [run.path[0] if run.path else None for run in first]
        codes = _keys(self._framework, f"{code}-P", tops)
        return tuple(
            engine.Part(
                code=part_code,
                slug=_slug(top.heading if top else self._framework.name, part_code),
                title=_short(top.heading if top else self._framework.name, HEADING),
                description=_joined(
                    _rest(top.heading, HEADING) if top else "", _described(top) if top and len(run.path) > 1 else ""
                ),
            )
            for run, top, part_code in zip(first, tops, codes, strict=True)
        )

    def _theme(self, run: _Run, path: tuple[Node, ...], code: str, slugs: set[str], part: str | None) -> engine.Theme:
        title = BETWEEN.join(node.heading for node in path) or self._framework.name or "?"
        slug = _slug(title, code.lower())
        if slug in slugs:
            slug = f"{slug[: SLUG - len(code) - 1].rstrip('-')}-{code.lower()}"
        slugs.add(slug)
        return engine.Theme(
            code=code,
            slug=slug,
            title=_short(title, HEADING),
            description=_joined(_rest(title, HEADING), *map(_described, path), *map(_note, run.notes)),
            part=part,
        )


def _described(node: Node) -> str:
    """What a heading says beside its name."""
    return _joined(node.description if node.name else "", node.annotation)


def _note(node: Node) -> str:
    """A node that is neither a heading nor a requirement: its words are kept."""
    return _joined(node.name, node.description, node.annotation)


def _joined(*texts: str) -> str:
    """Paragraphs; a text alone stays as it is."""
    return "\n\n".join(text for text in texts if text)


def _short(text: str, most: int) -> str:
    """The beginning of a text that is too long for a heading: the whole of it stands elsewhere."""
    if len(text) <= most:
        return text if text.strip() else "?"
    return f"{text[: most - 1].rpartition(' ')[0] or text[: most - 1]}…"


def _on_one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text else text


def _rest(text: str, most: int) -> str:
    return text if len(text) > most else ""


def _slug(text: str, otherwise: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:SLUG].strip("-") or otherwise.lower()


# --- What was decided ---------------------------------------------------------------------------


def _decisions(framework: Framework, runs: Sequence[_Run], orphans: Sequence[Node]) -> Iterator[str]:
    yield _(
        "Chaque exigence devient une question à laquelle on répond par oui ou par non, de poids 1 : à relire avant de "
        "publier."
    )
    if len(framework.groups) > 1:
        yield _(
            "Les exigences du groupe « %(first)s » sont obligatoires ; celles qui ne sont que dans %(others)s sont "
            "recommandées."
        ) % {"first": framework.groups[0], "others": ", ".join(f"« {each} »" for each in framework.groups[1:])}
    long = sum(len(node.heading) > QUESTION_TITLE for run in runs for node in run.nodes)
    if long:
        yield _(
            "%(count)d intitulés de plus de %(most)d caractères sont abrégés ; leur texte entier est la question."
        ) % {
            "count": long,
            "most": QUESTION_TITLE,
        }
    notes = [node for run in runs for node in run.notes]
    if notes or orphans:
        yield _("Nœuds sans exigence, joints à la description de leur thème ou du questionnaire : %(refs)s.") % {
            "refs": ", ".join(node.label or node.heading[:40] for node in (*notes, *orphans))
        }
    paths = [run.path for run in runs]
    if len(set(paths)) < len(paths):
        yield _("Un titre qui revient plus loin dans le fichier fait un second thème : l’ordre est gardé.")
