"""Look inside Office and OpenDocument files, which are ZIP archives, without unpacking them."""

import struct
import zipfile
import zlib
from typing import IO

from evidence.storage import StorageUnavailable

# A text document or a spreadsheet has some hundreds of parts at most.
MAX_PARTS = 5_000
MAX_DIRECTORY_BYTES = 1_000_000
# What is read of the part that declares the type.
MAX_DECLARATION_BYTES = 1_000_000
END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
END_SIGNATURE = b"PK\x05\x06"
ZIP64_LOCATOR = b"PK\x06\x07"
MAX_COMMENT_BYTES = 65_535

MAIN_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    ),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    ),
}


class Damaged(Exception):
    """Not a readable archive."""


class Protected(Exception):
    """The declaration itself is encrypted."""


class TooComplex(Exception):
    """The archive's directory is too large to be read safely."""


def declares(file: IO[bytes], media_type: str) -> bool:
    """Tell whether the archive declares itself to be of this type.

    Office: the main part's type in `[Content_Types].xml`, which tells documents from spreadsheets and from their
    variants with macros. OpenDocument: the part named `mimetype`.
    """
    _measure_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            if main_part := MAIN_PARTS.get(media_type):
                return main_part in _read(archive, "[Content_Types].xml")
            return _read(archive, "mimetype").strip() == media_type.encode()
    except KeyError:  # no such part
        return False
    except StorageUnavailable:  # it comes in pieces, of which one cannot be read now
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        # ValueError and OSError: offsets before the start of the file, names in no encoding.
        raise Damaged from error


def _read(archive: zipfile.ZipFile, part: str) -> bytes:
    info = archive.getinfo(part)
    if info.flag_bits & 0x1:
        raise Protected
    with archive.open(info) as declaration:
        return declaration.read(MAX_DECLARATION_BYTES)


def _measure_directory(file: IO[bytes]) -> None:
    """Refuse an archive whose directory, which `zipfile` loads whole, would fill the memory."""
    size = file.seek(0, 2) or file.tell()
    tail_start = max(0, size - END_OF_DIRECTORY.size - MAX_COMMENT_BYTES - 20)
    file.seek(tail_start)
    tail = file.read()
    file.seek(0)
    at = tail.rfind(END_SIGNATURE)
    if at < 0 or len(tail) - at < END_OF_DIRECTORY.size:
        raise Damaged
    # ZIP64 is for what we never accept: over 65,535 parts or over 4 GB.
    if ZIP64_LOCATOR in tail[max(0, at - 20) : at]:
        raise TooComplex
    _, _, _, _, parts, directory_size, _, _ = END_OF_DIRECTORY.unpack_from(tail, at)
    if parts > MAX_PARTS or directory_size > MAX_DIRECTORY_BYTES:
        raise TooComplex
