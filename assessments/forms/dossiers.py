"""Open a dossier: which product, which démarche."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.models import Programme
from products.models import Product
from ui.forms import PortalForm


class OpenDossierForm(PortalForm):
    product = forms.ModelChoiceField(
        label=_("Produit"),
        queryset=Product.objects.none(),
        empty_label=_("Choisissez un produit"),
        error_messages={"required": _("Choisissez le produit que vous voulez faire référencer.")},
    )
    programme = forms.ChoiceField(
        label=_("Démarche"),
        help_text=_(
            "Choisissez « avec échange » si votre service doit lire ou écrire des données dans Mon espace santé. "
            "Vous pourrez ouvrir un autre dossier pour l’autre démarche."
        ),
        choices=Programme.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez l’une des deux démarches.")},
    )

    def __init__(self, *args: Any, products: QuerySet[Product], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = products
