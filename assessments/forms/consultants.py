"""Which dossiers a consultant may read and fill."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.models import Dossier
from ui.forms import PortalForm

if TYPE_CHECKING:
    DossierField = forms.ModelMultipleChoiceField[Dossier]
else:
    DossierField = forms.ModelMultipleChoiceField


class _DossierChoices(DossierField):
    def label_from_instance(self, obj: Dossier) -> str:
        return f"{obj.number} · {obj.product.name}, {obj.get_programme_display()}"


class ConsultationForm(PortalForm):
    dossiers = _DossierChoices(
        label=_("Dossiers ouverts à cette personne"),
        queryset=Dossier.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Un de ces dossiers n’est pas à vous. Choisissez dans la liste.")},
    )

    def __init__(self, *args: Any, offered: QuerySet[Dossier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dossiers"].queryset = offered
