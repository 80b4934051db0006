"""The map of a version as its file writes it: one line for many questions that go the same way."""

from collections.abc import Iterator, Mapping
from typing import Any

from questionnaires.engine.migration import ChoiceMove, Migration, Move, Operation


def read_migration(source: Mapping[str, Any] | None) -> Migration | None:
    """The map, from the checked content of « migration ». None where the file has none."""
    if source is None:
        return None
    lines = [move for line in source["map"] for move in _moves(line)]
    return Migration(from_version=source["from"], grace_days=source.get("grace_days", 90), moves=tuple(lines))


def _moves(line: Mapping[str, Any]) -> Iterator[Move]:
    """`keep`, `reconfirm` and `drop` say the same of each question that they name."""
    operation = next(each for each in Operation if each in line)
    sources, targets = _keys(line[operation]), _keys(line.get("to", []))
    groups = [sources] if targets else [(key,) for key in sources]
    if operation in {Operation.KEEP, Operation.RECONFIRM}:
        # Without « to », a question keeps its key. With it, one question takes another.
        pairs = [(group, targets or group) for group in groups]
    else:
        pairs = [(group, targets) for group in groups]
    for group, destination in pairs:
        yield Move(
            operation=operation,
            sources=group,
            targets=destination,
            choices=tuple(_choices(line.get("choices", {}), group, destination)),
            why=line.get("why", ""),
        )


def _choices(
    maps: Mapping[str, Mapping[str, str | None]], sources: tuple[str, ...], targets: tuple[str, ...]
) -> Iterator[ChoiceMove]:
    """Choices are named under the question of which there are several: an old one, or a new one of a split."""
    for source in sources:
        for target in targets:
            for old, new in maps.get(target if len(targets) > 1 else source, {}).items():
                yield ChoiceMove(source=source, target=target, old=old, new=new)


def _keys(named: str | list[str]) -> tuple[str, ...]:
    return (named,) if isinstance(named, str) else tuple(named)
