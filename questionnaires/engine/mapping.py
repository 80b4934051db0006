"""Write a map by hand, one old question after the other, and take it up again when the new version has changed."""

from collections.abc import Iterable
from dataclasses import replace

from questionnaires.engine.definitions import Questionnaire
from questionnaires.engine.migration import ChoiceMove, Migration, Move, Operation
from questionnaires.engine.succession import proposed_migration


def move_of(migration: Migration, source: str) -> Move | None:
    """The line that says what becomes of an old question; None when none does."""
    return next((move for move in migration.moves if source in move.sources), None)


def with_move(
    migration: Migration,
    source: str,
    operation: Operation,
    targets: Iterable[str],
    choices: Iterable[ChoiceMove],
    why: str,
) -> Migration:
    """The map, that old question becoming this. Merged, it joins those that are merged into the same new question."""
    ends, named = tuple(targets), tuple(choices)
    place = next((at for at, move in enumerate(migration.moves) if source in move.sources), len(migration.moves))
    moves = [each for each in (_without(move, source) for move in migration.moves) if each is not None]
    if operation is Operation.MERGE:
        for at, move in enumerate(moves):
            if move.operation is Operation.MERGE and move.targets == ends:
                joined = replace(
                    move, sources=(*move.sources, source), choices=(*move.choices, *named), why=why or move.why
                )
                return replace(migration, moves=(*moves[:at], joined, *moves[at + 1 :]))
    new = Move(operation=operation, sources=(source,), targets=ends, choices=named, why=why)
    return replace(migration, moves=(*moves[:place], new, *moves[place:]))


def _without(move: Move, source: str) -> Move | None:
    if source not in move.sources:
        return move
    left = tuple(each for each in move.sources if each != source)
    kept = tuple(each for each in move.choices if each.source != source)
    return replace(move, sources=left, choices=kept) if left else None


def refreshed(migration: Migration | None, old: Questionnaire, new: Questionnaire) -> Migration:
    """The map as it should be now that the new version says what it says; what a person decided stays.

    A question that was kept and has changed since is to be reconfirmed, one that is gone is dropped, one that was not
    named is taken in. Splits and merges, which only a person decides, stand as long as their new questions do.
    """
    proposed = proposed_migration(old, new)
    if migration is None or migration.from_version != old.name:
        return proposed
    keys = {question.key for question in new.questions()}
    order = {question.key: place for place, question in enumerate(old.questions())}
    by_hand = [
        replace(move, sources=sources)
        for move in migration.moves
        if move.operation in {Operation.SPLIT, Operation.MERGE} and set(move.targets) <= keys
        if (sources := tuple(source for source in move.sources if source in order))
    ]
    settled = {source for move in by_hand for source in move.sources}
    reached = {target for move in by_hand for target in move.targets}
    others = [
        _taken_up(suggestion, move_of(migration, suggestion.sources[0]), keys, reached)
        for suggestion in proposed.moves
        if suggestion.sources[0] not in settled
    ]
    lines = sorted([*by_hand, *others], key=lambda move: order[move.sources[0]])
    return replace(migration, moves=tuple(lines))


def _taken_up(suggestion: Move, said: Move | None, keys: set[str], reached: set[str]) -> Move:
    """What the map said of one question where that still stands, else what is proposed; the reason is kept."""
    why = said.why if said else ""
    if said is not None and set(said.targets) <= keys - reached and _is_a_decision(said, suggestion):
        return replace(said, sources=suggestion.sources)
    if reached.intersection(suggestion.targets):
        return replace(suggestion, operation=Operation.DROP, targets=(), why=why)
    return replace(suggestion, why="" if suggestion.operation is Operation.KEEP else why)


def _is_a_decision(said: Move, suggestion: Move) -> bool:
    """Somebody gave a reason, or led the answer to another question: nothing of it could have been proposed."""
    if said.operation is Operation.KEEP or said.targets == suggestion.targets:
        return bool(said.why) and said.operation is Operation.RECONFIRM
    return bool(said.why) or bool(said.targets)
