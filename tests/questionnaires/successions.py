"""Versions that follow one another, and dossiers that follow them, for tests of maps."""

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from questionnaires.engine import (
    ChoiceMove,
    Edition,
    Held,
    Migration,
    Move,
    Operation,
    Question,
    Questionnaire,
    QuestionType,
    Theme,
    proposed_migration,
)
from tests.questionnaires.builders import choices, question
from tests.questionnaires.strategies import random_answer, random_definition


def version(*questions: Question, number: str = "1", migration: Migration | None = None) -> Questionnaire:
    """« Q » in one theme."""
    theme = Theme(code="Q-T", slug="t", title="Thème", questions=questions)
    return Questionnaire(code="Q", slug="q", version=number, title="Q", themes=(theme,), migration=migration)


def following(*moves: Move, old: str = "Q@1", grace_days: int = 90) -> Migration:
    return Migration(from_version=old, grace_days=grace_days, moves=moves)


def move(operation: str, sources: str, targets: str = "", **fields: Any) -> Move:
    """A line, its keys separated by spaces: `move("merge", "A B", "C")`."""
    return Move(
        operation=Operation(operation), sources=tuple(sources.split()), targets=tuple(targets.split()), **fields
    )


def kept(*keys: str) -> tuple[Move, ...]:
    return tuple(move("keep", key, key) for key in keys)


def renamed(source: str, target: str, **values: str | None) -> tuple[ChoiceMove, ...]:
    """What the choices of one question are called in another."""
    return tuple(ChoiceMove(source=source, target=target, old=old, new=new) for old, new in values.items())


def with_maps(edition: Edition, before: Edition) -> Edition:
    """The edition, each version following the one of the edition before; the reasons are written."""
    old = {each.code: each for each in before.questionnaires}
    return replace(
        edition,
        questionnaires=tuple(
            replace(each, migration=explained(proposed_migration(old[each.code], each)))
            if each.code in old and each.version != old[each.code].version
            else each
            for each in edition.questionnaires
        ),
    )


def explained(migration: Migration) -> Migration:
    """The same map, a reason wherever there was none."""
    return replace(
        migration, moves=tuple(replace(each, why=each.why or "La règle a changé.") for each in migration.moves)
    )


def random_version(draw: random.Random) -> Questionnaire:
    """A first version of two to eight questions of all types."""
    definition = random_definition(draw)
    return version(*(replace(each, applies_when="always") for each in definition.questions.values()))


def random_successor(draw: random.Random, old: Questionnaire) -> Questionnaire:
    """A version that follows another, in a way that may be published: every line of its map drawn at random."""
    number = str(int(old.version) + 1)
    left = list(old.questions())
    draw.shuffle(left)
    questions: list[Question] = []
    moves: list[Move] = []
    while left:
        first = left.pop()
        operation = draw.choice(list(Operation))
        if operation is Operation.MERGE:
            others = [each for each in left if each.type is first.type][: draw.choice([1, 2])]
            operation = Operation.MERGE if others else Operation.KEEP
            left = [each for each in left if each not in others]
            sources = [first, *others] if others else [first]
        else:
            sources = [first]
        targets = _targets(draw, operation, sources, f"{number}-{len(moves)}")
        questions += targets
        moves.append(
            Move(
                operation=operation,
                sources=tuple(each.key for each in sources),
                targets=tuple(each.key for each in targets),
                choices=tuple(_random_choices(draw, operation, sources, targets)),
                why="La règle a changé.",
            )
        )
    questions.append(question(f"N-{number}"))
    return version(*questions, number=number, migration=following(*moves, old=old.name))


def _targets(draw: random.Random, operation: Operation, sources: list[Question], name: str) -> list[Question]:
    first = sources[0]
    if operation is Operation.DROP:
        return []
    keys = [draw.choice([first.key, f"R-{name}"])]
    if operation is Operation.SPLIT:
        keys.append(f"S-{name}")
    if operation is not Operation.KEEP and first.choices and draw.random() < 0.4:
        shape: dict[str, Any] = {"type": QuestionType.MULTIPLE_CHOICE, "choices": choices(("x", "1"), ("y", "0.5"))}
    else:
        shape = {}
    if operation is not Operation.KEEP:
        shape["allows_not_applicable"] = draw.random() < 0.7
    return [replace(first, key=key, **shape) for key in keys]


def _random_choices(
    draw: random.Random, operation: Operation, sources: list[Question], targets: list[Question]
) -> list[ChoiceMove]:
    """A name for each choice that has none in the new question, and sometimes for the others."""
    found = []
    for source in sources:
        for target in targets:
            values = [choice.value for choice in target.choices]
            for choice in source.choices:
                if choice.value not in values or (operation is not Operation.KEEP and draw.random() < 0.3):
                    new = draw.choice([*values, *([] if operation is Operation.KEEP else [None])])
                    found.append(ChoiceMove(source=source.key, target=target.key, old=choice.value, new=new))
    return found


def random_holdings(draw: random.Random, of: Questionnaire) -> Mapping[str, Held]:
    """What a dossier may hold: of some questions nothing, of others an answer, a word, files, somebody in charge."""
    return {each.key: _random_held(draw, each) for each in of.questions() if draw.random() < 0.8}


def _random_held(draw: random.Random, asked: Question) -> Held:
    aside = asked.allows_not_applicable and draw.random() < 0.25
    return Held(
        value=random_answer(draw, asked),
        not_applicable=aside,
        reason=draw.choice(["Sans objet.", "Pas encore."]) if aside else "",
        comment=draw.choice(["", f"Mot sur {asked.key}", "Mot commun"]),
        evidence=tuple(f"pièce {n} de {asked.key}" for n in range(draw.choice([0, 0, 1, 2]))),
        assigned_to=tuple(draw.sample(["alice", "bob"], draw.choice([0, 1]))),
        to_reconfirm=draw.random() < 0.1,
    )
