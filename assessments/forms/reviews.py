"""A verdict and a message to the publisher, as typed."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.forms.contested import ContestedField
from assessments.models import SecondOpinion, Verdict
from ui.forms import PortalForm

TEXT_LIMIT = 4000
CHOOSE = _("Choisissez un verdict : accepter, refuser ou poser une question.")


class VerdictForm(PortalForm):
    """`initial["seen_at"]` is the date of the verdict that the page shows, if any.

    `cleaned_data["corrected_score"]` is a fraction from 0 to 1, or None. Without `has_score`, there is none to correct.
    """

    conditional = ("reason", "text", "corrected_percent", "correction_reason")

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
    corrected_percent = forms.DecimalField(
        label=_("Score corrigé, en pourcentage"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        required=False,
        localize=True,
        help_text=_("De 0 à 100, par exemple 75. Vide : le score calculé reste."),
        error_messages={
            "invalid": _("Écrivez un nombre de 0 à 100, par exemple 75 ou 62,5."),
            "min_value": _("Le score ne peut pas être inférieur à 0."),
            "max_value": _("Le score ne peut pas dépasser 100."),
        },
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    correction_reason = forms.CharField(
        label=_("Motif de la correction"),
        max_length=TEXT_LIMIT,
        required=False,
        help_text=_("Obligatoire pour corriger le score : il figure au résultat et au rapport, avec les deux scores."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    stay = forms.BooleanField(label=_("Rester sur cet élément après l’enregistrement"), required=False)
    seen_at = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, has_score: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_score:
            del self.fields["corrected_percent"], self.fields["correction_reason"]

    @property
    def shows_correction(self) -> bool:
        """Whether the part that corrects the score is unfolded: it was used, or something is wrong in it."""
        names = [name for name in ("corrected_percent", "correction_reason") if name in self.fields]
        return any(self[name].value() not in (None, "") or self[name].errors for name in names)

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
        self._check_correction(decision)
        return cleaned

    def _check_correction(self, decision: str | None) -> None:
        cleaned = self.cleaned_data
        typed: Decimal | None = cleaned.get("corrected_percent")
        reason = cleaned.setdefault("correction_reason", "")
        cleaned["corrected_score"] = None if typed is None else typed / 100
        if {"corrected_percent", "correction_reason"} & self.errors.keys():
            return
        if typed is not None and not reason:
            self.add_error("correction_reason", _("Dites pourquoi vous corrigez le score."))
        elif reason and typed is None:
            self.add_error("corrected_percent", _("Écrivez le score corrigé, ou effacez le motif de la correction."))
        elif typed is not None and decision in Verdict.REOPENING:
            self.add_error(
                "corrected_percent",
                _("Un score ne se corrige qu’en acceptant : videz ces deux champs, ou choisissez « Accepter »."),
            )


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

    def __init__(self, *args: Any, contested: Sequence[SecondOpinion] = (), **kwargs: Any) -> None:
        """`contested`: the opinions that contest a verdict of the round, each to be acknowledged."""
        super().__init__(*args, **kwargs)
        if contested:
            self.fields["acknowledge"] = ContestedField(contested)


class RecusalForm(PortalForm):
    reason = forms.CharField(
        label=_("Motif"),
        error_messages={"required": _("Dites en quelques mots pourquoi vous ne devez pas examiner ce dossier.")},
        help_text=_("Lu par les responsables d’instruction. L’entreprise ne le verra pas."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
