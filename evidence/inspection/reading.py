"""What a file that was accepted says: its text, its blank or scanned pages, whether it is signed.

Nothing here refuses a file: what cannot be read is absent.
"""

import codecs
import re
import unicodedata
from pathlib import Path

from evidence.inspection.files import IMAGES, OPEN_DOCUMENT, PDF, TEXTS
from evidence.inspection.findings import Reading

# Some two hundred pages: what is searched is found long before.
MAX_CHARACTERS = 500_000
# Four bytes a character at most, in UTF-8.
MAX_BYTES = 4 * MAX_CHARACTERS
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What a database of texts does not take (NUL), and what hides in words: control characters but those of layout.
NOT_KEPT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def read(path: Path, media_type: str) -> Reading:
    """Return what was read, whole or not, of a file whose structure was accepted."""
    try:
        return _read(path, media_type)
    # Libraries that parse fail in every way they can; the file was judged, and only its text is lost.
    except Exception:  # noqa: BLE001
        return Reading()


def _read(path: Path, media_type: str) -> Reading:
    if media_type in IMAGES:
        return Reading()
    if media_type in TEXTS:
        return _text(path)
    # A process that looks at one file loads one reader.
    if media_type == PDF:
        from evidence.inspection import pdf_reading  # noqa: PLC0415

        return pdf_reading.read(path)
    from evidence.inspection import office_reading  # noqa: PLC0415

    return office_reading.read(path, is_open_document=media_type.startswith(OPEN_DOCUMENT))


def tidied(text: str) -> tuple[str, bool]:
    """The text as it is kept and searched, and whether it was cut.

    Ligatures become letters and no-break spaces become spaces: people search what they can type.
    """
    kept = NOT_KEPT.sub("", unicodedata.normalize("NFKC", text[: MAX_CHARACTERS + 1])).strip()
    return kept[:MAX_CHARACTERS].rstrip(), len(text) > MAX_CHARACTERS or len(kept) > MAX_CHARACTERS


def _text(path: Path) -> Reading:
    with path.open("rb") as file:
        start = file.read(MAX_BYTES)
        is_longer = bool(file.read(1))
    text, is_cut = tidied(_decoded(start, is_longer=is_longer))
    return Reading(text=text, is_cut=is_cut or is_longer)


def _decoded(data: bytes, *, is_longer: bool) -> str:
    """UTF-16 by its mark, else UTF-8, else the code of Windows, which is Latin-1 with « œ » and « ’ »."""
    if data.startswith(UTF_16_MARKS):
        return data.decode("utf-16", errors="replace")
    try:
        # A character may be cut in two where the reading stops.
        return codecs.getincrementaldecoder("utf-8-sig")().decode(data, final=not is_longer)
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
