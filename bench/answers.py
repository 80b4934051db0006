"""A good answer to any question, so that a dossier can be filled to the last one."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from questionnaires import engine
from questionnaires.engine import Choice, ChoiceRule, Question, QuestionType, ThresholdOperator

A_SENTENCE = "La procédure est écrite, connue de l’équipe, revue chaque année et vérifiée par un tiers indépendant. "


def good_value(question: Question) -> object:
    """A value as it is stored (JSON): the best one there is, None for a question that takes files only."""
    match question.type:
        case QuestionType.YES_NO | QuestionType.SINGLE_CHOICE:
            return max(question.choices, key=_worth).value
        case QuestionType.MULTIPLE_CHOICE:
            return [choice.value for choice in question.choices if choice.rule is not ChoiceRule.FORBIDDEN]
        case QuestionType.NUMBER:
            return str(_number(question))
        case QuestionType.DATE:
            return (timezone.localdate() + timedelta(days=30 if question.not_before_today else -30)).isoformat()
        case QuestionType.TEXT:
            return (A_SENTENCE * 3 + "x" * (question.min_length or 0))[: question.max_length or None]
    return None


def _worth(choice: Choice) -> tuple[Decimal, bool]:
    """Where nothing is scored, as in the orientation, « oui » opens the most questions."""
    return choice.score or Decimal(0), choice.value == "oui"


def _number(question: Question) -> Decimal:
    best = max(question.thresholds, key=lambda threshold: threshold.score, default=None)
    if best is None or best.low is None:
        return question.minimum or Decimal(1)
    step = {ThresholdOperator.GT: 1, ThresholdOperator.LT: -1}.get(best.operator, 0)
    return best.low + step


def all_questions(definition: engine.Definition) -> list[Question]:
    return list(definition.questions.values())
