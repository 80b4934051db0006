"""The score of one answer, from 0 to 1, and the reason for it."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import MINYEAR, date
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Any

from questionnaires.engine.answers import why_unacceptable
from questionnaires.engine.conditions import Value
from questionnaires.engine.definitions import (
    Choice,
    ChoiceRule,
    Question,
    QuestionType,
    Scoring,
    Threshold,
    ThresholdOperator,
)

ZERO = Decimal(0)
ONE = Decimal(1)

# Ours, so that whoever calls us cannot change a score by changing the decimal context of the thread.
# Fifty digits: sums of weights and fractions are exact, only the division of a mean rounds.
EXACT = Context(prec=50, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a question has its score: a code and what it needs to be told.

    Codes of answers: choice (value), ticked (scoring), missing_required (values), none_of_required
    (values), forbidden_ticked (values), threshold (threshold), no_threshold, within_bounds, in_time,
    too_old (oldest), accepted, file_present, and those of `answers.Objection`.
    Codes of states: hidden, not_applicable, not_scored, unanswered, ruling (computed).
    """

    code: str
    params: dict[str, Any] = field(default_factory=dict)


def score_answer(question: Question, value: Value, today: date) -> Decimal:
    """The fraction, 0 to 1, that a typed value earns (rules 1, 6, 7, 11 and 12)."""
    return judge_answer(question, value, today)[0]


def judge_answer(question: Question, value: Value, today: date) -> tuple[Decimal, Reason]:
    """The fraction that a typed value earns, and why."""
    for objection in why_unacceptable(question, value, today):
        return ZERO, Reason(code=objection.code, params=objection.params)
    match question.type:
        case QuestionType.MULTIPLE_CHOICE if isinstance(value, frozenset):
            return _judge_ticks(question, value)
        case QuestionType.NUMBER if isinstance(value, Decimal):
            return _judge_number(question, value)
        case QuestionType.DATE if isinstance(value, date):
            return _judge_date(question, value, today)
        case QuestionType.TEXT:
            return ONE, Reason(code="accepted")
        case _:
            return _judge_choice(question, value)


def months_before(day: date, months: int) -> date:
    """The same day so many calendar months ago, clamped to the month's end (rule 11)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < MINYEAR:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _judge_choice(question: Question, value: Value) -> tuple[Decimal, Reason]:
    (choice,) = (choice for choice in question.choices if choice.value == value)
    return _fraction(question, choice), Reason(code="choice", params={"value": choice.value})


def _fraction(question: Question, choice: Choice) -> Decimal:
    if choice.score is not None:
        return choice.score
    # Rule 1: yes = 1 and no = 0 where no fraction is given.
    return ONE if question.type is QuestionType.YES_NO and choice.value == "oui" else ZERO


def _judge_ticks(question: Question, ticked: frozenset[str]) -> tuple[Decimal, Reason]:
    if refusal := _broken_rule(question.choices, ticked):
        return ZERO, refusal
    fractions = [_fraction(question, choice) for choice in question.choices if choice.value in ticked]
    return _combined(question.scoring, fractions), Reason(code="ticked", params={"scoring": question.scoring})


def _broken_rule(choices: Iterable[Choice], ticked: frozenset[str]) -> Reason | None:
    by_rule: dict[ChoiceRule, list[str]] = {rule: [] for rule in ChoiceRule}
    for choice in choices:
        by_rule[choice.rule].append(choice.value)
    if missing := [value for value in by_rule[ChoiceRule.REQUIRED] if value not in ticked]:
        return Reason(code="missing_required", params={"values": missing})
    if (anyway := by_rule[ChoiceRule.REQUIRED_ANY]) and ticked.isdisjoint(anyway):
        return Reason(code="none_of_required", params={"values": anyway})
    if forbidden := [value for value in by_rule[ChoiceRule.FORBIDDEN] if value in ticked]:
        return Reason(code="forbidden_ticked", params={"values": forbidden})
    return None


def _combined(scoring: Scoring, fractions: list[Decimal]) -> Decimal:
    match scoring:
        case Scoring.MAX:
            return max(fractions)
        case Scoring.MIN:
            return min(fractions)
        case Scoring.RULES_ONLY:
            return ONE
        case _:
            with localcontext(EXACT):
                return min(sum(fractions, ZERO), ONE)


def _judge_number(question: Question, number: Decimal) -> tuple[Decimal, Reason]:
    if not question.thresholds:
        return ONE, Reason(code="within_bounds")
    place = reached_threshold(question, number)
    if place is None:
        return ZERO, Reason(code="no_threshold")
    threshold = question.thresholds[place]
    return threshold.score, Reason(code="threshold", params={"threshold": threshold})


def reached_threshold(question: Question, number: Decimal) -> int | None:
    """The first threshold that the number reaches, by position from 0 (rule 12); None when it reaches none."""
    return next((place for place, each in enumerate(question.thresholds) if _reaches(each, number)), None)


def _reaches(threshold: Threshold, number: Decimal) -> bool:
    low, high = threshold.low, threshold.high
    match threshold.operator:
        case ThresholdOperator.OTHERWISE:
            return True
        case ThresholdOperator.GTE:
            return low is not None and number >= low
        case ThresholdOperator.LTE:
            return low is not None and number <= low
        case ThresholdOperator.GT:
            return low is not None and number > low
        case ThresholdOperator.LT:
            return low is not None and number < low
        case ThresholdOperator.BETWEEN:
            return low is not None and high is not None and low <= number <= high


def _judge_date(question: Question, day: date, today: date) -> tuple[Decimal, Reason]:
    if question.max_age_months is not None:
        oldest = months_before(today, question.max_age_months)
        if day < oldest:
            return question.score_old, Reason(code="too_old", params={"oldest": oldest})
    return question.score_ok, Reason(code="in_time")
