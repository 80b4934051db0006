"""A questionnaire in a file. What it holds is read by `questionnaires.exchange`."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from questionnaires.exchange.reading import NotRead, Reading
from questionnaires.exchange.recognition import MAX_BYTES, recognise
from ui.formats import filesize_fr
from ui.forms import PortalForm

# Of the reasons why a file is not taken, as many as somebody reads before trying again.
MOST_REASONS = 20


class QuestionnaireFileForm(PortalForm):
    file = forms.FileField(
        label=_("Fichier du questionnaire"),
        help_text=_(
            "Un fichier YAML du portail, une bibliothèque CISO Assistant (.yaml) ou un classeur (.xlsx). Vous verrez "
            "ce qui a été compris avant que rien ne soit écrit."
        ),
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.xlsx"}),
        error_messages={
            "required": _("Choisissez le fichier du questionnaire."),
            "empty": _("Ce fichier est vide. Vérifiez qu’il s’ouvre sur votre poste, puis déposez-le à nouveau."),
        },
    )

    reading: Reading
    data_read: bytes

    def clean_file(self) -> "UploadedFile[bytes]":
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_BYTES:
            limit = filesize_fr(MAX_BYTES)
            raise ValidationError(_("Ce fichier est trop gros : %(limit)s au plus."), params={"limit": limit})
        self.data_read = upload.read()
        try:
            self.reading = recognise(self.data_read, upload.name or "")
        except NotRead as error:
            left = len(error.reasons) - MOST_REASONS
            more = [ValidationError(_("… et %(count)d autres."), params={"count": left})] if left > 0 else []
            raise ValidationError([*map(ValidationError, error.reasons[:MOST_REASONS]), *more]) from error
        return upload
