"""Why a whole theme does not apply."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.answers import LONGEST_TEXT
from ui.forms import PortalForm


class SetAsideForm(PortalForm):
    reason = forms.CharField(
        label=_("Pourquoi ces exigences ne s’appliquent-elles pas ?"),
        max_length=LONGEST_TEXT,
        help_text=_("La même raison sera écrite à chacune des questions cochées. Les examinateurs la liront."),
        error_messages={
            "required": _("Écrivez la raison : sans elle, une exigence ne peut pas être déclarée non applicable."),
            "max_length": _("Ce texte est trop long : 20 000 caractères au plus."),
        },
        widget=forms.Textarea(attrs={"rows": 3}),
    )
