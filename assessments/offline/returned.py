"""What a file that came back says, whatever its format."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from assessments.offline.proposals import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Something written that is no answer: where, what, and what to write instead."""

    key: str
    place: str
    text: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A row whose key is no question of the edition."""

    key: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What somebody did outside. Kept as JSON between the preview and the import."""

    edits: tuple[Edit, ...]
    unreadable: tuple[Unreadable, ...] = ()
    unknown: tuple[Unknown, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {name: [asdict(each) for each in getattr(self, name)] for name in ("edits", "unreadable", "unknown")}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Returned":
        return cls(
            edits=tuple(Edit(**each) for each in content["edits"]),
            unreadable=tuple(Unreadable(**each) for each in content["unreadable"]),
            unknown=tuple(Unknown(**each) for each in content["unknown"]),
        )


def without_untouched(returned: Returned, touched: Iterable[Edit | None]) -> Returned:
    """The same, its edits replaced by those in which something was changed."""
    edits = tuple(edit for edit in touched if edit is not None)
    return Returned(edits=edits, unreadable=returned.unreadable, unknown=returned.unknown)
