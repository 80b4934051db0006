"""A very small PDF writer: titles and paragraphs on A4 pages, in the fonts that every reader has.

WeasyPrint would take a tenth of a second for each of these documents; this takes a thousandth.
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 595, 842, 64
# Average width of a French letter in Helvetica, in ems, with some room to spare.
LETTER = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """`font` names a resource of the page; sizes and spaces in points."""

    font: str
    size: int
    before: int

    @property
    def leading(self) -> float:
        return self.size * 1.45

    def wrap(self, text: str) -> list[str]:
        # Only ordinary spaces may break a line: French has others.
        return textwrap.wrap(text, int((WIDTH - 2 * MARGIN) / (self.size * LETTER)), break_long_words=False)


TITLE = Style(font="F2", size=20, before=0)
FACT = Style(font="F1", size=10, before=2)
HEADING = Style(font="F2", size=13, before=22)
BODY = Style(font="F1", size=11, before=6)
FOOTER = Style(font="F1", size=8, before=0)


def document(*, title: str, facts: Sequence[str], sections: Sequence[tuple[str, str]], footer: str) -> bytes:
    """Return a PDF: the title, a line for each fact, the sections; on every page `footer` and its number."""
    blocks = [(TITLE, title), *((FACT, fact) for fact in facts)]
    for heading, text in sections:
        blocks += [(HEADING, heading), (BODY, text)]
    pages = list(_pages(blocks))
    for number, page in enumerate(pages, start=1):
        page.append(_line(FOOTER, MARGIN - 24, f"{footer} · page {number} sur {len(pages)}"))
    return _file(title, [b"\n".join(page) for page in pages])


def _pages(blocks: Sequence[tuple[Style, str]]) -> Iterator[list[bytes]]:
    page: list[bytes] = []
    y = float(HEIGHT - MARGIN)
    for style, text in blocks:
        y -= style.before
        for line in style.wrap(text):
            y -= style.leading
            if y < MARGIN:
                yield page
                page, y = [], HEIGHT - MARGIN - style.leading
            page.append(_line(style, y, line))
    yield page


def _line(style: Style, y: float, text: str) -> bytes:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    words = escaped.encode("cp1252", "replace")
    return b"BT /%s %d Tf %d %.1f Td (%s) Tj ET" % (style.font.encode(), style.size, MARGIN, y, words)


def _file(title: str, contents: Sequence[bytes]) -> bytes:
    """The objects: catalogue, pages, two fonts, information, then a page and its content for each."""
    first = 6
    kids = b" ".join(b"%d 0 R" % (first + 2 * index) for index in range(len(contents)))
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr) >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents)),
        font % b"Helvetica",
        font % b"Helvetica-Bold",
        b"<< /Title <%s> >>" % ("\ufeff" + title).encode("utf-16-be").hex().encode(),
    ]
    for index, content in enumerate(contents):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (WIDTH, HEIGHT, first + 2 * index + 1)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _with_table(objects)


def _with_table(objects: Sequence[bytes]) -> bytes:
    """Number the objects and write where each begins."""
    written = b"%PDF-1.7\n"
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(written))
    return b"%sxref\n0 %d\n0000000000 65535 f \n%s%s" % (written, size, table, trailer)
