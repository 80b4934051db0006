"""Judge a file as it arrives: its name, its size, and whether its content is what its extension says."""

import codecs
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
CONTAINERS = frozenset({DOCX, XLSX, ODT, ODS})
# Office files under a password, and those of before 2007, are OLE compound files.
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF_SIGNATURE = b"%PDF-"
# Excel in French still writes CSV in Windows-1252.
ENCODINGS = ("utf-8", "cp1252")
NOT_IN_TEXT = bytes(set(range(32)) - set(b"\t\n\r\f"))


class InvalidUpload(Exception):
    """The file is not taken. `code` is a key of `sentences.UPLOADS`, `sentence` says in French what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class Inspected:
    """What was found of an acceptable file: its harmless name and its type."""

    name: str
    media_type: str


def inspect(file: "UploadedFile[bytes]") -> Inspected:
    """Return the file's name and type, or raise InvalidUpload. Reads by chunks; leaves the file at its start."""
    name = file_names.neutralise(file.name or "")
    extension = file_names.extension(name)
    media_type = MEDIA_TYPES.get(extension)
    if media_type is None:
        raise invalid("type_not_allowed", extension)
    if not file.size:
        raise invalid("empty", extension)
    if file.size > settings.EVIDENCE_MAX_BYTES:
        raise invalid("too_large", extension)
    if media_type in {CSV, TXT}:
        _require_text(file, extension)
    else:
        _require_signature(file, media_type, extension)
    if media_type in CONTAINERS:
        _require_declaration(file, media_type, extension)
    file.seek(0)
    return Inspected(name=name, media_type=media_type)


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
    """Text decodes in one of ENCODINGS and holds no control character but those of layout."""
    file.seek(0)
    if file.read(len(PDF_SIGNATURE)) == PDF_SIGNATURE:
        raise invalid("type_disagrees", extension)
    decoders = {encoding: codecs.getincrementaldecoder(encoding)() for encoding in ENCODINGS}
    for chunk in file.chunks():
        if len(chunk.translate(None, NOT_IN_TEXT)) != len(chunk):
            raise invalid("not_text", extension)
        _feed(decoders, chunk)
    _feed(decoders, b"", final=True)
    if not decoders:
        raise invalid("not_text", extension)


def _feed(decoders: dict[str, codecs.IncrementalDecoder], chunk: bytes, *, final: bool = False) -> None:
    """Drop the encodings in which the text is not written."""
    for encoding, decoder in list(decoders.items()):
        try:
            decoder.decode(chunk, final)
        except UnicodeDecodeError:
            del decoders[encoding]
