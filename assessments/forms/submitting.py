"""What whoever submits a dossier says by ticking."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import PortalForm


class SubmitForm(PortalForm):
    acknowledge = forms.BooleanField(
        label=_(
            "Je sais que ces exigences obligatoires ne sont pas satisfaites : elles figureront dans le rapport comme "
            "des écarts."
        ),
        error_messages={"required": _("Cochez cette case pour dire que vous connaissez ces écarts.")},
    )
    confirm = forms.BooleanField(
        label=_("Au nom de l’éditeur, je confirme que ces réponses sont exactes."),
        error_messages={"required": _("Cochez cette case pour confirmer.")},
    )

    def __init__(self, *args: Any, has_gaps: bool, **kwargs: Any) -> None:
        """`has_gaps`: the person was shown some, and has to acknowledge them."""
        super().__init__(*args, auto_id="%s", **kwargs)
        if not has_gaps:
            del self.fields["acknowledge"]
