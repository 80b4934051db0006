"""PDF: the text of its pages, those that are blank or only a picture, and whether it is signed."""

import time
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from evidence.inspection import pdfium
from evidence.inspection.findings import Reading
from evidence.inspection.reading import MAX_CHARACTERS, tidied

# Processor time, of the sixty seconds that the process may take with its judgement.
MAX_SECONDS = 20
# Forms within forms, when pictures are looked for on a page.
MAX_DEPTH = 5
# A page without text is drawn so large, in pixels, to see whether something is on it.
GLANCE = 200
# Of 255: a scanner's white is not quite white.
FAINT = 12


def read(path: Path) -> Reading:
    """Read page after page, until there is enough text or time is over; the pages after that are not looked at."""
    until = time.process_time() + MAX_SECONDS
    texts: list[str] = []
    length = blank = only_pictures = 0
    is_cut = False
    with pdfium.opened(path) as document:
        is_signed = _is_signed(document)
        for number in range(len(document)):
            if length > MAX_CHARACTERS or time.process_time() > until:
                is_cut = True
                break
            text, is_blank, is_picture = _page(document, number)
            texts.append(text)
            length += len(text)
            blank += is_blank
            only_pictures += is_picture
    text, was_cut = tidied("\n".join(texts))
    return Reading(
        text=text,
        is_cut=is_cut or was_cut,
        blank_pages=blank,
        image_only_pages=only_pictures,
        is_signed=is_signed,
    )


def _page(document: pypdfium2.PdfDocument, number: int) -> tuple[str, bool, bool]:
    """A page's text, whether nothing is on it, whether it is only a picture. One that cannot be loaded is neither."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return "", False, False
    try:
        layer = page.get_textpage()
        try:
            text = layer.get_text_bounded()
        finally:
            layer.close()
        if text.strip():
            return text, False, False
        if _is_uniform(page):
            return "", True, False
        return "", False, any(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=MAX_DEPTH))
    except pypdfium2.PdfiumError:
        return "", False, False
    finally:
        page.close()


def _is_uniform(page: pypdfium2.PdfPage) -> bool:
    """Whether a glance at the page sees one colour only."""
    scale = GLANCE / max(*page.get_size(), 1)
    darkest, lightest = page.render(scale=scale, grayscale=True).to_pil().getextrema()
    return bool(lightest - darkest <= FAINT)


def _is_signed(document: pypdfium2.PdfDocument) -> bool:
    """Whether a signature field has a value (ISO 32000-1, 12.7.4.5). Its validity is not checked."""
    count = raw.FPDF_GetSignatureCount(document)
    signatures = (raw.FPDF_GetSignatureObject(document, index) for index in range(count))
    return any(raw.FPDFSignatureObj_GetContents(each, None, 0) > 0 for each in signatures)
