"""Numbers that stand for all others: where the scale of a number question may say something else."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from questionnaires.engine.definitions import Question
from questionnaires.engine.scoring import reached_threshold


def representatives(bounds: Iterable[Decimal], low: Decimal | None, high: Decimal | None) -> list[Decimal]:
    """The bounds, what lies between two of them, and what lies beyond; those that `low` and `high` allow.

    Whatever compares a number with these bounds says the same of any number as of one of these.
    """
    marks = sorted({*bounds, *(bound for bound in (low, high) if bound is not None)})
    if not marks:
        return [Decimal(0)]
    between = [(one + other) / 2 for one, other in pairwise(marks)]
    found = sorted({marks[0] - 1, *marks, *between, marks[-1] + 1})
    return [each for each in found if (low is None or each >= low) and (high is None or each <= high)]


def unreached(question: Question) -> list[int]:
    """The thresholds that no number within the bounds reaches first, by position from 0."""
    reached = {reached_threshold(question, number) for number in _numbers(question)}
    return [place for place in range(len(question.thresholds)) if place not in reached]


def uncovered(question: Question) -> Decimal | None:
    """A number within the bounds that no threshold covers; None when there is none, and without thresholds."""
    if not question.thresholds:
        return None
    return next((number for number in _numbers(question) if reached_threshold(question, number) is None), None)


def _numbers(question: Question) -> list[Decimal]:
    bounds = [bound for each in question.thresholds for bound in (each.low, each.high) if bound is not None]
    return representatives(bounds, question.minimum, question.maximum)
