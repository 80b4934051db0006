"""What the fields of a questionnaire are called and what their values say, in French."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import models as database
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questionnaires import engine, models
from ui.formats import about_minutes, number_in_words

# Who usually answers, by the code that questions hold.
ROLES: Mapping[str, Promise | str] = {
    "product": gettext_lazy("produit"),
    "design": gettext_lazy("conception"),
    "technical": gettext_lazy("technique"),
    "security": gettext_lazy("sécurité"),
    "hosting": gettext_lazy("hébergement"),
    "legal": gettext_lazy("juridique"),
    "dpo": gettext_lazy("délégué à la protection des données"),
    "medical": gettext_lazy("médical"),
    "support": gettext_lazy("assistance"),
    "management": gettext_lazy("direction"),
}

CONFIDENCES: Mapping[str, Promise | str] = {
    "high": gettext_lazy("référence sûre"),
    "medium": gettext_lazy("référence à vérifier"),
}

# Where the fields of the engine's dataclasses stand in the database: their names are given there, once.
_ROWS: Mapping[type, tuple[type[database.Model], ...]] = {
    engine.Questionnaire: (models.Version, models.Questionnaire),
    engine.Part: (models.Part,),
    engine.Theme: (models.Theme,),
    engine.Question: (models.Question,),
    engine.Choice: (models.Choice,),
    engine.Threshold: (models.Threshold,),
    engine.Outcome: (models.Outcome,),
    engine.Edition: (models.Edition,),
    engine.Flag: (models.Flag,),
}
_OTHER_NAMES = {"version": "number", "when": "condition"}

_ENUMS: Mapping[type[StrEnum], type[database.TextChoices]] = {
    engine.QuestionType: models.Question.Type,
    engine.Level: models.Question.Level,
    engine.Scoring: models.Question.Scoring,
    engine.ChoiceRule: models.Choice.Rule,
    engine.ThresholdOperator: models.Threshold.Operator,
    engine.Kind: models.Questionnaire.Kind,
}

_FRACTIONS = {"score", "pass_score", "score_ok", "score_old"}
_CODES = {"answered_by": ROLES, "reference_confidence": CONFIDENCES}


def field_name(of: type, name: str) -> str:
    """What a field of one of the engine's dataclasses is called on the screen."""
    column = _OTHER_NAMES.get(name, name)
    for row in _ROWS[of]:
        known = {each.name: each for each in row._meta.get_fields() if isinstance(each, database.Field)}
        if column in known:
            return str(known[column].verbose_name)
    return name


def value_in_words(name: str, value: Any) -> str:
    """What one field says; blank for nothing."""
    if value is None or value == "":
        return ""
    if name in _CODES:
        return str(_CODES[name].get(value, value))
    if name == "minutes":
        return about_minutes(value) if value else ""
    if isinstance(value, tuple):
        return "\n".join(value) if name == "next_steps" else ", ".join(value)
    return _of_a_type(name, value)


def _of_a_type(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, StrEnum):
        return str(_ENUMS[type(value)](value.value).label)
    if isinstance(value, Decimal):
        return fraction(value) if name in _FRACTIONS else number_in_words(value)
    return str(value)


def fraction(value: Decimal) -> str:
    """« 60 % », « 33,3 % »: exact, so that two that differ never read alike."""
    return number_in_words(value * 100, "%")


def choice_in_words(choice: engine.Choice) -> str:
    """« Oui · 100 % · indispensable »: what a choice says and what it counts for."""
    told = [choice.label or choice.value]
    if choice.score is not None:
        told.append(fraction(choice.score))
    if choice.rule is not engine.ChoiceRule.FREE:
        told.append(value_in_words("rule", choice.rule))
    return " · ".join(told)


_STEPS: Mapping[engine.ThresholdOperator, Callable[[], str]] = {
    engine.ThresholdOperator.GTE: lambda: _("à partir de %(low)s"),
    engine.ThresholdOperator.LTE: lambda: _("jusqu’à %(low)s"),
    engine.ThresholdOperator.GT: lambda: _("plus de %(low)s"),
    engine.ThresholdOperator.LT: lambda: _("moins de %(low)s"),
    engine.ThresholdOperator.BETWEEN: lambda: _("de %(low)s à %(high)s"),
    engine.ThresholdOperator.OTHERWISE: lambda: _("sinon"),
}


def threshold_in_words(threshold: engine.Threshold, unit: str = "") -> str:
    """« à partir de 99,5 % : 100 % »: which numbers, and what they score."""
    bounds = {
        name: number_in_words(bound, unit) if bound is not None else "?"
        for name, bound in (("low", threshold.low), ("high", threshold.high))
    }
    which = _STEPS[threshold.operator]() % bounds
    return _("%(which)s : %(score)s") % {"which": which, "score": fraction(threshold.score)}
