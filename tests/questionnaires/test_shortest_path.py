"""The shortest path: it reaches the threshold, by steps that are all needed, and tells its gains exactly."""

from dataclasses import replace
from decimal import Decimal, localcontext

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from questionnaires.engine import (
    Definition,
    Evaluation,
    Facts,
    Level,
    Path,
    QuestionType,
    State,
    Step,
    evaluate,
    satisfying_answers,
    shortest_path,
)
from questionnaires.engine.scoring import EXACT
from tests.questionnaires.builders import TODAY, choices, compiled, question
from tests.questionnaires.strategies import Dossier, random_dossier, seeded, small_dossier

SEEDS = st.integers(0, 2**32)
FACTS = Facts(programme="with_exchange", today=TODAY)


def ours(dossier: Dossier) -> Dossier:
    """A team's own copy: no reviewer has ruled on it."""
    return replace(dossier, facts=replace(dossier.facts, rulings={}))


def path_of(dossier: Dossier) -> Path:
    return shortest_path(dossier.definition, dossier.answers, dossier.facts)


def after(dossier: Dossier, steps: tuple[Step, ...] | list[Step]) -> Evaluation:
    """What taking these steps, and nothing else, leads to."""
    answers = dict(dossier.answers) | {step.key: step.answer for step in steps if step.answer is not None}
    proven = dossier.facts.evidence | {step.key for step in steps if step.needs_evidence}
    return evaluate(dossier.definition, answers, replace(dossier.facts, evidence=proven))


def blockers(evaluation: Evaluation) -> set[str]:
    return {*evaluation.incomplete, *evaluation.unmet}


def every_step_is_needed_and_together_they_do(dossier: Dossier) -> None:
    path = path_of(dossier)

    assert blockers(after(dossier, path.steps)) == set(path.out_of_reach)
    for left_out in path.steps:
        others = [step for step in path.steps if step is not left_out]
        assert left_out.key in blockers(after(dossier, others)), left_out.key


def no_step_is_hidden_or_marked_not_applicable_or_satisfied_already(dossier: Dossier) -> None:
    path, before = path_of(dossier), dossier.evaluated()

    end = after(dossier, path.steps)
    for step in path.steps:
        assert end.questions[step.key].state is State.ANSWERED, step.key
        assert dossier.definition.questions[step.key].level is Level.MANDATORY
        assert before.questions[step.key].state is State.HIDDEN or step.key in blockers(before), step.key


def scores_are_those_of_an_evaluation_after_each_step(dossier: Dossier) -> None:
    path = path_of(dossier)

    for count, step in enumerate(path.steps, start=1):
        so_far = after(dossier, path.steps[:count])
        group = so_far.parts.get(step.group) or so_far.questionnaires[step.group]
        assert group.score == step.score_after, step.key


@settings(max_examples=200, deadline=None)
@given(seed=SEEDS)
def test_it_holds_for_random_small_editions(seed: int) -> None:
    dossier = ours(small_dossier(seed))

    every_step_is_needed_and_together_they_do(dossier)
    no_step_is_hidden_or_marked_not_applicable_or_satisfied_already(dossier)
    scores_are_those_of_an_evaluation_after_each_step(dossier)


@settings(max_examples=2, deadline=None)
@given(seed=SEEDS)
def test_it_holds_for_the_real_edition(definition_2026: Definition, seed: int) -> None:
    dossier = ours(random_dossier(definition_2026, seeded(seed)))

    every_step_is_needed_and_together_they_do(dossier)
    no_step_is_hidden_or_marked_not_applicable_or_satisfied_already(dossier)
    scores_are_those_of_an_evaluation_after_each_step(dossier)


def test_nothing_of_the_real_edition_is_out_of_reach(definition_2026: Definition) -> None:
    for programme in ("with_exchange", "without_exchange"):
        path = shortest_path(definition_2026, {}, replace(FACTS, programme=programme))

        assert not path.out_of_reach
        assert all(reach.satisfied_after == reach.asked_after for reach in path.groups.values())


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS)
def test_it_is_longer_than_the_best_by_no_more_than_what_its_answers_open(seed: int) -> None:
    dossier = ours(small_dossier(seed))
    path = path_of(dossier)
    # Answers that were given and do not satisfy may have to change, and hide others: nothing is promised there.
    changed = [step.key for step in path.steps if step.answer is not None and dossier.answers.get(step.key)]
    assume(not path.out_of_reach and not changed)

    assert len(path.steps) - fewest_steps(dossier) <= path.opened


def fewest_steps(dossier: Dossier) -> int:
    """By trying, at every blocker, each of the answers that satisfy."""
    now = dossier.evaluated()
    first = min(blockers(now), default=None)
    if first is None:
        return 0
    asked = dossier.definition.questions[first]
    proven = replace(dossier.facts, evidence=dossier.facts.evidence | {first})
    if asked.type is QuestionType.FILE or (now.questions[first].state is State.ANSWERED and first not in now.unmet):
        return 1 + fewest_steps(replace(dossier, facts=proven))
    found = satisfying_answers(asked, dossier.facts.today)
    counts = [
        fewest_steps(replace(dossier, answers={**dossier.answers, first: value}, facts=proven)) for value in found
    ]
    return 1 + min(counts, default=99)


def test_incomplete_first_then_the_highest_gain_and_what_is_opened_after_what_opens_it() -> None:
    definition = compiled(
        question("K-1", weight=Decimal(9)),
        question("K-2", weight=Decimal(1)),
        question("K-3", weight=Decimal(5), evidence="Une attestation"),
        question("K-4", applies_when="answer(K-3) == 'oui'"),
    )

    path = shortest_path(definition, {"K-1": "non"}, FACTS)

    assert [(step.key, step.was_incomplete, step.needs_evidence) for step in path.steps] == [
        ("K-3", True, True),
        ("K-2", True, False),
        ("K-4", True, False),
        ("K-1", False, False),
    ]
    assert path.steps[0].opens == ("K-4",)
    assert path.steps[0].gain == path_gain("5", "15")
    assert path.groups["Q"].asked_after == path.groups["Q"].satisfied_after == 4


def path_gain(weight: str, weights: str) -> Decimal:
    with localcontext(EXACT):
        return Decimal(weight) / Decimal(weights)


def test_all_choices_that_satisfy_are_told_and_the_least_demanding_is_counted() -> None:
    scale = choices(("full", "1"), ("half", "0.5"), ("none", "0"))
    definition = compiled(question("K-1", "single_choice", choices=scale, pass_score=Decimal("0.5")))

    (step,) = shortest_path(definition, {}, FACTS).steps

    assert (step.answer, step.choices, step.gain) == ("half", ("half", "full"), Decimal("0.5"))


def test_what_may_not_change_or_cannot_be_satisfied_is_out_of_reach() -> None:
    hopeless = choices(("low", "0.2"), ("none", "0"))
    definition = compiled(question("K-1"), question("K-2"), question("K-3", "single_choice", choices=hopeless))

    path = shortest_path(definition, {"K-1": "non"}, FACTS, fixed={"K-1"})

    assert ([step.key for step in path.steps], path.out_of_reach) == (["K-2"], ("K-1", "K-3"))
