"""The map from one version of a questionnaire to the next: what becomes of each question, as data."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Operation(StrEnum):
    """What happens to what was answered to a question of the version before.

    `keep` carries it as it is. `reconfirm` carries it to be read again: what is asked has changed. `split` carries it
    to several questions, `merge` gathers that of several in one, both to be read again. `drop` leaves it behind.
    """

    KEEP = "keep"
    RECONFIRM = "reconfirm"
    SPLIT = "split"
    MERGE = "merge"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceMove:
    """What a choice of an old question is called in a new one. `new` None: nothing says it, to be answered again."""

    source: str
    target: str
    old: str
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One line of the map. Choices that are not named keep their value; `why` is what the publisher reads."""

    operation: Operation
    sources: tuple[str, ...]
    targets: tuple[str, ...] = ()
    choices: tuple[ChoiceMove, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """The whole map. `from_version` is « SEC@2026.1 »; `grace_days` count from the day the new edition applies."""

    from_version: str
    grace_days: int = 90
    moves: tuple[Move, ...] = ()

    def sources(self) -> Iterator[str]:
        """The old keys, as often as they are named."""
        for move in self.moves:
            yield from move.sources

    def targets(self) -> Iterator[str]:
        """The new keys that receive something, as often as they are named."""
        for move in self.moves:
            yield from move.targets
