"""Answers, scores and objections in plain French, for every page and for the report."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.answer_states import AnswerState
from questionnaires import engine
from questionnaires.engine import ThresholdOperator
from ui.formats import NO_BREAK_SPACE, long_date, number_in_words, percent


def answer_in_words(question: engine.Question, state: AnswerState) -> str:
    """What was answered, as a person reads it; never empty. The reason of an N/A and the comment stand apart.

    « Oui », « Application iOS ; Application Android », « 99,5 % », « 3 jours », « 22 novembre 2026 ». A file
    question is answered by its files. Raises engine.InvalidAnswer on a value that its question cannot hold.
    """
    if state.not_applicable:
        return _("Non applicable")
    if question.type is engine.QuestionType.FILE:
        return _files_in_words(len(state.files))
    value = engine.parse_value(question, state.value)
    if value is None:
        return _("Pas de réponse")
    return _value_in_words(question, value)


def objection_sentence(objection: engine.Objection) -> str:
    """What is wrong with an answer that was saved all the same, and what is expected."""
    return _OBJECTIONS[objection.code](objection.params)


def how_sentence(reason: engine.Reason, question: engine.Question) -> str:
    """Why a question has its score; `question` names the choices and the unit that the reason cites."""
    if reason.code in _OBJECTIONS:
        sentence = objection_sentence(engine.Objection(code=reason.code, params=reason.params))
        return _("%(sentence)s Le score est donc nul.") % {"sentence": sentence}
    if reason.code in _PLAIN_REASONS:
        return str(_PLAIN_REASONS[reason.code])
    return _REASONS[reason.code](reason.params, question)


def _files_in_words(count: int) -> str:
    if count == 0:
        return _("Aucun fichier joint")
    return ngettext("%(count)d fichier joint", "%(count)d fichiers joints", count) % {"count": count}


def _value_in_words(question: engine.Question, value: engine.Value) -> str:
    if isinstance(value, Decimal):
        return number_in_words(value, question.unit)
    if isinstance(value, frozenset):
        return f"{NO_BREAK_SPACE}; ".join(_labels(question, value))
    if isinstance(value, str):
        return value if question.type is engine.QuestionType.TEXT else _labels(question, [value])[0]
    return long_date(value)


def _labels(question: engine.Question, values: Iterable[str]) -> list[str]:
    """The labels of some choices, in the order of the screen."""
    wanted = frozenset(values)
    return [choice.label for choice in question.choices if choice.value in wanted]


def quoted_choices(question: engine.Question, values: Iterable[str]) -> str:
    return ", ".join(f"«{NO_BREAK_SPACE}{label}{NO_BREAK_SPACE}»" for label in _labels(question, values))


def _too_short(params: dict[str, Any]) -> str:
    missing = params["minimum"] - params["actual"]
    return ngettext(
        "Il manque %(missing)d caractère : le texte en compte %(actual)d, il en faut au moins %(minimum)d.",
        "Il manque %(missing)d caractères : le texte en compte %(actual)d, il en faut au moins %(minimum)d.",
        missing,
    ) % {**params, "missing": missing}


def _too_long(params: dict[str, Any]) -> str:
    extra = params["actual"] - params["maximum"]
    return ngettext(
        "Il y a %(extra)d caractère de trop : le texte en compte %(actual)d, le maximum est de %(maximum)d.",
        "Il y a %(extra)d caractères de trop : le texte en compte %(actual)d, le maximum est de %(maximum)d.",
        extra,
    ) % {**params, "extra": extra}


def _below_minimum(params: dict[str, Any]) -> str:
    return _("La valeur attendue est d’au moins %(minimum)s.") % {"minimum": number_in_words(params["minimum"])}


def _above_maximum(params: dict[str, Any]) -> str:
    return _("La valeur attendue est d’au plus %(maximum)s.") % {"maximum": number_in_words(params["maximum"])}


def _in_the_future(params: dict[str, Any]) -> str:
    return _("Cette date est à venir : la date attendue est au plus tard le %(today)s.") % {
        "today": long_date(params["today"])
    }


def _in_the_past(params: dict[str, Any]) -> str:
    return _("Cette date est passée : la date attendue est au plus tôt le %(today)s.") % {
        "today": long_date(params["today"])
    }


_OBJECTIONS: dict[str, Callable[[dict[str, Any]], str]] = {
    "too_short": _too_short,
    "too_long": _too_long,
    "below_minimum": _below_minimum,
    "above_maximum": _above_maximum,
    "in_the_future": _in_the_future,
    "in_the_past": _in_the_past,
}


_PLAIN_REASONS: dict[str, Promise] = {
    "no_threshold": gettext_lazy("Le nombre n’entre dans aucun palier : le score est nul."),
    "within_bounds": gettext_lazy("Le nombre est dans les limites attendues."),
    "in_time": gettext_lazy("La date respecte le délai attendu."),
    "accepted": gettext_lazy("Le texte respecte la longueur attendue."),
    "file_present": gettext_lazy("Un fichier est joint."),
    "hidden": gettext_lazy("L’exigence est masquée : elle ne compte pas."),
    "not_applicable": gettext_lazy("L’exigence est déclarée non applicable : elle ne compte pas dans le score."),
    "not_scored": gettext_lazy("Cette question n’est pas notée."),
    "unanswered": gettext_lazy("La question est sans réponse : elle compte pour zéro."),
}


_SCORINGS: dict[engine.Scoring, Promise] = {
    engine.Scoring.SUM: gettext_lazy("Les parts des choix cochés s’additionnent, jusqu’au score entier."),
    engine.Scoring.MAX: gettext_lazy("Le meilleur des choix cochés donne le score."),
    engine.Scoring.MIN: gettext_lazy("Le moins bon des choix cochés donne le score."),
    engine.Scoring.RULES_ONLY: gettext_lazy("Les choix cochés respectent la règle : le score est entier."),
}


_STEPS: dict[ThresholdOperator, Promise] = {
    ThresholdOperator.GTE: gettext_lazy("Palier atteint : au moins %(low)s."),
    ThresholdOperator.LTE: gettext_lazy("Palier atteint : au plus %(low)s."),
    ThresholdOperator.GT: gettext_lazy("Palier atteint : plus de %(low)s."),
    ThresholdOperator.LT: gettext_lazy("Palier atteint : moins de %(low)s."),
    ThresholdOperator.BETWEEN: gettext_lazy("Palier atteint : entre %(low)s et %(high)s."),
    ThresholdOperator.OTHERWISE: gettext_lazy("Le nombre est en dehors des paliers prévus."),
}


def _chosen(params: dict[str, Any], question: engine.Question) -> str:
    return _("Le score est celui du choix %(choice)s.") % {"choice": quoted_choices(question, [params["value"]])}


def _ticked(params: dict[str, Any], question: engine.Question) -> str:
    return str(_SCORINGS[params["scoring"]])


def _missing_required(params: dict[str, Any], question: engine.Question) -> str:
    return ngettext(
        "Le choix %(choices)s est indispensable et n’est pas coché : le score est nul.",
        "Les choix %(choices)s sont indispensables et ne sont pas cochés : le score est nul.",
        len(params["values"]),
    ) % {"choices": quoted_choices(question, params["values"])}


def _none_of_required(params: dict[str, Any], question: engine.Question) -> str:
    return _("Aucun des choix dont un au moins est attendu n’est coché (%(choices)s) : le score est nul.") % {
        "choices": quoted_choices(question, params["values"])
    }


def _forbidden_ticked(params: dict[str, Any], question: engine.Question) -> str:
    return ngettext(
        "Le choix %(choices)s est rédhibitoire : le score est nul.",
        "Les choix %(choices)s sont rédhibitoires : le score est nul.",
        len(params["values"]),
    ) % {"choices": quoted_choices(question, params["values"])}


def _reached(params: dict[str, Any], question: engine.Question) -> str:
    threshold: engine.Threshold = params["threshold"]
    bounds = {
        name: number_in_words(bound, question.unit) if bound is not None else ""
        for name, bound in (("low", threshold.low), ("high", threshold.high))
    }
    return str(_STEPS[threshold.operator]) % bounds


def _too_old(params: dict[str, Any], question: engine.Question) -> str:
    return _("La date est trop ancienne : elle devait être au plus tôt le %(oldest)s.") % {
        "oldest": long_date(params["oldest"])
    }


def correction_in_words(*, computed: Decimal | None, corrected: Decimal, reason: str) -> str:
    """What a reviewer made of the computed score, and why. Scores from 0 to 1."""
    return _("Score corrigé de %(computed)s à %(corrected)s par l’instruction : %(reason)s") % {
        "computed": percent(computed),
        "corrected": percent(corrected),
        "reason": reason,
    }


def _ruled(params: dict[str, Any], question: engine.Question) -> str:
    return _("Le score a été corrigé à l’instruction ; le score calculé était de %(computed)s.") % {
        "computed": percent(params["computed"])
    }


_REASONS: dict[str, Callable[[dict[str, Any], engine.Question], str]] = {
    "choice": _chosen,
    "ticked": _ticked,
    "missing_required": _missing_required,
    "none_of_required": _none_of_required,
    "forbidden_ticked": _forbidden_ticked,
    "threshold": _reached,
    "too_old": _too_old,
    "ruling": _ruled,
}
