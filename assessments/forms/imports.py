"""A workbook or a JSON file of answers that comes back. What it holds is read by `assessments.offline`."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import PortalForm


class ImportForm(PortalForm):
    file = forms.FileField(
        label=_("Classeur rempli (.xlsx), ou fichier .json"),
        help_text=_("Exporté de ce dossier. Vous verrez ce qui va changer avant que rien ne soit enregistré."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.json"}),
        error_messages={
            "required": _("Choisissez le classeur rempli, ou le fichier .json."),
            "empty": _("Ce fichier est vide. Vérifiez qu’il s’ouvre sur votre poste, puis déposez-le à nouveau."),
        },
    )
