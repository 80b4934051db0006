"""What was understood of a file: the content, and the themes and requirements that were found in it, in order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from questionnaires import engine


class Format(StrEnum):
    """The formats that are read."""

    YAML = "yaml"
    CISO = "ciso"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a theme or a requirement stood in a file whose levels are not ours: how deep, and under which number."""

    depth: int
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One theme (`kind` is « theme ») or requirement. `length`: how many characters its texts have."""

    kind: str
    key: str
    depth: int
    ref: str
    title: str
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`source` is the text of our own YAML, to be kept. `warnings`: what was left out or decided, in French."""

    format: Format
    content: engine.Questionnaire
    source: str = ""
    warnings: tuple[str, ...] = ()
    origins: Mapping[tuple[str, str], Origin] = field(default_factory=dict)

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(self._items())

    def _items(self) -> Iterator[Item]:
        for theme in self.content.themes:
            depth = 1 if theme.part is None else 2
            yield self._item("theme", theme.code, theme.title, depth, len(theme.title) + len(theme.description))
            for question in theme.questions:
                told = question.wording, question.asked, question.help
                yield self._item("requirement", question.key, question.title, depth + 1, sum(map(len, told)))

    def _item(self, kind: str, key: str, title: str, depth: int, length: int) -> Item:
        origin = self.origins.get((kind, key), Origin(depth=depth, ref=key))
        return Item(kind=kind, key=key, depth=origin.depth, ref=origin.ref, title=title, length=length)


class NotRead(ValueError):
    """Why a file was not taken: French sentences, each with its place when there is one."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons
