"""CSV that no spreadsheet runs: what begins like a formula is shown as text (OWASP, « CSV Injection »).

Our cells are separated by semicolons. A spreadsheet set otherwise, or whoever pastes the file, cuts them elsewhere: so
a formula is also stopped where a comma, a tab, a bar or a line break *inside* a cell would make it begin another one.
"""

import csv
import io
from collections.abc import Iterable, Iterator

FORMULA = frozenset("=+-@＝＋－＠")
# What may separate cells or lines, here or elsewhere.
SEPARATORS = frozenset(",;|\t\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
# What spreadsheets drop or skip, with spaces, before looking for a formula.
SKIPPED = frozenset('"\0\ufeff')
# What no cell of ours begins with.
DANGEROUS = (*FORMULA, "\t", "\r", "\n", "\0")
BYTE_ORDER_MARK = "\ufeff"  # how Excel knows that a file is UTF-8


def harmless(cell: object) -> str:
    """The cell's text, with an apostrophe before whatever could pass for a formula."""
    text = "".join(_guarded("" if cell is None else str(cell)))
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _guarded(text: str) -> Iterator[str]:
    beginning = True
    for each in text:
        if beginning and each in FORMULA:
            yield "'"
        beginning = each in SEPARATORS or (beginning and (each in SKIPPED or each.isspace()))
        yield each


def lines(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The file, piece by piece: UTF-8 with its mark, cells separated by semicolons as French spreadsheets expect."""
    yield BYTE_ORDER_MARK + _line(header)
    for row in rows:
        yield _line(row)


def _line(cells: Iterable[object]) -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=";").writerow([harmless(cell) for cell in cells])
    return target.getvalue()
