"""python -m evidence.inspection.sheets FILE PARENT: say in JSON, on standard output, what is written in a workbook.

{"sheets": [{"title": …, "cells": [[row, column, kind, text], …]}]}, rows and columns from 1, or {"refusal": …,
"detail": …}. Kinds: text, number, percent (the number typed before the sign), date (ISO), truth (true or false),
formula, other. A formula is named and never computed; macros, links and pictures are not looked at. PARENT is the
number of the process that wants the answer.
"""

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence.inspection.limits import confine

if TYPE_CHECKING:
    from openpyxl.reader.excel import ExcelReader

MAX_SECONDS = 30
# Far more than a questionnaire of a thousand requirements, each answered at length.
MAX_UNPACKED = 100_000_000
MAX_CHARACTERS = 20_000_000
MAX_SHEETS, MAX_ROWS, MAX_COLUMNS = 50, 5_000, 50

# Characters that XML cannot hold are written « _x0001_ » (ECMA-376 part 1, 22.9.2.19, ST_Xstring), and an underscore
# that would begin such a word « _x005F_ ».
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_IN_XML = r"\x00-\x08\x0b-\x1f\ufffe\uffff"
_TO_ESCAPE = re.compile(rf"_(?=x[0-9A-Fa-f]{{4}}[_{_NOT_IN_XML}])|[{_NOT_IN_XML}]")
# What a database of texts does not take: the word is left as it was written.
_NEVER = re.compile(r"[\x00\ud800-\udfff]")


def as_written(text: str) -> str:
    """A text as a cell of a workbook holds it."""
    return _TO_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def as_read(text: str) -> str:
    """The reverse, whoever wrote it."""
    return _ESCAPED.sub(_meant, text)


def _meant(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return found[0] if _NEVER.match(character) else character


def main(path: str, parent: str) -> None:
    confine(MAX_SECONDS, int(parent))
    # Read once the limits hold: this loads the library that parses.
    from evidence.inspection.findings import Danger, Refused  # noqa: PLC0415

    try:
        answer: dict[str, object] = {"sheets": read(Path(path))}
    except Refused as refusal:
        answer = {"refusal": refusal.danger, "detail": refusal.detail[:500]}
    except MemoryError:
        answer = {"refusal": Danger.NOT_ANALYSABLE, "detail": "memory"}
    sys.stdout.write(json.dumps(answer) + "\n")


def read(path: Path) -> list[dict[str, Any]]:
    """Raises Refused, and whatever the library raises on what is no workbook."""
    from evidence.inspection import office  # noqa: PLC0415
    from evidence.inspection.findings import Danger, Refused  # noqa: PLC0415

    with path.open("rb") as file:
        with zipfile.ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise Refused(Danger.NOT_ANALYSABLE, "too large once unpacked")
            office.require_plain(archive)
        reader = _reader()(file, read_only=True, keep_links=False)
        reader.read()
        sheets, left = [], MAX_CHARACTERS
        for sheet in reader.wb.worksheets[:MAX_SHEETS]:
            cells = list(_cells(sheet))
            left -= sum(len(text) for *_place, text in cells)
            if left < 0:
                raise Refused(Danger.NOT_ANALYSABLE, "too much text")
            sheets.append({"title": sheet.title, "cells": cells})
        return sheets


def _reader() -> "type[ExcelReader]":
    from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader  # noqa: PLC0415

    class FaithfulReader(ExcelReader):
        """The library drops « x005F_ » from shared texts, wherever it stands: they are read here."""

        def read_strings(self) -> None:
            part = self.package.find(SHARED_STRINGS)
            if part is not None:
                self.shared_strings = _shared_texts(self.archive, part.PartName[1:])

    return FaithfulReader


def _shared_texts(archive: zipfile.ZipFile, part: str) -> list[str]:
    from evidence.inspection import office  # noqa: PLC0415

    texts: list[str] = []
    pieces: list[str] = []
    for tag, _attributes, text in office.elements(archive, part):
        if tag == "t":
            pieces.append(text)
        elif tag == "rPh":  # how to pronounce what precedes
            del pieces[-1:]
        elif tag == "si":
            texts.append("".join(pieces))
            pieces.clear()
    return texts


def _cells(sheet: Any) -> Iterator[tuple[int, int, str, str]]:
    """Those that hold something. What a sheet says of its own size is not believed."""
    sheet.reset_dimensions()
    for row in sheet.iter_rows(min_row=1, max_row=MAX_ROWS, min_col=1, max_col=MAX_COLUMNS):
        for cell in row:
            if cell.value is not None:
                yield (cell.row, cell.column, *_said(cell))


def _said(cell: Any) -> tuple[str, str]:
    value = cell.value
    if cell.data_type == "f":
        return "formula", ""
    if isinstance(value, bool):
        return "truth", str(value).lower()
    if isinstance(value, int | float) and cell.data_type == "n":
        # As spreadsheets show it: the figures after the fifteenth are those of the binary number.
        number = f"{value:.15g}" if isinstance(value, float) else str(value)
        # Typed « 80 % », a cell holds 0.8 and says how to show it.
        is_percent = "%" in cell.number_format
        return ("percent", str(Decimal(number) * 100)) if is_percent else ("number", number)
    if isinstance(value, datetime):
        return "date", value.date().isoformat()
    if isinstance(value, date):
        return "date", value.isoformat()
    return ("text", as_read(value)) if isinstance(value, str) and cell.data_type == "s" else ("other", str(value))


if __name__ == "__main__":
    main(*sys.argv[1:])
