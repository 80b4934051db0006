"""The PDF report: a reading in, bytes out. It reads neither disk nor network."""

import base64
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.document import Document
from weasyprint.urls import URLFetcher

from results.reading import Figures, Reading
from ui.radar import RadarPoint, radar_svg

# Tagged, readable by assistive technologies. No conformance checker is at hand: nothing more is claimed.
PDF_VARIANT = "pdf/ua-1"


def report_pdf(reading: Reading) -> bytes:
    """The whole way at once; the task takes the three steps one by one to tell how far it is."""
    return draw(lay_out(write_html(reading)))


def write_html(reading: Reading) -> str:
    """The report's only document, its style sheet and pictures inside."""
    context = {
        "reading": reading,
        "told": reading.told,
        "radar": _picture([section.figures for section in reading.sections], size=420),
        "pages": [
            {"section": section, "radar": _picture([theme.figures for theme in section.themes], size=400)}
            for section in reading.sections
        ],
        "operator": settings.OPERATOR_NAME,
        "show_state_block": settings.SHOW_STATE_BLOCK,
    }
    return render_to_string("report/report.html", context)


def lay_out(html: str) -> Document:
    """Cut the document into pages: about half of the work."""
    with _no_collection():
        source = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols={"data"}))
        return source.render(pdf_variant=PDF_VARIANT)


def draw(pages: Document) -> bytes:
    """Write the pages as PDF."""
    with _no_collection():
        pdf: Any = pages.write_pdf(pdf_variant=PDF_VARIANT)
    assert isinstance(pdf, bytes)
    return pdf


def _picture(figures: Sequence[Figures], *, size: int) -> str:
    """The radar as a data address: an <img> carries the alternative text that a tagged PDF needs."""
    svg = radar_svg([RadarPoint(label=item.title, value=item.score) for item in figures], size)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@contextmanager
def _no_collection() -> Iterator[None]:
    """The collector walks a growing tree of boxes for nothing: set it aside for the time of a rendering."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
