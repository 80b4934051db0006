"""PDF: scripts, actions, files carried inside, passwords, damage. ISO 32000-1, 7.6, 7.11 and 12.6."""

import re
from collections.abc import Iterator
from pathlib import Path

import pikepdf

from evidence.inspection import pdfium
from evidence.inspection.findings import Danger, Findings, Refused, gravest

MAX_PAGES = 5_000
MAX_DEPTH = 200

# Action types (12.6.4). Going to a page, naming a command and opening a web address on a click are left.
DANGEROUS_ACTIONS = {
    "/JavaScript": Danger.ACTIVE,
    "/Launch": Danger.ACTIVE,
    "/SubmitForm": Danger.REMOTE,
    "/ImportData": Danger.REMOTE,
    "/GoToR": Danger.REMOTE,
    "/GoToE": Danger.EMBEDDED,
    "/Rendition": Danger.ACTIVE,
    "/Movie": Danger.ACTIVE,
    "/RichMediaExecute": Danger.ACTIVE,
}
# Whatever holds one of these keys.
DANGEROUS_KEYS = {
    "/JS": Danger.ACTIVE,
    "/JavaScript": Danger.ACTIVE,
    "/XFA": Danger.ACTIVE,  # a form that is a program
    "/EF": Danger.EMBEDDED,
    "/EmbeddedFiles": Danger.EMBEDDED,
    "/Collection": Danger.EMBEDDED,  # a portfolio
}
DANGEROUS_SUBTYPES = {
    "/FileAttachment": Danger.EMBEDDED,
    "/RichMedia": Danger.ACTIVE,
    "/3D": Danger.ACTIVE,
    "/Screen": Danger.ACTIVE,
    "/Movie": Danger.ACTIVE,
    "/Sound": Danger.ACTIVE,
}
# Web addresses that open on a click; one without a scheme is a web address written short.
CLICKED = re.compile(r"(https?|mailto|tel):|(?![a-z][a-z0-9+.\-]*:|\\\\)", re.IGNORECASE)
# What starts when the document, a page or a field is opened, and not on a click.
TRIGGERS = ("/OpenAction", "/AA")


def inspect(path: Path) -> Findings:
    """Raise Refused, or return the number of pages. A damaged file passes when it can still be read."""
    try:
        with pikepdf.open(path, suppress_warnings=True) as document:
            pages = len(document.pages)
            if pages > MAX_PAGES:
                raise Refused(Danger.NOT_ANALYSABLE, f"{pages} pages")
            gravest(_dangers(document))
            readable = pages > 0 and pdfium.opens(path)
    except pikepdf.PasswordError as error:
        raise Refused(Danger.PROTECTED) from error
    except (pikepdf.PdfError, ValueError, RecursionError) as error:
        raise Refused(Danger.UNREADABLE, str(error)) from error
    if not readable:
        raise Refused(Danger.UNREADABLE, f"{pages} pages, and they cannot be drawn")
    return Findings(pages=pages)


def _dangers(document: pikepdf.Pdf) -> dict[Danger, str]:
    """Every object is read, those that nothing leads to included: a reader that repairs files may find them."""
    found: dict[Danger, str] = {}
    for each in [document.trailer, *document.objects]:
        for dictionary in _dictionaries(each):
            for danger, why in _dangers_of(dictionary):
                found.setdefault(danger, why)
    return found


def _dictionaries(top: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The dictionaries inside an object; what it only points to has its own turn."""
    waiting: list[tuple[object, int]] = [(top, 0)]
    while waiting:
        each, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise Refused(Danger.NOT_ANALYSABLE, "objects within objects")
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            yield each
            inside: list[object] = [value for _key, value in each.items()]
        elif isinstance(each, pikepdf.Array):
            inside = list(each)
        else:
            continue
        waiting += [(child, depth + 1) for child in inside if not getattr(child, "is_indirect", True)]


def _dangers_of(dictionary: pikepdf.Object) -> Iterator[tuple[Danger, str]]:
    yield from _actions(dictionary)
    for key, danger in DANGEROUS_KEYS.items():
        if key in dictionary:
            yield danger, key
    if _name(dictionary, "/Type") == "/EmbeddedFile":
        yield Danger.EMBEDDED, "/EmbeddedFile"
    # A /Subtype of /3D or /Movie is an annotation's; pictures and fonts have others.
    subtype = _name(dictionary, "/Subtype")
    if subtype in DANGEROUS_SUBTYPES:
        yield DANGEROUS_SUBTYPES[subtype], subtype


def _actions(dictionary: pikepdf.Object) -> Iterator[tuple[Danger, str]]:
    action = _name(dictionary, "/S")
    # An element of the document's structure has a /S too, with another meaning.
    if action in DANGEROUS_ACTIONS and _name(dictionary, "/Type") != "/StructElem":
        yield DANGEROUS_ACTIONS[action], action
    if action == "/URI" and not CLICKED.match(str(dictionary.get("/URI", "")).strip()):
        yield Danger.REMOTE, action
    for trigger in TRIGGERS:
        if trigger in dictionary and any(_name(each, "/S") == "/URI" for each in _started(dictionary[trigger])):
            yield Danger.REMOTE, trigger


def _started(trigger: object) -> list[pikepdf.Object]:
    """The actions of an /OpenAction, or of each event of an /AA."""
    if not isinstance(trigger, pikepdf.Dictionary):
        return []
    return [trigger, *(event for _name, event in trigger.items() if isinstance(event, pikepdf.Dictionary))]


def _name(dictionary: pikepdf.Object, key: str) -> str:
    value = dictionary.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""
