"""What is asked of the commission, and what it said, as typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.reviews import TEXT_LIMIT
from ui.forms import PortalForm


class AgendaForm(PortalForm):
    prefix = "agenda"

    text = forms.CharField(
        label=_("Ce que vous demandez à la commission"),
        max_length=TEXT_LIMIT,
        help_text=_("Lu par les examinateurs et par la commission, jamais par l’éditeur."),
        error_messages={"required": _("Écrivez ce que vous demandez à la commission.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RulingForm(PortalForm):
    prefix = "ruling"

    text = forms.CharField(
        label=_("Avis de la commission"),
        max_length=TEXT_LIMIT,
        help_text=_("Ses mots, tels qu’elle les a dits. Une fois enregistré, cet avis ne change plus."),
        error_messages={"required": _("Écrivez l’avis de la commission.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
