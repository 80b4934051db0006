"""The evaluation of a whole edition: states, completeness, scores of groups, blockers, rulings, flags."""

from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import pytest

from questionnaires.engine import (
    Edition,
    Facts,
    InvalidInput,
    Kind,
    Level,
    Part,
    Question,
    Questionnaire,
    Ruling,
    State,
    Theme,
    compile_edition,
    evaluate,
)
from tests.questionnaires.builders import TODAY, choices, compiled, evaluated, question

RECOMMENDED = Level.RECOMMENDED


def states(*questions: Question, answers: dict[str, Any] | None = None, **facts: Any) -> dict[str, str]:
    results = evaluated(compiled(*questions), answers, **facts).questions
    return {key: result.state.value for key, result in results.items()}


def alone(asked: Question, answer: object = None, **facts: Any) -> Any:
    """The result of the only question of an edition."""
    return evaluated(compiled(asked), {asked.key: answer}, **facts).questions[asked.key]


# Rule 9
def test_a_question_is_shown_only_when_its_condition_is_true() -> None:
    source, target = question("A"), question("B", applies_when="answer(A) == 'oui'")

    assert states(source, target, answers={"A": "oui"})["B"] == "unanswered"
    assert states(source, target, answers={"A": "non"})["B"] == "hidden"
    assert states(source, target)["B"] == "hidden"


def test_a_hidden_answer_is_unknown_to_conditions_and_comes_back_with_its_question() -> None:
    asked = (
        question("A"),
        question("B", applies_when="answer(A) == 'oui'"),
        question("C", applies_when="answer(B) == 'oui'"),
        question("D", applies_when="answer(B) != 'oui'"),
    )

    assert states(*asked, answers={"A": "non", "B": "oui", "C": "oui"}) == {
        "A": "answered", "B": "hidden", "C": "hidden", "D": "hidden",
    }  # fmt: skip
    assert states(*asked, answers={"A": "oui", "B": "oui", "C": "oui"})["C"] == "answered"


def test_conditions_read_an_unacceptable_answer_as_it_is() -> None:
    number = question("A", "number", maximum=Decimal(100))
    definition = compiled(number, question("B", applies_when="answer(A) > 100"))

    results = evaluated(definition, {"A": 250}).questions

    assert results["A"].state is State.ANSWERED
    assert results["A"].score == 0
    assert results["A"].how.code == "above_maximum"
    assert results["B"].shown


# Rule 3
def test_a_file_question_is_answered_by_its_evidence_alone() -> None:
    asked = question("A", "file", evidence="La politique")

    assert (alone(asked).state, alone(asked).score) == (State.UNANSWERED, 0)
    present = alone(asked, evidence=frozenset({"A"}))
    assert (present.state, present.score, present.incomplete) == (State.ANSWERED, 1, False)
    refused = alone(asked, evidence=frozenset({"A"}), rulings={"A": Ruling(evidence_refused=True)})
    assert (refused.state, refused.score, refused.incomplete) == (State.UNANSWERED, 0, True)


# Rule 4
def test_completeness_counts_every_shown_question_once_whatever_its_level_score_or_evidence() -> None:
    definition = compiled(
        question("A", weight=Decimal(9), evidence="Une preuve"),
        question("B", level=RECOMMENDED),
        question("C", scored=False),
        question("D"),
        question("SKIPPED"),
        question("HIDDEN", applies_when="answer(D) == 'oui'"),
    )

    group = evaluated(definition, {"A": "oui", "C": "non"}, not_applicable={"SKIPPED": "Sans objet"}).themes["Q-T"]

    assert group.completeness == Decimal("0.5")
    assert (group.shown, group.answered, group.not_applicable) == (5, 2, 1)


# Rule 5
def test_the_score_is_a_weighted_mean_where_the_unanswered_count_nothing() -> None:
    definition = compiled(
        question("A", weight=Decimal(3)),
        question("B", weight=Decimal(1)),
        question("C", weight=Decimal(2)),
        question("UNSCORED", scored=False, weight=Decimal(50)),
        question("SKIPPED", weight=Decimal(50)),
    )

    found = evaluated(definition, {"A": "oui", "B": "non", "UNSCORED": "oui"}, not_applicable={"SKIPPED": "Non"})

    assert found.themes["Q-T"].score == Decimal("0.5")


def test_a_questionnaire_is_the_mean_of_its_questions_and_a_part_stands_alone() -> None:
    themes = (
        Theme(code="T1", part="P1", questions=(question("A"),)),
        Theme(code="T2", part="P1", questions=tuple(question(f"B-{n}") for n in range(3))),
        Theme(code="T3", part="P2", questions=(question("C", level=RECOMMENDED),)),
    )
    each = Questionnaire(code="Q", parts=(Part(code="P1"), Part(code="P2")), themes=themes)

    found = evaluated(compile_edition(Edition(code="E", questionnaires=(each,))), {"A": "oui"})

    assert found.themes["T1"].score == 1
    assert found.parts["P1"].score == Decimal("0.25")
    assert found.parts["P1"].blockers == ("B-0", "B-1", "B-2")
    assert found.parts["P2"].score == 0
    assert found.questionnaires["Q"].score == Decimal("0.2")


def test_a_group_without_anything_to_score_has_no_score() -> None:
    everything_skipped = evaluated(compiled(question("A")), not_applicable={"A": "Sans objet"}).themes["Q-T"]
    nothing_scored = evaluated(compiled(question("A", scored=False)), {"A": "oui"}).themes["Q-T"]

    assert (everything_skipped.score, everything_skipped.completeness) == (None, None)
    assert (nothing_scored.score, nothing_scored.completeness) == (None, Decimal(1))


def test_the_callers_decimal_context_changes_nothing() -> None:
    definition = compiled(question("A"), question("B"), question("C"))
    plain = evaluated(definition, {"A": "oui"})

    with localcontext(prec=2):
        assert evaluated(definition, {"A": "oui"}) == plain
    assert plain.themes["Q-T"].score == Decimal("0." + "3" * 50)


# Rule 8
def test_not_applicable_needs_a_reason_and_wins_over_a_kept_answer() -> None:
    asked = question("A")

    assert alone(asked, "non", not_applicable={"A": "Sans objet"}).state is State.NOT_APPLICABLE
    assert alone(asked, "non", not_applicable={"A": "Sans objet"}).score is None
    assert alone(asked, "non", not_applicable={"A": " \n"}).state is State.ANSWERED
    assert alone(asked, not_applicable={"A": ""}).state is State.UNANSWERED


def test_not_applicable_is_not_marked_where_it_is_refused_by_the_question_or_the_reviewer() -> None:
    marked = {"A": "Sans objet"}

    assert alone(question("A", allows_not_applicable=False), "oui", not_applicable=marked).state is State.ANSWERED
    ruled = alone(question("A"), not_applicable=marked, rulings={"A": Ruling(not_applicable_refused=True)})
    assert (ruled.state, ruled.score, ruled.incomplete) == (State.UNANSWERED, 0, True)


def test_not_applicable_is_unknown_to_conditions_and_never_blocks() -> None:
    definition = compiled(
        question("A", evidence="Une preuve"),
        question("B", applies_when="answer(A) == 'oui'"),
        question("C", applies_when="answer(A) != 'oui'"),
    )

    found = evaluated(definition, {"A": "oui"}, not_applicable={"A": "Sans objet"})

    assert [found.questions[key].state for key in "BC"] == [State.HIDDEN, State.HIDDEN]
    assert found.can_be_submitted


def test_a_hidden_question_cannot_be_marked_not_applicable() -> None:
    asked = (question("A"), question("B", applies_when="answer(A) == 'oui'"))

    assert states(*asked, not_applicable={"B": "Sans objet"})["B"] == "hidden"


# Rules 2 and 13
@pytest.mark.parametrize(
    ("fields", "answer", "evidence", "incomplete", "unmet"),
    [
        ({}, None, False, True, False),
        ({}, "non", False, False, True),
        ({}, "oui", False, False, False),
        ({"evidence": "Pièce"}, "oui", False, True, False),
        ({"evidence": "Pièce"}, "oui", True, False, False),
        ({"evidence": "Pièce"}, "non", False, True, True),
        ({"evidence": "Pièce"}, None, True, True, False),
        ({"evidence": "Pièce", "scored": False}, "oui", False, False, False),
        ({"scored": False}, None, False, True, False),
        ({"scored": False}, "non", False, False, False),
        ({"level": RECOMMENDED}, None, False, False, False),
        ({"level": RECOMMENDED, "evidence": "Pièce"}, "non", False, False, False),
    ],
)
def test_what_blocks(fields: dict[str, Any], answer: str | None, evidence: bool, incomplete: bool, unmet: bool) -> None:
    definition = compiled(question("A", **fields))

    found = evaluated(definition, {"A": answer}, evidence=frozenset({"A"} if evidence else ()))

    assert (found.questions["A"].incomplete, found.questions["A"].unmet) == (incomplete, unmet)
    assert found.incomplete == (("A",) if incomplete else ())
    assert found.unmet == (("A",) if unmet else ())
    assert found.themes["Q-T"].blockers == (("A",) if incomplete or unmet else ())
    assert found.can_be_submitted is not incomplete


@pytest.mark.parametrize(("pass_score", "unmet"), [(None, True), ("0.34", True), ("0.33", False), ("0.3", False)])
def test_the_pass_score_is_compared_before_any_rounding(pass_score: str | None, unmet: bool) -> None:
    asked = question(
        "A",
        "single_choice",
        choices=choices(("x", "0.33")),
        pass_score=None if pass_score is None else Decimal(pass_score),
    )

    assert alone(asked, "x").unmet is unmet


def test_orientation_questions_must_be_answered_before_the_submission() -> None:
    orientation = compiled(question("A", scored=False), kind=Kind.ORIENTATION)

    assert not evaluated(orientation).can_be_submitted
    assert evaluated(orientation, {"A": "non"}).can_be_submitted
    assert evaluated(orientation, {"A": "non"}).questionnaires["Q"].score is None


# Rule 15
def test_a_ruling_replaces_the_score_and_keeps_what_was_computed() -> None:
    found = alone(question("A"), "non", rulings={"A": Ruling(score=Decimal("0.6"))})

    assert (found.score, found.computed_score, found.how.code) == (Decimal("0.6"), 0, "ruling")
    assert found.unmet


def test_a_ruling_on_an_unanswered_question_scores_it_without_answering_it() -> None:
    definition = compiled(question("A"))

    found = evaluated(definition, rulings={"A": Ruling(score=Decimal(1))})

    assert found.questions["A"].state is State.UNANSWERED
    assert found.questions["A"].incomplete
    assert found.themes["Q-T"].score == 1
    assert found.themes["Q-T"].completeness == 0


def test_a_ruling_gives_no_score_to_what_has_none() -> None:
    definition = compiled(question("A", scored=False), question("B"), question("C", applies_when="answer(A) == 'non'"))
    rulings = {key: Ruling(score=Decimal(1)) for key in "ABC"}

    found = evaluated(definition, {"A": "oui"}, not_applicable={"B": "Sans objet"}, rulings=rulings)

    assert [found.questions[key].score for key in "ABC"] == [None, None, None]


def test_refused_evidence_counts_as_absent() -> None:
    asked = question("A", evidence="Pièce")

    found = alone(asked, "oui", evidence=frozenset({"A"}), rulings={"A": Ruling(evidence_refused=True)})

    assert (found.missing_evidence, found.incomplete, found.score) == (True, True, 1)


# Rule 10
FLAGS = {
    "exchange": "programme == 'with_exchange'",
    "hosts": "answer(HOSTS) == 'oui'",
    "processes": "hosts or answer(PROCESSES) == 'oui'",
}
SOURCES = (question("HOSTS"), question("PROCESSES"), question("TARGET", applies_when="processes"))


@pytest.mark.parametrize(
    ("answers", "given", "expected"),
    [
        ({}, {}, (None, None)),
        ({"HOSTS": "oui"}, {}, (True, True)),
        ({"HOSTS": "non"}, {}, (False, None)),
        ({"HOSTS": "non", "PROCESSES": "non"}, {}, (False, False)),
        ({"PROCESSES": "oui"}, {}, (None, True)),
        ({}, {"hosts": True}, (True, True)),
        ({"HOSTS": "oui"}, {"hosts": False}, (False, None)),
        ({"HOSTS": "oui"}, {"processes": False}, (True, False)),
    ],
)
def test_a_flag_is_derived_unless_it_is_given_and_then_wins_alone(
    answers: dict[str, str], given: dict[str, bool], expected: tuple[bool | None, bool | None]
) -> None:
    found = evaluated(compiled(*SOURCES, flags=FLAGS), answers, flags=given)

    assert (found.flags["hosts"], found.flags["processes"]) == expected
    assert found.questions["TARGET"].shown is (expected[1] is True)


@pytest.mark.parametrize(("programme", "truth"), [("with_exchange", True), ("without_exchange", False), (None, None)])
def test_the_programme_raises_the_exchange_flag(programme: str | None, truth: bool | None) -> None:
    assert evaluated(compiled(*SOURCES, flags=FLAGS), programme=programme).flags["exchange"] is truth


# Rule 14
def test_conditions_read_answers_of_another_questionnaire() -> None:
    first = Questionnaire(code="Q1", themes=(Theme(code="T1", questions=(question("A"),)),))
    asked = question("B", applies_when="answer(A) == 'oui'")
    second = Questionnaire(code="Q2", themes=(Theme(code="T2", questions=(asked,)),))

    found = evaluated(compile_edition(Edition(code="E", questionnaires=(second, first))), {"A": "oui"})

    assert found.questions["B"].shown
    assert list(found.questions) == ["B", "A"]


def test_every_unknown_name_and_wrong_value_is_told_at_once() -> None:
    definition = compiled(question("A"), question("F", "file"), flags={"f": "always"})
    facts = Facts(
        programme="by_post",
        today=TODAY,
        flags={"g": True},
        evidence=frozenset({"E1"}),
        not_applicable={"N1": "Sans objet"},
        rulings={"R1": Ruling(), "A": Ruling(score=Decimal("1.01"))},
    )

    with pytest.raises(InvalidInput) as caught:
        evaluate(definition, {"X": "oui", "A": 3, "F": "a.pdf"}, facts)

    named = [problem.where for problem in caught.value.problems]
    assert sorted(named) == ["A", "A", "E1", "F", "N1", "R1", "X", "g", "programme"]


def test_today_comes_from_the_facts() -> None:
    asked = question("A", "date", not_after_today=True)

    assert alone(asked, "2030-01-01").score == 0
    assert alone(asked, "2030-01-01", today=date(2030, 1, 1)).score == 1


def test_results_are_plain_values_that_compare() -> None:
    definition = compiled(question("A"))

    assert evaluated(definition, {"A": "oui"}) == evaluated(definition, {"A": "oui"})
    assert replace(evaluated(definition, {"A": "oui"}), flags={"x": True}) != evaluated(definition, {"A": "oui"})
