"""A product, as typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Publisher
from products.models import Product, Variant
from ui.forms import PortalForm


class ProductForm(PortalForm):
    name = forms.CharField(
        label=_("Nom commercial"),
        error_messages={"required": _("Saisissez le nom commercial.")},
        max_length=120,
        help_text=_("Celui que les usagers voient : il sera repris dans le catalogue."),
    )
    description = forms.CharField(
        label=_("Description"),
        error_messages={"required": _("Décrivez le service en quelques phrases.")},
        max_length=2000,
        help_text=_("À qui le service s’adresse et ce qu’il permet de faire, en quelques phrases."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    website = forms.URLField(
        label=_("Site public"),
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text=_("Format attendu : https://www.exemple.fr"),
        error_messages={"invalid": _("Cette adresse n’est pas complète. Exemple : https://www.exemple.fr")},
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )
    platforms = forms.MultipleChoiceField(
        label=_("Formes du service"),
        choices=Variant.Platform.choices,
        help_text=_("Toutes celles que cette demande doit couvrir."),
        error_messages={"required": _("Cochez au moins une forme : application iOS, application Android ou site web.")},
        widget=forms.CheckboxSelectMultiple,
    )
    device_class = forms.ChoiceField(
        label=_("Dispositif médical"),
        choices=Product.DeviceClass.choices,
        required=False,
        help_text=_("La classe inscrite dans votre déclaration UE de conformité."),
    )


class NewProductForm(ProductForm):
    """With the publisher to choose, for somebody who belongs to several teams."""

    publisher = forms.ModelChoiceField(label=_("Éditeur"), queryset=Publisher.objects.none(), empty_label=None)

    field_order = ["publisher", "name"]

    def __init__(self, *args: Any, publishers: "list[Publisher]", **kwargs: Any) -> None:
        """`publishers`: those for which the person may fill, at least one."""
        super().__init__(*args, **kwargs)
        field = self.fields["publisher"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Publisher.objects.filter(pk__in=[publisher.pk for publisher in publishers])
        if len(publishers) == 1:
            field.widget = forms.HiddenInput()
            field.initial = publishers[0].pk
