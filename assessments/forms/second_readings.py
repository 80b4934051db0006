"""A second reader's opinion on one verdict, as typed."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.forms.reviews import TEXT_LIMIT
from ui.forms import PortalForm

AGREES, CONTESTS = "agrees", "contests"
CHOOSE = _("Choisissez : d’accord, ou contester.")


class OpinionForm(PortalForm):
    """`initial["seen_at"]` is the date of the verdict that the page shows."""

    prefix = "opinion"
    conditional = ("text",)

    decision = forms.ChoiceField(
        label=_("Votre avis sur ce verdict"),
        choices=[(AGREES, _("D’accord")), (CONTESTS, _("Contester"))],
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    text = forms.CharField(
        label=_("Raisons"),
        max_length=TEXT_LIMIT,
        required=False,
        help_text=_("Obligatoires pour contester. Lues par les seuls examinateurs, jamais par l’éditeur."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen_at = forms.CharField(widget=forms.HiddenInput)

    def clean_seen_at(self) -> datetime:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen_at"])
        except ValueError:
            raise ValidationError(_("Cette page n’est plus à jour : rechargez-la.")) from None

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned: dict[str, Any] = self.cleaned_data
        if cleaned.get("decision") == CONTESTS and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", _("Écrivez pourquoi vous contestez ce verdict."))
        return cleaned
