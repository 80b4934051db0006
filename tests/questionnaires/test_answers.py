"""Answers: what is a value, what is no answer at all, what is wrong with a value that was accepted."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from questionnaires.engine import InvalidAnswer, Question, Value, parse_value, why_unacceptable
from tests.questionnaires.builders import TODAY, choices, question

ONE = question("K", "single_choice", choices=choices(("a", "1"), ("b", "0")))
MANY = question("K", "multiple_choice", choices=choices(("a", "1"), ("b", "0")))
NUMBER, DAY, TEXT, FILE = (question("K", kind) for kind in ("number", "date", "text", "file"))


@pytest.mark.parametrize(
    ("asked", "raw", "value"),
    [
        (question("K"), "oui", "oui"),
        (ONE, "b", "b"),
        (MANY, ["b", "a", "b"], frozenset({"a", "b"})),
        (NUMBER, 12, Decimal(12)),
        (NUMBER, 0.1, Decimal("0.1")),
        (NUMBER, Decimal("1.50"), Decimal("1.5")),
        (NUMBER, "-12.5", Decimal("-12.5")),
        (NUMBER, 0, Decimal(0)),
        (DAY, "2028-02-29", date(2028, 2, 29)),
        (DAY, date(2026, 1, 2), date(2026, 1, 2)),
        (TEXT, "  une\r\ndeux\rtrois  ", "une\ndeux\ntrois"),
    ],
)
def test_a_stored_answer_becomes_a_typed_value(asked: Question, raw: object, value: Value) -> None:
    assert parse_value(asked, raw) == value


@pytest.mark.parametrize("asked", [question("K"), ONE, MANY, NUMBER, DAY, TEXT])
@pytest.mark.parametrize("raw", [None, "", "  ", "\r\n\t"])
def test_nothing_is_no_answer(asked: Question, raw: object) -> None:
    assert parse_value(asked, raw) is None


def test_an_empty_list_of_ticks_is_no_answer() -> None:
    assert parse_value(MANY, []) is None


@pytest.mark.parametrize(
    ("asked", "raw"),
    [
        (question("K"), "peut_etre"),
        (question("K"), "Oui"),
        (question("K"), True),
        (question("K"), ["oui"]),
        (ONE, "c"),
        (ONE, 1),
        (MANY, "a"),
        (MANY, ["a", "c"]),
        (MANY, ["a", None]),
        (MANY, {"a": True}),
        (NUMBER, True),
        (NUMBER, "douze"),
        (NUMBER, "1e3"),
        (NUMBER, "1,5"),
        (NUMBER, "١"),
        (NUMBER, [1]),
        (NUMBER, float("nan")),
        (NUMBER, Decimal("Infinity")),
        (DAY, "22/11/2026"),
        (DAY, "2026-11-31"),
        (DAY, "20261122"),
        (DAY, "2026-W47-7"),
        (DAY, "2026-11-22T00:00:00"),
        (DAY, 20261122),
        (DAY, datetime(2026, 11, 22, tzinfo=UTC)),
        (TEXT, 12),
        (TEXT, ["texte"]),
        (FILE, "politique.pdf"),
        (FILE, ""),
        (FILE, []),
    ],
)
def test_what_is_no_answer_to_the_question_is_refused(asked: Question, raw: object) -> None:
    with pytest.raises(InvalidAnswer) as caught:
        parse_value(asked, raw)

    assert caught.value.key == "K"


def test_a_file_question_has_no_value_of_its_own() -> None:
    assert parse_value(FILE, None) is None


# Rule 6: such answers are accepted, and what is wrong with them is told at once.
@pytest.mark.parametrize(
    ("asked", "value", "code", "params"),
    [
        (question("K", "text", min_length=120), "x" * 80, "too_short", {"minimum": 120, "actual": 80}),
        (question("K", "text", max_length=3), "éàüß", "too_long", {"maximum": 3, "actual": 4}),
        (
            question("K", "number", minimum=Decimal(1)),
            Decimal("0.9"),
            "below_minimum",
            {"minimum": 1, "actual": Decimal("0.9")},
        ),
        (question("K", "number", maximum=Decimal(9)), Decimal(10), "above_maximum", {"maximum": 9, "actual": 10}),
        (question("K", "date", not_after_today=True), date(2026, 11, 23), "in_the_future", {"today": TODAY}),
        (question("K", "date", not_before_today=True), date(2026, 11, 21), "in_the_past", {"today": TODAY}),
    ],
)
def test_a_broken_rule_is_told_with_its_numbers(
    asked: Question, value: Value, code: str, params: dict[str, Any]
) -> None:
    (objection,) = why_unacceptable(asked, value, TODAY)

    assert (objection.code, objection.params) == (code, params)


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (question("K", "text", min_length=3, max_length=3), "abc"),
        (question("K", "number", minimum=Decimal(1), maximum=Decimal(1)), Decimal("1.0")),
        (question("K", "date", not_after_today=True, not_before_today=True), TODAY),
        (question("K", "text"), "x"),
        (question("K"), "non"),
    ],
)
def test_bounds_are_inside(asked: Question, value: Value) -> None:
    assert why_unacceptable(asked, value, TODAY) == []


def test_a_line_break_counts_once_and_outer_space_not_at_all() -> None:
    asked = question("K", "text", min_length=5, max_length=5)
    value = parse_value(asked, "  ab\r\ncd \n")

    assert value is not None
    assert why_unacceptable(asked, value, TODAY) == []
