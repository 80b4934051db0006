"""Judge a file as it arrives: its name, its size, and whether its content is what its extension says."""

import codecs
import re
from dataclasses import dataclass

import puremagic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from evidence import containers, file_names, sentences

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
CSV = "text/csv"
TXT = "text/plain"

MEDIA_TYPES = {
    ".pdf": PDF,
    ".png": PNG,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".docx": DOCX,
    ".xlsx": XLSX,
    ".odt": ODT,
    ".ods": ODS,
    ".csv": CSV,
    ".txt": TXT,
}
# The extension under which puremagic knows the signature of each type that has one.
SIGNATURES = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg", DOCX: ".zip", XLSX: ".zip", ODT: ".zip", ODS: ".zip"}
# Those of which pages are drawn, to be seen without opening the file.
DRAWN_TYPES = frozenset({PDF, PNG, JPEG})
CONTAINERS = frozenset({DOCX, XLSX, ODT, ODS})
# Office files under a password, and those of before 2007, are OLE compound files.
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF_SIGNATURE = b"%PDF-"
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


class InvalidUpload(Exception):
    """The file is not taken. `code` is a key of `sentences.UPLOADS`, `sentence` says in French what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


class NotKept(InvalidUpload):
    """The storage failed: nothing is wrong with the file, which may come again as it is."""

    def __init__(self) -> None:
        super().__init__("not_kept", str(sentences.UPLOADS["not_kept"]))


@dataclass(frozen=True)
class Inspected:
    """What was found of an acceptable file: its harmless name and its type."""

    name: str
    media_type: str


def inspect(file: "UploadedFile[bytes]") -> Inspected:
    """Return the file's name and type, or raise InvalidUpload. Reads by chunks; leaves the file at its start."""
    name = require_acceptable(file.name or "", file.size or 0)
    extension = file_names.extension(name)
    media_type = MEDIA_TYPES[extension]
    if media_type in {CSV, TXT}:
        _require_text(file, extension)
    else:
        _require_signature(file, media_type, extension)
    if media_type in CONTAINERS:
        _require_declaration(file, media_type, extension)
    file.seek(0)
    return Inspected(name=name, media_type=media_type)


def require_acceptable(name: str, size: int) -> str:
    """Return the harmless name of a file, judged by its name and size (in bytes) alone, or raise InvalidUpload."""
    name = file_names.neutralise(name)
    extension = file_names.extension(name)
    if extension not in MEDIA_TYPES:
        raise invalid("type_not_allowed", extension)
    if not size:
        raise invalid("empty", extension)
    if size > settings.EVIDENCE_MAX_BYTES:
        raise invalid("too_large", extension)
    return name


def invalid(code: str, extension: str = "") -> InvalidUpload:
    """Make the refusal of this code, with its sentence."""
    # Megabytes as people count them: 50 000 000 bytes are « 50 Mo ».
    limit = f"{settings.EVIDENCE_MAX_BYTES // 1_000_000}\N{NO-BREAK SPACE}Mo"
    return InvalidUpload(code, sentences.UPLOADS[code] % {"extension": extension, "limit": limit})


def _require_signature(file: "UploadedFile[bytes]", media_type: str, extension: str) -> None:
    file.seek(0)
    start = file.read(len(OLE_SIGNATURE))
    if media_type in CONTAINERS and start == OLE_SIGNATURE:
        raise invalid("protected", extension)
    file.seek(0)
    try:
        candidates = puremagic.magic_stream(file)
    except puremagic.PureError:
        candidates = []
    if not any(found.offset == 0 and found.extension == SIGNATURES[media_type] for found in candidates):
        raise invalid("type_disagrees", extension)


def _require_declaration(file: "UploadedFile[bytes]", media_type: str, extension: str) -> None:
    try:
        agrees = containers.declares(file, media_type)
    except containers.Damaged:
        raise invalid("damaged", extension) from None
    except containers.Protected:
        raise invalid("protected", extension) from None
    except containers.TooComplex:
        raise invalid("too_complex", extension) from None
    if not agrees:
        raise invalid("type_disagrees", extension)


def _require_text(file: "UploadedFile[bytes]", extension: str) -> None:
    """Text holds no control character but those of layout, in UTF-16 with its mark or in a code of bytes."""
    file.seek(0)
    start = file.read(len(PDF_SIGNATURE))
    if start == PDF_SIGNATURE:
        raise invalid("type_disagrees", extension)
    # Latin-1 gives a character to every byte: UTF-8 need not be tried, since both share their control characters.
    encoding = "utf-16" if start[:2] in UTF_16_MARKS else "latin-1"
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in file.chunks():
            if NOT_IN_TEXT.search(decoder.decode(chunk)):
                raise invalid("not_text", extension)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise invalid("not_text", extension) from None
