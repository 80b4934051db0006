"""What a team writes back to a reviewer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import PortalForm

TEXT_LIMIT = 4000


class ReplyForm(PortalForm):
    text = forms.CharField(
        label=_("Votre réponse à l’examinateur"),
        max_length=TEXT_LIMIT,
        help_text=_(
            "Elle partira avec la prochaine soumission. Une fois enregistrée, elle ne change plus ; vous pourrez en "
            "écrire une autre."
        ),
        error_messages={"required": _("Écrivez votre réponse.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
