"""What to simulate: the démarche, and the orientation's yes and no. It is sent by GET and stored nowhere."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Programme
from questionnaires import engine
from ui.forms import PortalForm


class WhatIfForm(PortalForm):
    """`programme`, and a field by orientation question, each of which may be left out."""

    programme = forms.ChoiceField(
        label=_("Démarche"),
        choices=Programme.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez l’une des deux démarches."),
            "invalid_choice": _("Cette démarche n’existe pas : choisissez-en une dans la liste."),
        },
    )

    def __init__(self, *args: Any, questions: Iterable[engine.Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = tuple(question.key for question in questions)
        for question in questions:
            self.fields[question.key] = forms.ChoiceField(
                label=question.title,
                choices=[(choice.value, choice.label) for choice in question.choices],
                widget=forms.RadioSelect,
                required=False,
                error_messages={"invalid_choice": _("Répondez par « Oui » ou par « Non ».")},
            )

    @property
    def answers(self) -> dict[str, str]:
        """The answers that were given, by key. Needs a valid form."""
        return {key: self.cleaned_data[key] for key in self.keys if self.cleaned_data[key]}
