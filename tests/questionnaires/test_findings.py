"""What is said of an edition before it is published: errors that forbid it, warnings that do not."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.engine import Kind, Level, Question, ThresholdOperator, examine
from questionnaires.engine.scales import representatives, uncovered, unreached
from questionnaires.engine.scoring import reached_threshold
from questionnaires.source_files import read_edition
from tests.questionnaires.builders import FIXTURES, choices, edition, question, threshold
from tests.questionnaires.small import small_edition


def errors(*questions: Question, **options: Any) -> list[str]:
    return [str(each) for each in examine(edition(*questions, **options), {}).errors]


def warnings(*questions: Question, **options: Any) -> list[str]:
    return [str(each) for each in examine(edition(*questions, **options), {}).warnings]


def test_the_real_edition_may_be_published():
    found = examine(read_edition(FIXTURES, "2026"), {})

    assert found.errors == ()
    assert {each.reason for each in found.warnings} == {"la référence juridique est à vérifier"}


def test_a_whole_question_is_blameless():
    assert errors(question("Q-01")) == warnings(question("Q-01")) == []


def test_everything_is_said_at_once_in_the_order_of_the_screen():
    found = errors(
        question("Q-01", applies_when="answer(Q-99) == 'oui'"),
        question("Q-02", reference=" "),
        question("Q-03", weight=Decimal(0)),
        question("Q-04", "number", minimum=Decimal(0), thresholds=(threshold("gte", "1", "5"),)),
    )

    assert [line.partition(" : ")[0] for line in found] == ["Q-01", "Q-02", "Q-03", "Q-04"]


def test_a_question_that_nobody_can_see_is_an_error():
    (found,) = errors(
        question("Q-01"), question("Q-02", applies_when="answer(Q-01) == 'oui' and answer(Q-01) == 'non'")
    )

    assert found == "Q-02 : sa condition ne peut jamais être vraie : personne ne la verra"


@pytest.mark.parametrize("missing", ["reference", "accepted_example", "refused_example"])
def test_words_that_are_missing_forbid_a_mandatory_requirement_alone(missing):
    (error,) = errors(question("Q-01", **{missing: ""}))
    assert error.startswith("Q-01 : il manque ")
    assert errors(question("Q-01", level=Level.RECOMMENDED, **{missing: ""})) == []
    assert warnings(question("Q-01", level=Level.RECOMMENDED, **{missing: ""})) == [error]


def test_the_orientation_asks_about_the_service_and_needs_no_reference():
    assert errors(question("Q-01", scored=False), kind=Kind.ORIENTATION) == []


def test_a_number_that_no_threshold_covers_is_an_error_and_named():
    scale = (threshold("lte", "1", "10"), threshold("between", "0.5", "11", "20"))

    found = errors(question("Q-01", "number", minimum=Decimal(0), maximum=Decimal(20), thresholds=scale))

    assert found == ["Q-01 : aucun seuil ne couvre 10.5 : ajoutez-en un, ou terminez par « sinon »"]


def test_a_threshold_behind_another_is_never_reached():
    scale = (threshold("gte", "1", "5"), threshold("gte", "0.5", "8"), threshold("otherwise", "0"))

    assert errors(question("Q-01", "number", thresholds=scale)) == ["Q-01 : le seuil n° 2 ne peut jamais être atteint"]


def test_a_threshold_beyond_the_bounds_is_never_reached():
    scale = (threshold("gte", "1", "200"), threshold("otherwise", "0.5"))

    found = errors(question("Q-01", "number", maximum=Decimal(100), thresholds=scale, pass_score=Decimal("0.5")))

    assert found == ["Q-01 : le seuil n° 1 ne peut jamais être atteint"]


def test_a_score_that_no_answer_reaches_is_an_error():
    low = choices(("a", "0.3"), ("b", "0.6"))

    assert errors(question("Q-01", "single_choice", choices=low)) == [
        "Q-01 : aucune réponse n’atteint le score attendu, 1"
    ]
    assert errors(question("Q-01", "single_choice", choices=low, pass_score=Decimal("0.6"))) == []


def test_a_flag_that_nothing_reads_a_doubtful_reference_and_nobody_to_answer_are_warnings():
    found = warnings(
        question("Q-01", reference_confidence="medium"), question("Q-02", answered_by=""), flags={"ai": "always"}
    )

    assert found == [
        "drapeau ai : aucune condition ne le lit",
        "Q-01 : la référence juridique est à vérifier",
        "Q-02 : rien ne dit qui répond d’habitude",
    ]


def test_a_broken_question_is_told_once_and_not_asked_what_it_scores():
    without_score = replace(question("Q-01", "single_choice"), choices=choices(("a", None), ("b", "1")))

    assert errors(without_score) == ["Q-01 : le choix « a » n’a pas de score"]


def test_the_edition_of_the_tests_may_be_published():
    assert examine(small_edition(), {}).errors == ()


BOUNDS = st.decimals(min_value=-20, max_value=20, places=1)


@st.composite
def scales(draw: st.DrawFn) -> Question:
    steps = draw(st.lists(st.tuples(st.sampled_from(list(ThresholdOperator)), BOUNDS, BOUNDS)))
    low, high = draw(st.none() | BOUNDS), draw(st.none() | BOUNDS)
    if low is not None and high is not None:
        low, high = sorted([low, high])
    return question(
        "N-01",
        "number",
        minimum=low,
        maximum=high,
        thresholds=tuple(threshold(name, "1", str(min(one, two)), str(max(one, two))) for name, one, two in steps),
    )


@settings(max_examples=200, deadline=None)
@given(asked=scales(), number=st.decimals(min_value=-30, max_value=30, places=2))
def test_no_number_reaches_what_is_said_unreached_and_each_is_covered_when_none_is_said_not_to_be(asked, number):
    low, high = asked.minimum, asked.maximum
    if (low is None or number >= low) and (high is None or number <= high):
        place = reached_threshold(asked, number)
        assert place not in unreached(asked)
        assert place is not None or not asked.thresholds or uncovered(asked) is not None
    missing = uncovered(asked)
    assert missing is None or reached_threshold(asked, missing) is None


def test_representatives_stay_within_the_bounds():
    assert representatives([Decimal(5)], Decimal(0), Decimal(5)) == [Decimal(0), Decimal("2.5"), Decimal(5)]
    assert representatives([], None, None) == [Decimal(0)]
