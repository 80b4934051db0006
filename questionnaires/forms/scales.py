"""The rows of a question's form: its choices, and the thresholds of a number. Scores are typed in percent."""

from decimal import Decimal
from typing import Any, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questionnaires import engine
from questionnaires.models import Choice, Threshold
from ui.forms import PortalForm

# Rows to fill without a script; with one they are added as needed.
EMPTY_ROWS = 2
MAXIMUM_ROWS = 60
HUNDRED = Decimal(100)
Typed: TypeAlias = MultiValueDict[str, str]


class Number(forms.DecimalField):
    """A decimal, shown without the zeros that its column adds."""

    def __init__(self, *, decimal_places: int = 4, **more: Any) -> None:
        super().__init__(
            **more,
            required=False,
            max_digits=14,
            decimal_places=decimal_places,
            localize=True,
            error_messages={"invalid": gettext_lazy("Écrivez un nombre, par exemple 12 ou 0,5.")},
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )

    def prepare_value(self, value: Any) -> Any:
        return _plain(value) if isinstance(value, Decimal) else value


class Percent(forms.DecimalField):
    """A fraction from 0 to 1, typed and shown from 0 to 100."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            **{"required": False, **more},
            min_value=0,
            max_value=100,
            decimal_places=1,
            localize=True,
            error_messages={
                "invalid": gettext_lazy("Écrivez un nombre de 0 à 100, par exemple 50 ou 62,5."),
                "min_value": gettext_lazy("Un score ne descend pas sous 0."),
                "max_value": gettext_lazy("Un score ne dépasse pas 100."),
                "max_decimal_places": gettext_lazy("Une seule décimale, par exemple 62,5."),
            },
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )

    def prepare_value(self, value: Any) -> Any:
        return _plain(value * HUNDRED) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        typed: Decimal | None = super().clean(value)
        return None if typed is None else typed / HUNDRED


def _plain(number: Decimal) -> Decimal:
    """50, not 50.000 nor 5E+1."""
    return Decimal(format(number.normalize(), "f"))


class _Row(PortalForm):
    """`ORDER` and `DELETE` come from the formset."""

    conditional = ("score", "rule", "low", "high")

    @property
    def is_kept(self) -> bool:
        return bool(self.has_changed() or self.initial) and not self.cleaned_data.get("DELETE")


class ChoiceRow(_Row):
    value = forms.CharField(
        label=gettext_lazy("Valeur"),
        max_length=40,
        strip=False,
        error_messages={"required": gettext_lazy("Donnez une valeur à ce choix.")},
    )
    label = forms.CharField(
        label=gettext_lazy("Libellé"),
        max_length=300,
        strip=False,
        error_messages={"required": gettext_lazy("Écrivez le libellé de ce choix.")},
    )
    score = Percent(label=gettext_lazy("Score (%)"))
    # Blank is « libre »: a row that nobody filled says nothing.
    rule = forms.ChoiceField(
        label=gettext_lazy("Règle"),
        choices=[(code if code != Choice.Rule.FREE else "", label) for code, label in Choice.Rule.choices],
        required=False,
    )


class ThresholdRow(_Row):
    operator = forms.ChoiceField(
        label=gettext_lazy("Comparaison"),
        choices=[("", gettext_lazy("Choisir")), *Threshold.Operator.choices],
        error_messages={"required": gettext_lazy("Choisissez une comparaison.")},
    )
    low = Number(label=gettext_lazy("Borne"))
    high = Number(label=gettext_lazy("Seconde borne"))
    score = Percent(
        label=gettext_lazy("Score (%)"),
        required=True,
    )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        operator = typed.get("operator")
        if operator == Threshold.Operator.OTHERWISE:
            typed["low"] = typed["high"] = None
        elif typed.get("low") is None and "low" not in self.errors:
            self.add_error("low", _("Écrivez la borne de ce seuil."))
        if operator != Threshold.Operator.BETWEEN:
            typed["high"] = None
        elif typed.get("high") is None and "high" not in self.errors:
            self.add_error("high", _("« Entre » demande deux bornes."))
        return typed


class _Rows(BaseFormSet):  # type: ignore[type-arg]
    """In the order that was asked for. `ordered` needs a valid set."""

    @classmethod
    def get_ordering_widget(cls) -> Any:
        return forms.NumberInput(attrs={"class": "fr-input"})

    @property
    def ordered(self) -> list[Any]:
        kept = [row for row in self.forms if row.is_kept]
        last = len(self.forms)
        return sorted(kept, key=lambda row: row.cleaned_data.get("ORDER") or last)


class _ChoiceRows(_Rows):
    def clean(self) -> None:
        values = [row.cleaned_data.get("value") for row in self.forms if row.is_valid() and row.is_kept]
        for value in values:
            if values.count(value) > 1:
                raise ValidationError(_("Deux choix ont la même valeur, « %(value)s ».") % {"value": value})


ChoiceRows = formset_factory(
    ChoiceRow, formset=_ChoiceRows, extra=EMPTY_ROWS, can_order=True, can_delete=True, max_num=MAXIMUM_ROWS
)
ThresholdRows = formset_factory(
    ThresholdRow, formset=_Rows, extra=EMPTY_ROWS, can_order=True, can_delete=True, max_num=MAXIMUM_ROWS
)


def choice_rows(data: Typed | None, question: engine.Question) -> Any:
    initial = [
        {"value": each.value, "label": each.label, "score": each.score, "rule": _rule(each)}
        for each in question.choices
    ]
    return ChoiceRows(data, initial=initial, prefix="choices")


def _rule(choice: engine.Choice) -> str:
    return "" if choice.rule is engine.ChoiceRule.FREE else choice.rule.value


def threshold_rows(data: Typed | None, question: engine.Question) -> Any:
    initial = [
        {"operator": each.operator.value, "low": each.low, "high": each.high, "score": each.score}
        for each in question.thresholds
    ]
    return ThresholdRows(data, initial=initial, prefix="thresholds")


def read_choices(rows: Any) -> tuple[engine.Choice, ...]:
    """The choices of a valid set of rows."""
    return tuple(
        engine.Choice(
            value=typed["value"],
            label=typed["label"],
            score=typed["score"],
            rule=engine.ChoiceRule(typed["rule"] or engine.ChoiceRule.FREE),
        )
        for typed in (row.cleaned_data for row in rows.ordered)
    )


def read_thresholds(rows: Any) -> tuple[engine.Threshold, ...]:
    """The thresholds of a valid set of rows."""
    return tuple(
        engine.Threshold(
            operator=engine.ThresholdOperator(typed["operator"]),
            low=typed["low"],
            high=typed["high"],
            score=typed["score"],
        )
        for typed in (row.cleaned_data for row in rows.ordered)
    )
