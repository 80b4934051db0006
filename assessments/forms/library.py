"""What a document is, as its publisher says it; and files for the library."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Publisher
from evidence.library import Description
from evidence.models import Document
from ui.forms import PortalForm, PortalModelForm

WRONG_DATE = _("Écrivez une date qui existe, par exemple 22/11/2026.")


def _date_field(label: Any, help_text: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": WRONG_DATE},
    )


class DocumentForm(PortalModelForm):
    """Title, nature, dates and confidentiality. The operation `describe` writes them."""

    issued_on = _date_field(_("Établi le"), "")
    expires_on = _date_field(
        _("Valable jusqu’au"), _("Laissez vide si le document n’expire pas. Il vaut encore ce jour-là.")
    )

    class Meta:
        model = Document
        fields = ["title", "kind", "issued_on", "expires_on", "is_confidential"]
        labels = {"title": _("Titre"), "kind": _("Nature"), "is_confidential": _("Document confidentiel")}
        help_texts = {
            "is_confidential": _(
                "Les lecteurs et les consultants en voient le titre sans pouvoir l’ouvrir. L’examinateur l’ouvre, et "
                "voit qu’il est confidentiel."
            )
        }
        error_messages = {
            "title": {
                "required": _("Donnez un titre au document."),
                "max_length": _("Ce titre est trop long : 200 caractères au plus."),
            }
        }

    @property
    def description(self) -> Description:
        """What was typed. Needs a valid form."""
        typed = self.cleaned_data
        return Description(**{name: typed[name] for name in Description.__slots__})


class DepositForm(PortalForm):
    """For which publisher; who belongs to one is not asked. Files are read by `evidence.arrivals`."""

    publisher = forms.ModelChoiceField(
        label=_("Éditeur"),
        queryset=Publisher.objects.none(),
        error_messages={
            "required": _("Choisissez l’éditeur auquel ces documents appartiennent."),
            "invalid_choice": _("Choisissez l’un de vos éditeurs."),
        },
    )

    def __init__(self, *args: Any, publishers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["publisher"].queryset = publishers
