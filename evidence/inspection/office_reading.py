"""Office Open XML and OpenDocument: the text in the order of the page, and whether the file is signed."""

import zipfile
from pathlib import Path

from evidence.inspection.findings import Reading
from evidence.inspection.office import CHUNK, Reader, is_xml
from evidence.inspection.reading import MAX_CHARACTERS, tidied

# Where a signature is kept: ECMA-376 part 2, 10; OpenDocument 1.3 part 2, 5.
OOXML_SIGNATURES, ODF_SIGNATURES = "_xmlsignatures/", "META-INF/documentsignatures.xml"
# The body, then what repeats on each page.
ODF_TEXTS = ("content.xml", "styles.xml")
# Building blocks that Word offers its author, and that the document does not show.
NOT_SHOWN = "word/glossary/"
# The elements that end a line, by their local name in any of the formats.
LINES = frozenset({"p", "h", "si", "c", "br", "cr", "line-break", "table-cell"})
SPACES = frozenset({"tab", "s"})


class _TextReader(Reader):
    """Reads on in the order of the file, where `Reader` gives elements as they end; forgets what is not text."""

    def __init__(self, *, is_open_document: bool) -> None:
        super().__init__()
        self.is_open_document = is_open_document
        self.pieces: list[str] = []
        self.length = 0
        self._in_lines = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        super()._start(name, attributes)
        local = self._open[-1][0]
        self._in_lines += local in {"p", "h"}
        if local in SPACES:
            self._add(" ")

    def _text(self, text: str) -> None:
        if self._open and self._is_shown(self._open[-1][0]):
            self._add(text)

    def _end(self, name: str) -> None:
        super()._end(name)
        self.done.clear()
        local = name.rpartition(" ")[2]
        self._in_lines -= local in {"p", "h"}
        if local in LINES:
            self._add("\n")

    def _is_shown(self, element: str) -> bool:
        """OpenDocument writes text straight into its paragraphs; Office in `t`, and the values of cells in `v`.

        A cell whose value is the number of a shared text has it in `v` too: `t` of the cell says so.
        """
        if self.is_open_document:
            return self._in_lines > 0
        if element == "v":
            cell = next((attributes for name, attributes, _text in reversed(self._open) if name == "c"), {})
            return cell.get("t") != "s"
        return element == "t"

    def _add(self, text: str) -> None:
        if text == "\n" and self.pieces and self.pieces[-1] == "\n":
            return
        self.pieces.append(text)
        self.length += len(text)


def read(path: Path, *, is_open_document: bool) -> Reading:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if is_open_document:
            parts = [name for name in names if name in ODF_TEXTS]
            is_signed = ODF_SIGNATURES in names
        else:
            parts = [name for name in names if not (name.endswith(".rels") or name.startswith(NOT_SHOWN))]
            is_signed = any(name.startswith(OOXML_SIGNATURES) and name.endswith(".xml") for name in names)
        text, is_cut = tidied("".join(_pieces(archive, parts, is_open_document=is_open_document)))
    return Reading(text=text, is_cut=is_cut, is_signed=is_signed)


def _pieces(archive: zipfile.ZipFile, parts: list[str], *, is_open_document: bool) -> list[str]:
    """The text of the parts, one after the other, until there is a little more than is kept."""
    pieces: list[str] = []
    length = 0
    for part in parts:
        if not is_xml(archive, part):
            continue
        reader = _TextReader(is_open_document=is_open_document)
        with archive.open(part) as source:
            while length + reader.length <= MAX_CHARACTERS and (chunk := source.read(CHUNK)):
                reader.parser.Parse(chunk)
        pieces += reader.pieces
        length += reader.length
        if length > MAX_CHARACTERS:
            break
    return pieces
