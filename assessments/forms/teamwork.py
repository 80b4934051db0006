"""Who sees to what, and what the team says to itself, as typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.models import MembershipQuerySet as Memberships
from assessments.forms.reviews import TEXT_LIMIT
from ui.forms import PortalForm


class MemberField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.user)


class AttributionForm(PortalForm):
    """`members`: those who may fill the dossier. Nobody chosen: it is attributed to nobody any more."""

    member = MemberField(
        label=_("Attribuer à"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=_("personne"),
        error_messages={
            "invalid_choice": _("Choisissez une personne de la liste : celle-ci ne peut pas répondre ici.")
        },
    )
    due_on = forms.DateField(
        label=_("Pour le"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Écrivez une date qui existe, par exemple 31/12/2026.")},
    )

    def __init__(self, *args: Any, members: Memberships, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("due_on") and not cleaned.get("member") and "member" not in self.errors:
            self.add_error("member", _("Choisissez qui s’en occupe pour cette date, ou effacez la date."))
        return cleaned


class CommentForm(PortalForm):
    text = forms.CharField(
        label=_("Votre commentaire"),
        max_length=TEXT_LIMIT,
        help_text=_("Lu par votre équipe et par les consultants de ce dossier, jamais par l’ANS."),
        error_messages={"required": _("Écrivez votre commentaire.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
