"""One question as a form. It checks shape (is it a number? a date?); what the answer is worth is the engine's word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.answer_states import AnswerState
from assessments.forms.drafts import Typed
from assessments.operations.answers import Entry
from questionnaires import engine

# Far above any question's own maximum: a bound against abuse, not a rule of the questionnaire.
LONGEST_TEXT = 20_000


class FrenchDecimalField(forms.DecimalField):
    """A number as people type it: « 12,5 », « 1 000 », « 87,5 % »."""

    def __init__(self, *, unit: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit = unit

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = value.strip().removesuffix(self.unit)
            value = value.replace("\u202f", "").replace("\xa0", "").replace(" ", "").replace(",", ".")
        return super().to_python(value)


class AnswerForm(forms.Form):
    """Bound to what a person typed. Its page draws the fields from Shown: templates/jinja/questions/fields.html."""

    def __init__(self, question: engine.Question, data: Mapping[str, Any]) -> None:
        self.question = question
        super().__init__(data, prefix=question.key)
        if question.type is not engine.QuestionType.FILE:
            self.fields["value"] = _value_field(question)
        if question.allows_not_applicable:
            self.fields["not_applicable"] = forms.BooleanField(required=False)
            self.fields["reason"] = _text_field()
        self.fields["comment"] = _text_field()
        self.fields["revision"] = forms.IntegerField(min_value=0)

    @property
    def entry(self) -> Entry:
        """What was typed, as it is stored. Needs a valid form."""
        typed = self.cleaned_data
        return Entry(
            value=_stored(self.question, typed.get("value")),
            not_applicable=typed.get("not_applicable", False),
            reason=_plain(typed.get("reason", "")),
            comment=_plain(typed["comment"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the fields of a question show. `value`: a list for a multiple choice, else a text; None when blank."""

    value: object
    not_applicable: bool
    reason: str
    comment: str
    revision: int | str

    @classmethod
    def of(cls, question: engine.Question, state: AnswerState) -> "Shown":
        """What is stored."""
        value = state.value
        if question.type is engine.QuestionType.NUMBER and value is not None:
            value = str(value).replace(".", ",")
        return cls(
            value=value,
            not_applicable=state.not_applicable,
            reason=state.reason,
            comment=state.comment,
            revision=state.revision,
        )

    @classmethod
    def typed(cls, question: engine.Question, data: Typed) -> "Shown":
        """What a person typed."""
        name = f"{question.key}-{{}}".format
        is_multiple = question.type is engine.QuestionType.MULTIPLE_CHOICE
        return cls(
            value=data.getlist(name("value")) if is_multiple else data.get(name("value")),
            not_applicable=name("not_applicable") in data,
            reason=data.get(name("reason"), ""),
            comment=data.get(name("comment"), ""),
            revision=data.get(name("revision"), ""),
        )


def _value_field(question: engine.Question) -> forms.Field:
    choices = [(choice.value, choice.label) for choice in question.choices]
    match question.type:
        case engine.QuestionType.YES_NO | engine.QuestionType.SINGLE_CHOICE:
            return forms.ChoiceField(
                choices=choices,
                required=False,
                error_messages={"invalid_choice": _("Choisissez l’une des réponses proposées.")},
            )
        case engine.QuestionType.MULTIPLE_CHOICE:
            return forms.MultipleChoiceField(
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": _("Choisissez parmi les réponses proposées.")},
            )
        case engine.QuestionType.NUMBER:
            return FrenchDecimalField(
                unit=question.unit,
                required=False,
                max_digits=14,
                decimal_places=4,
                error_messages={
                    "invalid": _("Écrivez un nombre en chiffres, par exemple 12 ou 12,5."),
                    "max_digits": _("Ce nombre est trop grand : dix chiffres au plus avant la virgule."),
                    "max_whole_digits": _("Ce nombre est trop grand : dix chiffres au plus avant la virgule."),
                    "max_decimal_places": _("Quatre chiffres au plus après la virgule."),
                },
            )
        case engine.QuestionType.DATE:
            return forms.DateField(
                required=False,
                input_formats=["%Y-%m-%d", "%d/%m/%Y"],
                widget=forms.DateInput(format="%Y-%m-%d"),
                error_messages={"invalid": _("Écrivez une date qui existe, par exemple 22/11/2026.")},
            )
        case _:
            return _text_field()


def _text_field() -> forms.CharField:
    return forms.CharField(
        required=False,
        max_length=LONGEST_TEXT,
        error_messages={"max_length": _("Ce texte est trop long : 20 000 caractères au plus.")},
    )


def _plain(text: str) -> str:
    """Line ends as one character, whatever the browser sent."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _stored(question: engine.Question, value: Any) -> object:
    """The JSON of Answer.value; None is unanswered."""
    if value in (None, "", []):
        return None
    match question.type:
        case engine.QuestionType.MULTIPLE_CHOICE:
            # In the order of the screen: ticking in another order is the same answer.
            return [choice.value for choice in question.choices if choice.value in value]
        case engine.QuestionType.NUMBER:
            assert isinstance(value, Decimal)
            text = format(value, "f")
            return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
        case engine.QuestionType.DATE:
            assert isinstance(value, date)
            return value.isoformat()
        case engine.QuestionType.TEXT:
            return _plain(value) or None
        case _:
            return value
