"""Which answers of a question reach the score that it asks for."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from questionnaires.engine.conditions import Value
from questionnaires.engine.definitions import ChoiceRule, Question, QuestionType, Scoring
from questionnaires.engine.scoring import ONE, score_answer

# Between two bounds of a scale there may be a step of its own; a number typed has rarely more decimals.
_NEXT = Decimal("0.01")


def asked_score(question: Question) -> Decimal:
    """The score under which a mandatory question stands as a gap (rule 13)."""
    return ONE if question.pass_score is None else question.pass_score


def is_satisfied_by(question: Question, value: Value, today: date) -> bool:
    """Whether this answer leaves no gap: any one does where the question is not scored."""
    return not question.scored or score_answer(question, value, today) >= asked_score(question)


def satisfying_answers(question: Question, today: date, current: Value | None = None) -> tuple[Value, ...]:
    """Answers that satisfy the question, the least demanding first; empty when none does, and for a file (rule 3).

    Every one that does for a choice; some of them for a number, a date or a text, of which there is no end; for a
    multiple choice, what is ticked now with as few changes as its rules need.
    """
    answers = dict.fromkeys(_candidates(question, today, current))
    satisfying = [each for each in answers if is_satisfied_by(question, each, today)]
    if question.type is QuestionType.MULTIPLE_CHOICE or not question.scored:
        return tuple(satisfying)
    return tuple(sorted(satisfying, key=lambda each: score_answer(question, each, today)))


def _candidates(question: Question, today: date, current: Value | None) -> Iterator[Value]:
    match question.type:
        case QuestionType.YES_NO | QuestionType.SINGLE_CHOICE:
            yield from (choice.value for choice in question.choices)
        case QuestionType.MULTIPLE_CHOICE:
            yield from _tickings(question, current if isinstance(current, frozenset) else frozenset())
        case QuestionType.NUMBER:
            yield from _numbers(question)
        case QuestionType.DATE:
            yield today
        case QuestionType.TEXT:
            yield "x" * max(question.min_length or 1, 1)
        case QuestionType.FILE:
            return


def _tickings(question: Question, ticked: frozenset[str]) -> Iterator[frozenset[str]]:
    """What is ticked, then with one best choice more each time; the same from what the rules oblige to tick alone."""
    required = frozenset(each.value for each in question.choices if each.rule is ChoiceRule.REQUIRED)
    forbidden = frozenset(each.value for each in question.choices if each.rule is ChoiceRule.FORBIDDEN)
    any_of = frozenset(each.value for each in question.choices if each.rule is ChoiceRule.REQUIRED_ANY)
    # Best first, and what counts among equals: one of those of which one is needed.
    best = sorted(question.choices, key=lambda each: (-(each.score or 0), each.value not in any_of))
    allowed = [each.value for each in best if each.value not in forbidden]
    needed = [value for value in allowed if value in any_of][:1]
    for start in (ticked - forbidden | required, required):
        for first in (start, start | frozenset(needed)):
            if first:
                yield first
            grown = first
            for value in allowed if question.scoring is not Scoring.MIN or not first else ():
                grown |= {value}
                yield grown
    if not question.scored:
        yield from (frozenset({value}) for value in allowed)


def _numbers(question: Question) -> Iterator[Decimal]:
    bounds = [question.minimum, question.maximum, Decimal(0)]
    for threshold in question.thresholds:
        bounds += [threshold.low, threshold.high]
    for bound in bounds:
        if bound is not None:
            yield from (bound, bound + _NEXT, bound - _NEXT)
            # Whole numbers around it: nobody has « 2,01 » people.
            yield from (bound + 1, bound - 1)
