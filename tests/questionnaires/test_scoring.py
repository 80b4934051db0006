"""The score of one answer, type by type."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from questionnaires.engine import Choice, Scoring, parse_value, score_answer
from questionnaires.engine.scoring import judge_answer, months_before
from tests.questionnaires.builders import TODAY, choices, question, threshold

TICKS = choices(("a", "0.5"), ("b", "0.4"), ("c", "0.3"), ("none", "0"))


def score(raw: object, kind: str, **fields: Any) -> Decimal:
    asked = question("K", kind, **fields)
    value = parse_value(asked, raw)
    assert value is not None
    return score_answer(asked, value, TODAY)


# Rule 1
def test_yes_is_worth_one_and_no_nothing_where_no_fraction_is_given() -> None:
    bare = (Choice(value="oui", label="Oui"), Choice(value="non", label="Non"))

    assert score("oui", "yes_no", choices=bare) == 1
    assert score("non", "yes_no", choices=bare) == 0
    assert score("non", "yes_no", choices=choices(("oui", "0"), ("non", "1"))) == 1


def test_a_choice_is_worth_its_fraction() -> None:
    assert score("b", "single_choice", choices=TICKS) == Decimal("0.4")


# Rule 7
@pytest.mark.parametrize(
    ("scoring", "ticked", "expected"),
    [
        (Scoring.SUM, ["b", "c"], "0.7"),
        (Scoring.SUM, ["a", "b", "c"], "1"),
        (Scoring.SUM, ["none", "c"], "0.3"),
        (Scoring.MAX, ["b", "c"], "0.4"),
        (Scoring.MIN, ["b", "c"], "0.3"),
        (Scoring.MIN, ["a", "none"], "0"),
        (Scoring.RULES_ONLY, ["none"], "1"),
    ],
)
def test_ticks_are_summed_with_a_cap_or_the_best_or_the_worst_counts(
    scoring: Scoring, ticked: list[str], expected: str
) -> None:
    assert score(ticked, "multiple_choice", choices=TICKS, scoring=scoring) == Decimal(expected)


@pytest.mark.parametrize("scoring", list(Scoring))
@pytest.mark.parametrize(
    ("ticked", "broken"),
    [
        (["must"], "none_of_required"),
        (["one"], "missing_required"),
        (["must", "one", "never"], "forbidden_ticked"),
        (["must", "other"], None),
        (["must", "one", "other"], None),
    ],
)
def test_a_broken_rule_of_ticks_gives_nothing_in_every_mode(
    scoring: Scoring, ticked: list[str], broken: str | None
) -> None:
    ruled = choices(
        ("must", "1", "required"),
        ("one", "1", "required_any"),
        ("other", "1", "required_any"),
        ("never", "1", "forbidden"),
    )
    asked = question("K", "multiple_choice", choices=ruled, scoring=scoring)

    earned, reason = judge_answer(asked, frozenset(ticked), TODAY)

    assert earned == (0 if broken else 1)
    assert reason.code == (broken or "ticked")


# Rule 12
@pytest.mark.parametrize(
    ("number", "expected"),
    [("5.99", "0"), ("6", "1"), ("12", "1"), ("12.01", "0.5"), ("36", "0.5"), ("36.5", "0")],
)
def test_thresholds_apply_literally_and_the_first_from_the_top_decides(number: str, expected: str) -> None:
    scale = (threshold("between", "1", "6", "12"), threshold("between", "0.5", "12", "36"), threshold("otherwise", "0"))

    assert score(number, "number", thresholds=scale) == Decimal(expected)


@pytest.mark.parametrize(
    ("operator", "below", "at", "above"),
    [("gte", 0, 1, 1), ("gt", 0, 0, 1), ("lte", 1, 1, 0), ("lt", 1, 0, 0)],
)
def test_each_operator_treats_its_bound_as_it_says(operator: str, below: int, at: int, above: int) -> None:
    scale = (threshold(operator, "1", "10"),)

    assert [score(number, "number", thresholds=scale) for number in (9.9, 10, 10.1)] == [below, at, above]


def test_a_number_without_scale_is_worth_one_within_its_bounds() -> None:
    assert score(5, "number", minimum=Decimal(0), maximum=Decimal(10)) == 1


# Rule 6
@pytest.mark.parametrize(
    ("raw", "kind", "fields"),
    [
        (101, "number", {"maximum": Decimal(100), "thresholds": (threshold("gte", "1", "80"),)}),
        (-1, "number", {"minimum": Decimal(0), "thresholds": (threshold("lte", "1", "5"),)}),
        ("2026-11-23", "date", {"not_after_today": True}),
        ("2026-11-21", "date", {"not_before_today": True, "score_old": Decimal("0.3")}),
        ("trop court", "text", {"min_length": 11}),
        ("trop long", "text", {"max_length": 8}),
    ],
)
def test_an_answer_that_breaks_its_rule_is_worth_nothing(raw: object, kind: str, fields: dict[str, Any]) -> None:
    assert score(raw, kind, **fields) == 0


def test_a_text_within_its_length_is_worth_one() -> None:
    assert score("assez long", "text", min_length=10, max_length=10) == 1


# Rule 11
@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 22), 12, date(2025, 11, 22)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2028, 2, 29), 48, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 18, date(2025, 6, 30)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
        (date(1, 2, 1), 36, date.min),
    ],
)
def test_months_are_counted_on_the_calendar_and_clamped(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("2025-11-21", "0.3"), ("2025-11-22", "1"), ("2026-11-22", "1"), ("1900-01-01", "0.3")],
)
def test_the_limit_day_and_today_are_in_time(raw: str, expected: str) -> None:
    fields = {"not_after_today": True, "max_age_months": 12, "score_old": Decimal("0.3")}

    assert score(raw, "date", **fields) == Decimal(expected)


def test_at_a_months_end_the_limit_is_the_last_day_that_exists() -> None:
    asked = question("K", "date", max_age_months=1, score_old=Decimal(0))

    assert score_answer(asked, date(2026, 2, 28), date(2026, 3, 31)) == 1
    assert score_answer(asked, date(2026, 2, 27), date(2026, 3, 31)) == 0


def test_a_date_in_time_is_worth_what_its_question_says() -> None:
    assert score("2026-11-22", "date", score_ok=Decimal("0.8")) == Decimal("0.8")
