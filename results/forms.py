"""What a reviewer says when closing a review."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.contested import ContestedField
from assessments.models import Review, SecondOpinion
from ui.forms import PortalForm

EXPLAIN = _("Expliquez cette conclusion à l’éditeur en quelques phrases.")


class CloseReviewForm(PortalForm):
    outcome = forms.ChoiceField(
        label=_("Conclusion de l’instruction"), choices=Review.Outcome.choices, widget=forms.RadioSelect
    )
    conclusion = forms.CharField(
        label=_("Motivation"),
        help_text=_(
            "Elle est lue par l’éditeur et figure dans le rapport. Obligatoire, sauf pour une conclusion favorable."
        ),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    confirmed = forms.BooleanField(
        label=_("Je confirme la clôture : le résultat ne pourra plus être modifié."),
        error_messages={"required": _("Cochez cette case pour clore l’instruction.")},
    )

    def __init__(
        self, *args: Any, may_be_favourable: bool, contested: Sequence[SecondOpinion] = (), **kwargs: Any
    ) -> None:
        """`contested`: the opinions that contest a verdict of the round, each to be acknowledged."""
        super().__init__(*args, **kwargs)
        if contested:
            self.fields["acknowledge"] = ContestedField(contested)
            self.order_fields(["outcome", "conclusion", "acknowledge", "confirmed"])
        self.fields["outcome"].error_messages["required"] = _("Choisissez une conclusion.")
        if not may_be_favourable:
            self.fields["conclusion"].required = True  # whatever the outcome, it has to be explained
            self.fields["conclusion"].error_messages["required"] = EXPLAIN
            self.fields["outcome"].choices = [
                choice for choice in Review.Outcome.choices if choice[0] != Review.Outcome.FAVOURABLE
            ]
            self.fields["outcome"].error_messages["invalid_choice"] = _(
                "Une conclusion favorable n’est pas possible : il reste des refus ou des écarts."
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        explained = cleaned.get("outcome") in {"", None, Review.Outcome.FAVOURABLE}
        if not explained and not cleaned.get("conclusion") and "conclusion" not in self.errors:
            self.add_error("conclusion", EXPLAIN)
        return cleaned
