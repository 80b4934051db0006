"""The inspection of each accepted type, and what holds for all."""

import zipfile
from pathlib import Path

from evidence.inspection.findings import Danger, Findings, Refused

PDF = "application/pdf"
IMAGES = ("image/png", "image/jpeg")
TEXTS = ("text/plain", "text/csv")
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
# A PDF reader looks for this within so many bytes (ISO 32000-1, appendix H, note 13).
PDF_SIGNATURE, PDF_SIGNATURE_WITHIN = b"%PDF-", 1024


def inspect(path: Path, media_type: str) -> Findings:
    """Raise Refused, or say what an acceptable file holds."""
    if media_type in TEXTS:
        return Findings()  # text, quoting whatever it likes, is only ever served as text
    _refuse_two_in_one(path, media_type)
    # A process that looks at one file loads one reader.
    if media_type == PDF:
        from evidence.inspection import pdf  # noqa: PLC0415

        return pdf.inspect(path)
    if media_type in IMAGES:
        from evidence.inspection import images  # noqa: PLC0415

        return images.inspect(path, media_type)
    from evidence.inspection import office  # noqa: PLC0415

    return office.inspect(path, is_open_document=media_type.startswith(OPEN_DOCUMENT))


def _refuse_two_in_one(path: Path, media_type: str) -> None:
    """A file that one program reads as a picture or a PDF, and another as an archive or a PDF."""
    with path.open("rb") as file:
        start = file.read(PDF_SIGNATURE_WITHIN)
    if media_type != PDF and PDF_SIGNATURE in start:
        raise Refused(Danger.DISGUISED, "also a PDF")
    if media_type in (PDF, *IMAGES) and zipfile.is_zipfile(path):
        raise Refused(Danger.DISGUISED, "also an archive")
