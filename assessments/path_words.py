"""What one step of the path to the threshold asks for, in plain French: always what is to be true first."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.answer_words import quoted_choices
from questionnaires import engine
from questionnaires.engine import QuestionType, ThresholdOperator
from ui.formats import long_date, number_in_words


def advice(question: engine.Question, step: engine.Step, result: engine.QuestionResult, today: date) -> str:
    """« Si votre service le fait, répondez « Oui ». » Its proof is told apart."""
    if question.type is QuestionType.FILE:
        return _("Déposez la pièce demandée.")
    if step.answer is None:
        return _("Votre réponse convient : il n’y manque que sa preuve.")
    if step.is_free:
        return _("Répondez selon votre situation : toute réponse vraie convient.")
    if isinstance(step.answer, frozenset):
        return _ticks(question, step.answer)
    if question.thresholds and all(_satisfies(question, each) for each in question.thresholds):
        return _("Indiquez la valeur réelle : chacune convient.")
    return _if_true(question, step, result) % {"answer": _expected(question, step, today)}


def _if_true(question: engine.Question, step: engine.Step, result: engine.QuestionResult) -> str:
    """The condition comes first, and says « désormais » where the team answered otherwise."""
    was_answered = result.state is engine.State.ANSWERED
    if question.type is QuestionType.YES_NO and step.answer == "oui":
        return (
            _("Si votre service le fait désormais, répondez %(answer)s.")
            if was_answered
            else _("Si votre service le fait, répondez %(answer)s.")
        )
    if question.type is QuestionType.TEXT:
        return _("Si votre service le fait, décrivez-le : %(answer)s.")
    if question.type in {QuestionType.NUMBER, QuestionType.DATE}:
        return (
            _("Si c’est vrai désormais, indiquez %(answer)s.")
            if was_answered
            else _("Si c’est vrai, indiquez %(answer)s.")
        )
    return (
        _("Si c’est vrai désormais, répondez %(answer)s.") if was_answered else _("Si c’est vrai, répondez %(answer)s.")
    )


def _expected(question: engine.Question, step: engine.Step, today: date) -> str:
    match question.type:
        case QuestionType.YES_NO | QuestionType.SINGLE_CHOICE:
            return _(" ou ").join(quoted_choices(question, [value]) for value in _in_order(question, step.choices))
        case QuestionType.NUMBER:
            return _(" ou ").join(_numbers(question))
        case QuestionType.DATE:
            return _day(question, today)
        case _:
            return _length(question)


def _in_order(question: engine.Question, values: tuple[str, ...]) -> list[str]:
    return [choice.value for choice in question.choices if choice.value in values]


def _ticks(question: engine.Question, answer: frozenset[str]) -> str:
    """What suffices is an example: only what is true is to be ticked."""
    forbidden = [each.value for each in question.choices if each.rule is engine.ChoiceRule.FORBIDDEN]
    choices = {"choices": quoted_choices(question, answer), "forbidden": quoted_choices(question, forbidden)}
    if forbidden:
        return (
            ngettext(
                "Cochez ce qui est vrai : %(choices)s suffit, si rien de ceci ne l’est : %(forbidden)s.",
                "Cochez ce qui est vrai : %(choices)s suffisent, si rien de ceci ne l’est : %(forbidden)s.",
                len(answer),
            )
            % choices
        )
    return (
        ngettext(
            "Cochez ce qui est vrai : %(choices)s suffit.",
            "Cochez ce qui est vrai : %(choices)s suffisent.",
            len(answer),
        )
        % choices
    )


_SPANS = {
    ThresholdOperator.GTE: gettext_lazy("au moins %(low)s"),
    ThresholdOperator.LTE: gettext_lazy("au plus %(low)s"),
    ThresholdOperator.GT: gettext_lazy("plus de %(low)s"),
    ThresholdOperator.LT: gettext_lazy("moins de %(low)s"),
    ThresholdOperator.BETWEEN: gettext_lazy("entre %(low)s et %(high)s"),
    ThresholdOperator.OTHERWISE: gettext_lazy("une valeur en dehors des autres paliers"),
}


_ONE_SIDED = frozenset(_SPANS) - {ThresholdOperator.BETWEEN, ThresholdOperator.OTHERWISE}


def _satisfies(question: engine.Question, threshold: engine.Threshold) -> bool:
    return threshold.score >= engine.asked_score(question)


def _numbers(question: engine.Question) -> list[str]:
    """The steps of the scale that satisfy; the bounds of the question where it has no scale."""
    # « Au moins 70 ou au moins 50 » says no more than « au moins 50 »: a scale is read from its hardest step down.
    easiest = {
        each.operator if each.operator in _ONE_SIDED else index: each
        for index, each in enumerate(question.thresholds)
        if _satisfies(question, each)
    }
    if easiest:
        return [str(_SPANS[each.operator]) % _bounds(question, each.low, each.high) for each in easiest.values()]
    bounds = _bounds(question, question.minimum, question.maximum)
    if question.minimum is not None and question.maximum is not None:
        return [_("entre %(low)s et %(high)s") % bounds]
    if question.minimum is not None:
        return [_("au moins %(low)s") % bounds]
    return [_("au plus %(high)s") % bounds if question.maximum is not None else _("un nombre")]


def _bounds(question: engine.Question, low: Decimal | None, high: Decimal | None) -> dict[str, str]:
    return {
        name: number_in_words(bound, question.unit) if bound is not None else ""
        for name, bound in (("low", low), ("high", high))
    }


def _day(question: engine.Question, today: date) -> str:
    if question.max_age_months is not None and question.score_old < engine.asked_score(question):
        oldest = engine.months_before(today, question.max_age_months)
        return _("une date à partir du %(day)s") % {"day": long_date(oldest)}
    if question.not_before_today:
        return _("une date à venir")
    return _("une date passée") if question.not_after_today else _("une date")


def _length(question: engine.Question) -> str:
    if question.min_length and question.max_length:
        return _("de %(minimum)d à %(maximum)d caractères") % {
            "minimum": question.min_length,
            "maximum": question.max_length,
        }
    if question.min_length:
        return _("%(minimum)d caractères au moins") % {"minimum": question.min_length}
    return _("en quelques phrases")
