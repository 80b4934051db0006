"""A note that reviewers keep among themselves, as typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.reviews import TEXT_LIMIT
from ui.forms import PortalForm


class NoteForm(PortalForm):
    prefix = "note"

    text = forms.CharField(
        label=_("Nouvelle note"),
        max_length=TEXT_LIMIT,
        help_text=_(
            "Lue par les seuls examinateurs qui peuvent voir ce dossier, jamais par l’éditeur. "
            "Une note ne se corrige pas : vous pouvez retirer la vôtre."
        ),
        error_messages={"required": _("Écrivez votre note.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
