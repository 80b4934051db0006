"""Office Open XML and OpenDocument: macros, files carried inside, what is fetched from elsewhere.

ECMA-376 part 2 for packages and relationships; OASIS OpenDocument 1.3 part 2 for packages, part 3 for scripts and
links.
"""

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.parsers import expat

from evidence.inspection.findings import Danger, Findings, Refused, gravest

MAX_UNPACKED = 500_000_000
MAX_PART = 200_000_000
# A sheet full of the same figures shrinks to a hundredth; a bomb to a thousandth.
MAX_RATIO, RATIO_MATTERS_FROM = 300, 20_000_000
CHUNK = 65_536
# White space, the marks of byte order, and the zeros between letters in UTF-16.
BLANK = b"\t\r\n \0\xef\xbb\xbf\xff\xfe"

MACRO_PARTS = re.compile(r"vbaproject|vbadata|(^|/)activex/|(^|/)macrosheets/|(^|/)(basic|scripts)/", re.IGNORECASE)
CARRIED_PARTS = re.compile(
    r"(^|/)embeddings/|oleobject|\.(exe|dll|js|vbs|ps1|bat|cmd|msi|hta|jar|lnk|scr|zip|7z|rar|html?)$",
    re.IGNORECASE,
)
# Links that open on a click.
CLICKED = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)
# A place on the author's own machine: Word names the template it was written with.
LOCAL = re.compile(r"(file:/{3})?([a-z]:[\\/]|/(?!/)|[^:\\/]+$)", re.IGNORECASE)
# What a package leads to, by the last word of the relationship's type; parts may have any name.
RELATED = {
    "vbaproject": Danger.ACTIVE,
    "wordvbadata": Danger.ACTIVE,
    "xlmacrosheet": Danger.ACTIVE,
    "xlintlmacrosheet": Danger.ACTIVE,
    "control": Danger.ACTIVE,
    "activexcontrolbinary": Danger.ACTIVE,
    "oleobject": Danger.EMBEDDED,
    "package": Danger.EMBEDDED,
    "afchunk": Danger.EMBEDDED,
}
# How a workbook says where its data come from.
CONNECTIONS = frozenset({"dbPr", "webPr", "textPr", "olapPr"})
DDE_FIELD = re.compile(r"\bDDE(AUTO)?\b", re.IGNORECASE)
FETCHING_FIELD = re.compile(
    r"\b(INCLUDETEXT|INCLUDEPICTURE|IMPORT|INCLUDE)\b[^a-z]*((https?|ftp|file):|\\\\)", re.IGNORECASE
)
FETCHING_FORMULA = re.compile(r"\b(WEBSERVICE|RTD|_xlfn\.IMAGE)\s*\(", re.IGNORECASE)
DDE_FORMULA = re.compile(r"""(^|[=+\-(,;])\s*('?[\w.\- ]+'?\|\s*'|(\w+:)?=?\s*DDE\()""", re.IGNORECASE)
# Objects of OpenDocument that are drawn, and hold no file.
DRAWN_OBJECTS = ("chart", "formula", "graphics")


def inspect(path: Path, *, is_open_document: bool) -> Findings:
    """Raise Refused when the document does more than be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            _measure(archive)
            names = archive.namelist()
            found: dict[Danger, str] = {}
            reading = _odf(archive) if is_open_document else _ooxml(archive)
            for danger, why in (*_parts(names), *reading):
                found.setdefault(danger, why)
            gravest(found)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, KeyError) as error:
        raise Refused(Danger.UNREADABLE, str(error)) from error
    return Findings()


def require_plain(archive: zipfile.ZipFile) -> None:
    """Raise Refused on a bomb, a disguise, or XML that is damaged or declares entities. What else it does is not
    judged: for a document that is read here, and neither kept nor opened by anybody."""
    _measure(archive)
    for part in archive.namelist():
        if is_xml(archive, part):
            for _element in elements(archive, part):
                pass


def _measure(archive: zipfile.ZipFile) -> None:
    """Refuse bombs by what they announce, and names that two programs would read differently."""
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refused(Danger.NOT_ANALYSABLE, "too large once unpacked")
    for part in parts:
        if part.flag_bits & 0x1:
            raise Refused(Danger.PROTECTED, part.filename)
        if part.file_size > RATIO_MATTERS_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise Refused(Danger.NOT_ANALYSABLE, f"{part.filename}: compressed too well")
        if ".." in part.filename.split("/") or part.filename.startswith("/") or "\\" in part.filename:
            raise Refused(Danger.DISGUISED, part.filename)
    twice = [name for name, count in Counter(part.filename.lower() for part in parts).items() if count > 1]
    if twice:
        raise Refused(Danger.DISGUISED, f"{twice[0]}: twice")


def _parts(names: list[str]) -> Iterator[tuple[Danger, str]]:
    for name in names:
        if MACRO_PARTS.search(name):
            yield Danger.ACTIVE, name
        if CARRIED_PARTS.search(name):
            yield Danger.EMBEDDED, name


# --- Office Open XML ----------------------------------------------------------------------------


def _ooxml(archive: zipfile.ZipFile) -> Iterator[tuple[Danger, str]]:
    for name in archive.namelist():
        if name.lower().endswith(".rels"):
            yield from _relationships(archive, name)
        elif is_xml(archive, name):
            yield from _fields_and_formulas(archive, name)


def _relationships(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[Danger, str]]:
    for tag, attributes, _text in elements(archive, part):
        if tag != "Relationship":
            continue
        kind, target = attributes.get("Type", "").rpartition("/")[2].lower(), attributes.get("Target", "")
        if kind in RELATED:
            yield RELATED[kind], f"{part}: {kind} {target}"
        if attributes.get("TargetMode", "").lower() != "external":
            continue
        clicked = kind == "hyperlink" and (CLICKED.match(target) or LOCAL.match(target))
        template = kind == "attachedtemplate" and LOCAL.match(target)
        if not (clicked or template):
            yield Danger.REMOTE, f"{part}: {kind} {target}"


def _fields_and_formulas(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[Danger, str]]:
    field: list[str] = []
    for tag, attributes, text in elements(archive, part):
        if tag == "ddeLink" or tag in CONNECTIONS:
            yield Danger.REMOTE, f"{part}: {tag}"
        elif tag == "instrText":
            # A field may be cut into as many pieces as its author likes.
            field.append(text)
        elif tag == "fldSimple":
            yield from _field(attributes.get("instr", ""), part)
        elif tag in {"p", "fldChar"}:
            yield from _field("".join(field), part)
            if tag == "p" or attributes.get("fldCharType") == "end":
                field = []
        elif tag in {"f", "formula1", "formula2"} and _fetches(text):
            yield Danger.REMOTE, f"{part}: {text[:60]}"
    yield from _field("".join(field), part)


def _fetches(formula: str) -> bool:
    return bool(DDE_FORMULA.search(formula) or FETCHING_FORMULA.search(formula))


def _field(instruction: str, part: str) -> Iterator[tuple[Danger, str]]:
    if DDE_FIELD.match(instruction.strip()) or FETCHING_FIELD.match(instruction.strip()):
        yield Danger.REMOTE, f"{part}: {instruction.strip()[:60]}"


# --- OpenDocument -------------------------------------------------------------------------------


def _odf(archive: zipfile.ZipFile) -> Iterator[tuple[Danger, str]]:
    for name in archive.namelist():
        if name == "META-INF/manifest.xml":
            yield from _manifest(archive, name)
        elif is_xml(archive, name):
            yield from _odf_part(archive, name)


def _manifest(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[Danger, str]]:
    for tag, attributes, _text in elements(archive, part):
        if tag == "encryption-data":
            raise Refused(Danger.PROTECTED, part)
        path, kind = attributes.get("full-path", ""), attributes.get("media-type", "")
        is_object = path.startswith("Object ") and path.count("/") <= 1 and kind.startswith("application/")
        if is_object and not kind.removesuffix("-template").endswith(DRAWN_OBJECTS):
            yield Danger.EMBEDDED, f"{path}: {kind}"


def _odf_part(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[Danger, str]]:
    for tag, attributes, _text in elements(archive, part):
        if tag in {"event-listener", "script"} and attributes.keys() & {"href", "language", "macro-name"}:
            yield Danger.ACTIVE, f"{part}: {tag}"
        if tag in {"object-ole", "plugin", "applet", "floating-frame"}:
            yield Danger.EMBEDDED, f"{part}: {tag}"
        if tag in {"dde-source", "dde-connection-decl", "dde-link"} or DDE_FORMULA.search(
            attributes.get("formula", "")
        ):
            yield Danger.REMOTE, f"{part}: {tag}"
        href = attributes.get("href", "")
        if tag == "a":
            if href and not (CLICKED.match(href) or href.startswith(("#", "../")) or LOCAL.match(href)):
                yield Danger.REMOTE, f"{part}: {href}"
        elif re.match(r"[a-z][a-z0-9+.\-]*:|//|\\\\", href, re.IGNORECASE):
            yield Danger.REMOTE, f"{part}: {tag} {href}"


# --- XML ----------------------------------------------------------------------------------------


def is_xml(archive: zipfile.ZipFile, part: str) -> bool:
    """By its first byte that is not blank: a part is read for what its type says, whatever its name ends with."""
    with archive.open(part) as source:
        while chunk := source.read(CHUNK):
            if start := chunk.lstrip(BLANK):
                return start.startswith(b"<")
    return False


class Reader:
    """Collects the elements of an XML part by local name, with their text, as its bytes come."""

    def __init__(self) -> None:
        self.done: list[tuple[str, dict[str, str], str]] = []
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        # No format of ours declares entities: whoever does wants the reader to fetch or to swell.
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        self._open.append((name.rpartition(" ")[2], local, []))

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1][2].append(text)

    def _end(self, _name: str) -> None:
        name, attributes, text = self._open.pop()
        self.done.append((name, attributes, "".join(text)))

    def _doctype(self, *_declaration: object) -> None:
        raise Refused(Danger.REMOTE, "a document type declaration")


def elements(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """(local name, attributes by local name, own text) of each element, as they end. Reads by pieces."""
    reader = Reader()
    with archive.open(part) as source:
        try:
            yield from _feed(reader, source, part)
        except expat.ExpatError as error:
            raise Refused(Danger.UNREADABLE, f"{part}: {error}") from error


def _feed(reader: Reader, source: IO[bytes], part: str) -> Iterator[tuple[str, dict[str, str], str]]:
    read = 0
    while chunk := source.read(CHUNK):
        read += len(chunk)
        if read > MAX_PART:
            raise Refused(Danger.NOT_ANALYSABLE, f"{part}: too large once unpacked")
        reader.parser.Parse(chunk)
        yield from reader.done
        reader.done.clear()
    if read:
        reader.parser.Parse(b"", True)  # noqa: FBT003 — expat takes no names
        yield from reader.done
