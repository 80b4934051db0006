"""A file that somebody brings back: judged as it arrives, then read by its format. Nothing of it is kept here."""

import tempfile

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from assessments.models import Dossier, Import
from assessments.offline.json_files import read_json
from assessments.offline.returned import Returned
from assessments.offline.sheets import read_workbook
from assessments.offline.taking import NotTaken
from evidence import file_names, uploads
from evidence.sandbox import Stopped
from questionnaires import engine
from ui.formats import filesize_fr


def read_upload(
    upload: "UploadedFile[bytes]", dossier: Dossier, definition: engine.Definition
) -> tuple[Import.Source, Returned]:
    """Raises NotTaken."""
    extension = file_names.extension(upload.name or "")
    if (upload.size or 0) > settings.IMPORT_MAX_BYTES:
        limit = filesize_fr(settings.IMPORT_MAX_BYTES)
        raise NotTaken(
            _("Ce fichier est trop gros : %(limit)s au plus. Retirez-en ce que vous y avez ajouté.") % {"limit": limit}
        )
    if extension == ".json":
        return Import.Source.JSON, read_json(upload.read(), dossier, definition)
    if extension != ".xlsx":
        raise NotTaken(
            _(
                "Ce fichier n’est ni un classeur .xlsx ni un fichier .json : enregistrez-le au format "
                ".xlsx, puis déposez-le."
            )
        )
    return Import.Source.WORKBOOK, _workbook(upload, dossier, definition)


def _workbook(upload: "UploadedFile[bytes]", dossier: Dossier, definition: engine.Definition) -> Returned:
    try:
        uploads.inspect(upload)
    except uploads.InvalidUpload as refusal:
        raise NotTaken(refusal.sentence) from refusal
    # The process that reads it is handed a descriptor; an upload may be in memory, and have none.
    with tempfile.TemporaryFile() as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        try:
            return read_workbook(copy, dossier, definition)
        except Stopped as error:
            raise NotTaken(_("Ce classeur n’a pas pu être lu pour le moment : déposez-le à nouveau.")) from error
