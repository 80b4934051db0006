"""What an editor says to the others."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import PortalForm


class RemarkForm(PortalForm):
    text = forms.CharField(
        label=_("Votre remarque"),
        max_length=2000,
        help_text=_("Les autres rédacteurs la lisent ; les éditeurs de services, jamais."),
        error_messages={"required": _("Écrivez votre remarque.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
