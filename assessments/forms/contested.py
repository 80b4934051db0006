"""Saying that one knows which verdicts are contested before they leave."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import SecondOpinion
from ui.forms import choice_with_hint


class ContestedField(forms.TypedMultipleChoiceField):
    """One box for each contested verdict, all to be ticked; the value is the set of the opinions' numbers."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, opinions: Sequence[SecondOpinion]) -> None:
        """`opinions`: as `operations.second_readings.contested` gives them, at least one."""
        self.contested = {str(each.pk) for each in opinions}
        super().__init__(
            label=gettext_lazy("Verdicts contestés par un second lecteur"),
            help_text=gettext_lazy("Cochez chacun d’eux pour dire que vous en avez pris connaissance et le maintenez."),
            choices=[(str(each.pk), _choice(each)) for each in opinions],
            coerce=int,
            error_messages={"required": _incomplete()},
        )

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if self.contested - set(value):
            raise forms.ValidationError(_incomplete(), code="required")


def _incomplete() -> str:
    return _("Cochez chaque verdict contesté avant d’aller plus loin.")


def _choice(opinion: SecondOpinion) -> str:
    question = opinion.verdict.item.question
    label = _("Je maintiens le verdict sur %(key)s, %(title)s") % {"key": question.key, "title": question.title}
    return choice_with_hint(label, _("%(who)s : %(text)s") % {"who": opinion.reader, "text": opinion.text})
