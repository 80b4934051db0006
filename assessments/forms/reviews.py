"""A verdict and a message to the publisher, as typed."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.models import Verdict
from ui.forms import PortalForm

TEXT_LIMIT = 4000
CHOOSE = _("Choisissez un verdict : accepter, refuser ou poser une question.")


class VerdictForm(PortalForm):
    """`initial["seen_at"]` is the date of the verdict that the page shows, if any."""

    conditional = ("reason", "text")

    decision = forms.ChoiceField(
        label=_("Verdict"),
        choices=[
            (Verdict.Decision.ACCEPTED, _("Accepter")),
            (Verdict.Decision.REFUSED, _("Refuser")),
            (Verdict.Decision.QUESTION, _("Poser une question")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    reason = forms.ChoiceField(
        label=_("Motif du refus"),
        choices=[("", _("Choisir un motif")), *Verdict.Reason.choices],
        required=False,
        help_text=_("Obligatoire pour un refus."),
    )
    text = forms.CharField(
        label=_("Explication"),
        max_length=TEXT_LIMIT,
        required=False,
        help_text=_("Obligatoire pour un refus ou une question : l’éditeur la lira quand le tour sera envoyé."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    stay = forms.BooleanField(label=_("Rester sur cet élément après l’enregistrement"), required=False)
    seen_at = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_seen_at(self) -> datetime | None:
        typed = self.cleaned_data["seen_at"]
        if not typed:
            return None
        try:
            return datetime.fromisoformat(typed)
        except ValueError:
            raise ValidationError(_("Cette page n’est plus à jour : rechargez-la.")) from None

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned: dict[str, Any] = self.cleaned_data
        decision = cleaned.get("decision")
        if decision == Verdict.Decision.REFUSED and not cleaned.get("reason"):
            self.add_error("reason", _("Choisissez le motif du refus."))
        if decision in Verdict.REOPENING and not cleaned.get("text") and "text" not in self.errors:
            if decision == Verdict.Decision.REFUSED:
                self.add_error("text", _("Expliquez à l’éditeur ce qui manque et ce qu’il doit déposer."))
            else:
                self.add_error("text", _("Écrivez la question que vous posez à l’éditeur."))
        return cleaned


class SendForm(PortalForm):
    message = forms.CharField(
        label=_("Message à l’éditeur"),
        max_length=TEXT_LIMIT,
        required=False,
        help_text=_(
            "Il accompagne les demandes ci-dessus. Chacune est envoyée avec l’explication que vous avez écrite."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class RecusalForm(PortalForm):
    reason = forms.CharField(
        label=_("Motif"),
        error_messages={"required": _("Dites en quelques mots pourquoi vous ne devez pas examiner ce dossier.")},
        help_text=_("Lu par les responsables d’instruction. L’entreprise ne le verra pas."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
