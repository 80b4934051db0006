"""The diagnostic's questions, as a form made from the published version."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from questionnaires.engine import CompiledDiagnostic
from ui.forms import PortalForm


class DiagnosticForm(PortalForm):
    """One field for each question, named by its key. Every question of a diagnostic is a choice."""

    def __init__(self, *args: Any, compiled: CompiledDiagnostic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in compiled.questionnaire.questions():
            self.fields[question.key] = forms.ChoiceField(
                label=question.wording,
                help_text=question.help,
                choices=[(choice.value, choice.label) for choice in question.choices],
                error_messages={"required": _("Choisissez une réponse : le résultat en dépend.")},
                widget=forms.RadioSelect,
            )
