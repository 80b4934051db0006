"""Which of the formats a file is in, by what it holds, and what it says."""

from typing import Any

from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from questionnaires.exchange.ciso import is_library, read_library
from questionnaires.exchange.reading import Format, NotRead, Reading
from questionnaires.exchange.workbook import read_workbook
from questionnaires.source_files import SourceError, parse_questionnaire, parse_yaml

MAX_BYTES = 5_000_000
_WORKBOOK = b"PK\x03\x04"


def recognise(data: bytes, file: str) -> Reading:
    """What a file says, whatever its name. NotRead, with every reason that can be told at once."""
    if len(data) > MAX_BYTES:
        raise NotRead(_("%(file)s : ce fichier est trop gros (5 Mo au plus).") % {"file": file})
    if data.startswith(_WORKBOOK):
        return Reading(format=Format.XLSX, content=read_workbook(data, file))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotRead(
            _("%(file)s : ni un classeur .xlsx, ni un texte en UTF-8. Enregistrez-le sous l’un de ces formats.")
            % {"file": file}
        ) from error
    try:
        return _from_yaml(text, file)
    except SourceError as error:
        raise NotRead(*map(str, error.problems)) from error


def _from_yaml(text: str, file: str) -> Reading:
    _refuse_aliases(text, file)
    content = parse_yaml(text, file)
    if is_library(content):
        return read_library(content, file, lines=_lines_of_nodes(text))
    schema = str(content.get("schema", "")) if isinstance(content, dict) else ""
    if schema.startswith("convergence/questionnaire@"):
        return Reading(format=Format.YAML, content=parse_questionnaire(text, file), source=text)
    if schema.startswith("convergence/edition@"):
        raise NotRead(
            _("%(file)s : c’est une édition, pas un questionnaire : importez un à un les fichiers qu’elle nomme.")
            % {"file": file}
        )
    raise NotRead(
        _(
            "%(file)s : ce fichier n’est ni un questionnaire du portail, ni une bibliothèque CISO Assistant. La "
            "première ligne d’un questionnaire nomme son format, « convergence/questionnaire@1 »."
        )
        % {"file": file}
    )


def _refuse_aliases(text: str, file: str) -> None:
    """A text that repeats itself by aliases, ten times at each level, becomes larger than any memory."""
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            if isinstance(event, AliasEvent):
                raise NotRead(
                    _("%(file)s, ligne %(line)d : les renvois (« *nom ») ne sont pas lus : écrivez le texte lui-même.")
                    % {"file": file, "line": event.start_mark.line + 1}
                )
    except (YAMLError, RecursionError):
        return  # told with its line by whoever loads it


def _lines_of_nodes(text: str) -> list[int]:
    """The line of each requirement node of a library, from 1."""
    node: Node | None = YAML(typ="safe", pure=True).compose(text)
    for step in ("objects", "framework", "requirement_nodes"):
        node = _below(node, step)
    return [each.start_mark.line + 1 for each in node.value] if isinstance(node, SequenceNode) else []


def _below(node: Any, name: str) -> Any:
    found = node.value if isinstance(node, MappingNode) else ()
    return next((value for key, value in found if key.value == name), None)
