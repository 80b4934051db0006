"""Write questionnaires and editions as YAML: what their file still says is copied byte by byte, what changed is written
anew in the style of our files."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from questionnaires import engine
from questionnaires.exchange.yaml_fields import IDENTITIES, Fields, edition_fields, questionnaire_fields
from questionnaires.exchange.yaml_layout import Block, NotInBlocks, Piece, cut
from questionnaires.exchange.yaml_style import field_text, with_dash
from questionnaires.source_files import SourceError, parse_edition, parse_questionnaire

Said = TypeVar("Said")

# Blocks that a blank line parts from what precedes them; the first theme follows its heading at once.
_AIRY = {"questions", "themes"}


def questionnaire_yaml(content: engine.Questionnaire, source: str = "") -> str:
    """The file of a version. `source` is the text that it was read from, which may say something older.

    What can be read is read back as `content` exactly. A content that the schema refuses (an empty theme) is written
    all the same: a draft is saved before it is whole.
    """
    said = _read(parse_questionnaire, source)
    if said == content:
        return source
    old = questionnaire_fields(said) if said else None
    return _written(questionnaire_fields(content), old, source, _questionnaire_said, _unchecked_said)


def edition_yaml(content: engine.Edition, source: str = "") -> str:
    """The file of an edition, which names its versions."""
    new, old = edition_fields(content), _read(parse_edition, source)
    return source if old == new else _written(new, old, source, parse_edition, parse_edition)


def _questionnaire_said(text: str) -> Fields:
    return questionnaire_fields(parse_questionnaire(text))


def _unchecked_said(text: str) -> Fields:
    return questionnaire_fields(parse_questionnaire(text, checked=False))


def _read(read: Callable[[str], Said], text: str) -> Said | None:
    """None where there is no text, or none that reads well."""
    try:
        return read(text) if text else None
    except SourceError:
        return None


def _written(
    new: Fields, old: Fields | None, source: str, read: Callable[[str], Fields], guess: Callable[[str], Fields]
) -> str:
    """`source` where it still says what `new` does; the canonical text where nothing of it can be kept for certain.

    `guess` reads what the schema refuses, for contents that have no text which it accepts.
    """
    canonical = _Writer().fields(new, None, {}, 0)
    if old is None:
        return canonical
    try:
        kept = _Writer(breaks="\r\n" if "\r\n" in source else "\n").again(new, old, source)
    except NotInBlocks:
        return canonical
    if _read(read, kept) == new:
        return kept
    refused = _read(read, canonical) is None
    return kept if refused and _read(guess, kept) == new else canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    """The blocks of the old file, by list, by name and by rank among those of that name, each with what it says."""

    breaks: str = "\n"
    known: dict[tuple[str, str, int], tuple[Block, Fields]] = field(default_factory=dict)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    used: Counter[tuple[str, str]] = field(default_factory=Counter)

    def again(self, new: Fields, old: Fields, source: str) -> str:
        """The text of `new`, from the file that says `old`."""
        layout = cut(source)
        self._learn(layout.root, old)
        return self.fields(new, layout.root, old, 0) + layout.tail

    def fields(self, new: Fields, block: Block | None, old: Fields, column: int) -> str:
        """The fields of one block: those of the file in its order, new ones where our files have them."""
        pieces = block.pieces if block else {}
        return "".join(
            self._field(name, new[name], pieces.get(name), old.get(name), column)
            if name in new
            else pieces[name].lines  # Says what is meant when nothing is said: « minutes: 0 ».
            for name in _in_order(list(pieces), list(new))
            if name in new or name not in old
        )

    def _learn(self, block: Block, said: Fields) -> None:
        for name, piece in block.pieces.items():
            contents = said.get(name, []) if piece.blocks else []
            if len(piece.blocks) != len(contents):
                raise NotInBlocks
            for below, content in zip(piece.blocks, contents, strict=True):
                self.known[self._name(name, content, self.found)] = below, content
                self._learn(below, content)

    @staticmethod
    def _name(inside: str, content: Fields, counted: Counter[tuple[str, str]]) -> tuple[str, str, int]:
        name = inside, content[IDENTITIES[inside]]
        counted[name] += 1
        return *name, counted[name]

    def _field(self, name: str, value: object, piece: Piece | None, old: object, column: int) -> str:
        if name in IDENTITIES and isinstance(value, list) and value:
            return self._blocks(name, value, piece, column)
        if piece and value == old:
            return piece.lines
        return _comments(piece) + self._with_breaks(field_text(name, value, column))

    def _blocks(self, name: str, contents: Sequence[Fields], piece: Piece | None, column: int) -> str:
        if piece and piece.blocks:
            head, dash = piece.lines, piece.dash
        else:
            head, dash = _comments(piece) + self._with_breaks(f"{' ' * column}{name}:\n"), column + 2
        return head + "".join(
            self._item(name, content, dash, first=not position) for position, content in enumerate(contents)
        )

    def _item(self, name: str, content: Fields, dash: int, *, first: bool) -> str:
        block, old = self.known.get(self._name(name, content, self.used), (None, {}))
        if block and block.dash == dash:
            return with_dash(self.fields(content, block, old, block.column), dash)
        blank = name in _AIRY and not (name == "themes" and first)
        return self._with_breaks("\n" if blank else "") + with_dash(self.fields(content, None, {}, dash + 2), dash)

    def _with_breaks(self, text: str) -> str:
        return text.replace("\n", self.breaks)


def _in_order(present: list[str], wanted: list[str]) -> list[str]:
    """The names of the file in its order, each new one after the last of those that our files write before it."""
    names = list(present)
    for position, name in enumerate(wanted):
        if name not in names:
            before = [names.index(each) for each in wanted[:position] if each in names]
            names.insert(max(before, default=-1) + 1, name)
    return names


def _comments(piece: Piece | None) -> str:
    """What stands before a field that is written anew."""
    kept = ""
    for line in piece.lines.splitlines(keepends=True) if piece else ():
        if line.strip() and not line.lstrip().startswith("#"):
            break
        kept += line
    return kept
