"""A workbook that came back: rows by their sheet and columns by their codes, every mistake told with its cell."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.functions import iterparse

from questionnaires.exchange.reading import NotRead
from questionnaires.exchange.workbook_layout import (
    CODES_WITHIN,
    QUESTIONNAIRE,
    SHEETS,
    Column,
    Holds,
    Sheet,
    as_read,
)

# Far more than a questionnaire of a thousand requirements.
MAX_UNPACKED = 60_000_000
MAX_CHARACTERS = 10_000_000
MAX_SHEETS, MAX_ROWS, MAX_COLUMNS = 40, 20_000, 100
MAX_CELLS = 2_000_000
MAX_ERRORS = 100
_TRUE = {"oui", "o", "vrai", "true", "x"}
_FALSE = {"non", "n", "faux", "false"}
_DAMAGED = (
    *(zipfile.BadZipFile, InvalidFileException, SyntaxError),  # of XML
    *(ValueError, KeyError, TypeError, AttributeError, IndexError, EOFError, NotImplementedError, RuntimeError),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The fields of one row: those that are empty are left out. `number`: its own in the sheet."""

    sheet: Sheet
    number: int
    fields: Mapping[str, Any]
    places: Mapping[str, str]

    def place(self, code: str) -> str:
        return _place(self.sheet, self.places.get(code, f"A{self.number}"))


@dataclass(slots=True)
class Errors:
    """What is wrong, in the order in which it is met."""

    said: list[str] = field(default_factory=list)

    def add(self, place: str, reason: str) -> None:
        self.said.append(f"{place} : {reason}")

    def stop(self, file: str) -> None:
        if self.said:
            more = [_("… et %(count)d autres.") % {"count": len(self.said) - MAX_ERRORS}]
            raise NotRead(
                *(f"{file}, {each}" for each in self.said[:MAX_ERRORS]), *more * (len(self.said) > MAX_ERRORS)
            )


def read_rows(data: bytes, file: str, errors: Errors) -> dict[str, list[Row]]:
    """The rows of each sheet of ours, by its title. NotRead."""
    sheets = _sheets(data, file)
    if QUESTIONNAIRE.title not in sheets:
        raise NotRead(
            _(
                "%(file)s : ce classeur n’a pas de feuille « %(sheet)s ». Partez du modèle, ou de l’export d’un "
                "questionnaire."
            )
            % {"file": file, "sheet": QUESTIONNAIRE.title}
        )
    return {sheet.title: list(_rows(sheet, sheets.get(sheet.title, {}), errors)) for sheet in SHEETS}


# --- Cells --------------------------------------------------------------------------------------

# The value and the kind of each cell that holds something, by row and column.
Cells = dict[int, dict[int, tuple[Any, str]]]


def _sheets(data: bytes, file: str) -> dict[str, Cells]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise NotRead(_("%(file)s : ce classeur est trop gros une fois ouvert.") % {"file": file})
            for part in archive.namelist():
                _refuse_entities(archive.read(part))
        reader = _FaithfulReader(io.BytesIO(data), read_only=True, keep_links=False)
        reader.read()
        sheets, left = {}, MAX_CHARACTERS
        for page in reader.wb.worksheets[:MAX_SHEETS]:
            cells: Cells = {}
            for row, column, value, kind in _cells(page, file):
                cells.setdefault(row, {})[column] = value, kind
                left -= len(value) if isinstance(value, str) else 0
                if left < 0:
                    raise NotRead(_("%(file)s : ce classeur contient trop de texte.") % {"file": file})
            sheets[page.title] = cells
    except NotRead:
        raise
    except _DAMAGED as error:
        raise NotRead(
            _(
                "%(file)s : ce classeur n’a pas pu être lu, il est endommagé ou protégé. Ouvrez-le avec votre tableur, "
                "enregistrez-le au format .xlsx sous un autre nom, puis déposez-le."
            )
            % {"file": file}
        ) from error
    return sheets


def _refuse_entities(part: bytes) -> None:
    """No program that saves workbooks declares any, nor writes XML otherwise than in UTF-8."""
    if b"<!DOCTYPE" in part or part[:2] in (b"\xff\xfe", b"\xfe\xff") or (b"<" in part[:4] and b"\0" in part[:4]):
        raise ValueError("XML that declares entities, or hides that it does")


class _FaithfulReader(ExcelReader):
    """The library drops « x005F_ » from shared texts, wherever it stands: they are read here."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        texts, pieces = [], []
        with self.archive.open(part.PartName[1:]) as source:
            for _event, node in iterparse(source):
                tag = node.tag.rpartition("}")[2]
                if tag == "t":
                    pieces.append(node.text or "")
                elif tag == "rPh":  # how to pronounce what precedes
                    del pieces[-1:]
                elif tag == "si":
                    texts.append("".join(pieces))
                    pieces.clear()
                    node.clear()
        self.shared_strings = texts


def _cells(page: Any, file: str) -> Iterator[tuple[int, int, Any, str]]:
    """What a sheet says of its own size is not believed. Rows that are not in the file cost nothing."""
    page.reset_dimensions()
    visited = 0
    for row in page.iter_rows():
        visited += len(row)
        for cell in row:
            if cell.value is None:
                continue
            if cell.row > MAX_ROWS or cell.column > MAX_COLUMNS:
                raise NotRead(
                    _(
                        "%(file)s, feuille « %(sheet)s », cellule %(cell)s : trop loin, %(rows)d lignes et %(columns)d "
                        "colonnes au plus. Effacez ce qui s’y trouve."
                    )
                    % {
                        "file": file,
                        "sheet": page.title,
                        "cell": f"{get_column_letter(cell.column)}{cell.row}",
                        "rows": MAX_ROWS,
                        "columns": MAX_COLUMNS,
                    }
                )
            value = cell.value
            text = as_read(value) if isinstance(value, str) and cell.data_type == "s" else value
            yield cell.row, cell.column, text, cell.data_type
        if visited > MAX_CELLS:
            raise NotRead(_("%(file)s : ce classeur contient trop de cellules.") % {"file": file})


def _rows(sheet: Sheet, cells: Cells, errors: Errors) -> Iterator[Row]:
    """Rows that hold nothing are passed over. A sheet that is not there holds none."""
    heads = _heads(sheet, cells)
    if heads is None:
        if cells:
            errors.add(
                f"feuille « {sheet.title} »",
                _("la ligne des codes de colonnes (ligne 1, masquée) manque. Repartez du modèle."),
            )
        return
    at, columns = heads
    for column in sheet.columns:
        if column.needed and column.code not in columns:
            errors.add(f"feuille « {sheet.title} »", _("la colonne « %(title)s » manque.") % {"title": column.title})
    for number in sorted(row for row in cells if row > at + 1):
        row = cells[number]
        if any(column in row for column in columns.values()):
            yield _row(sheet, number, row, columns, errors)


def _heads(sheet: Sheet, cells: Cells) -> tuple[int, dict[str, int]] | None:
    """The row of the codes, and the column of each."""
    known = {column.code for column in sheet.columns}
    for number in range(1, CODES_WITHIN + 1):
        found = {str(value): column for column, (value, _kind) in cells.get(number, {}).items() if str(value) in known}
        if sheet.columns[0].code in found:
            return number, found
    return None


def _row(
    sheet: Sheet, number: int, cells: Mapping[int, tuple[Any, str]], columns: Mapping[str, int], errors: Errors
) -> Row:
    places = {code: f"{get_column_letter(at)}{number}" for code, at in columns.items()}
    fields: dict[str, Any] = {}
    for column in sheet.columns:
        place = _place(sheet, places.get(column.code, f"A{number}"))
        value, kind = cells.get(columns.get(column.code, 0), (None, "n"))
        if value is None or value == "":
            if column.needed and column.code in columns:
                errors.add(place, _("« %(title)s » est à remplir.") % {"title": column.title})
            continue
        try:
            fields[column.code] = _value(column, value, kind)
        except ValueError as error:
            errors.add(place, str(error))
    return Row(sheet=sheet, number=number, fields=fields, places=places)


def _place(sheet: Sheet, cell: str) -> str:
    return f"feuille « {sheet.title} », cellule {cell}"


# --- Values -------------------------------------------------------------------------------------


def _value(column: Column, value: Any, kind: str) -> Any:
    """What the cell means. ValueError, with the reason in French."""
    if kind == "f":
        raise ValueError(_("cette cellule contient une formule : écrivez son résultat."))
    if kind == "e" or not isinstance(value, str | int | float | bool):
        raise ValueError(
            _("cette cellule contient une date ou une erreur : mettez-la au format texte, puis écrivez la valeur.")
        )
    return _MEANT[column.holds](column, value)


def _count(column: Column, value: Any) -> int:
    number = _decimal(column, value)
    if number != number.to_integral_value() or number < 0:
        raise ValueError(_("écrivez un nombre entier."))
    return int(number)


def _list(column: Column, value: Any) -> tuple[str, ...]:
    return tuple(_shaped(column, each) for each in str(value).replace(",", " ").split())


def _as_text(value: Any) -> str:
    """A number that somebody typed where words are expected is the text that it looks like."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _decimal(_column: Column, value: Any) -> Decimal:
    text = f"{value:.15g}" if isinstance(value, float) else str(value).strip().replace(",", ".")
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or abs(number.adjusted()) > 40:
        raise ValueError(_("écrivez un nombre, par exemple 0,5."))
    return number


def _truth(_column: Column, value: Any) -> bool:
    word = str(value).strip().casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(_("écrivez « oui » ou « non »."))


def _word(column: Column, value: Any) -> str:
    text = str(value)
    word = text.strip().casefold()
    for code, name in column.words.items():
        if word in (name.casefold(), code):
            return code
    raise ValueError(
        _("« %(text)s » n’est pas connu : choisissez parmi %(words)s.")
        % {"text": text[:60], "words": ", ".join(f"« {each} »" for each in column.words.values())}
    )


def _shaped(column: Column, value: Any) -> str:
    text = _as_text(value)
    if column.shape and not re.fullmatch(column.shape, text):
        raise ValueError(
            _("« %(text)s » n’a pas la forme attendue : par exemple %(like)s.")
            % {"text": text[:60], "like": column.like}
        )
    return text


_MEANT: Mapping[Holds, Callable[[Column, Any], Any]] = {
    Holds.TEXT: _shaped,
    Holds.NUMBER: _decimal,
    Holds.COUNT: _count,
    Holds.TRUTH: _truth,
    Holds.WORD: _word,
    Holds.LIST: _list,
}
