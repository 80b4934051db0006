"""The program that draws the pages of a PDF and reads their text: how a file is opened with it."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pikepdf
import pypdfium2


@contextmanager
def opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    """The document, mended when it must be. Raises PdfiumError when its pages cannot be drawn."""
    # Open already: pdfium would look for the real path of one of /proc, and find none.
    with path.open("rb") as file:
        document = _opened(file) or _opened(_mended(path))
        if document is None:
            raise pypdfium2.PdfiumError("No page can be drawn.")
        try:
            yield document
        finally:
            document.close()


def opens(path: Path) -> bool:
    try:
        with opened(path):
            return True
    except pypdfium2.PdfiumError:
        return False


def _opened(source: IO[bytes] | bytes) -> pypdfium2.PdfDocument | None:
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError:
        return None
    if len(document) > 0:
        return document
    document.close()
    return None


def _mended(path: Path) -> bytes:
    """The document written anew: readers mend damaged files too, some better than others."""
    mended = io.BytesIO()
    with pikepdf.open(path, suppress_warnings=True) as document:
        document.save(mended)
    return mended.getvalue()
