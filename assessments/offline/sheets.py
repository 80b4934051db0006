"""A workbook that came back, read sheet by sheet: columns by their codes, questions by their keys."""

from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from assessments.models import Dossier
from assessments.offline.layout import CODES_WITHIN, COLUMNS, IDENTITY_SHEET, NEEDED, NO, TOO_LONG, YES, Col
from assessments.offline.returned import Returned
from assessments.offline.taking import NotTaken, gather, require_same
from assessments.offline.typing_in import Row, choose, expected_choices
from evidence import sandbox
from evidence.inspection.findings import Refused
from questionnaires import engine
from questionnaires.engine import QuestionType

# (kind, text) of each cell that holds something, by row and column: see evidence.inspection.sheets.
Cell = tuple[str, str]
Cells = Mapping[int, Mapping[int, Cell]]

YES_WORDS = frozenset({"oui", "o", "x", "vrai", "yes", "true"})
NO_WORDS = frozenset({"", "non", "n", "faux", "no", "false"})


def read_workbook(file: IO[bytes], dossier: Dossier, definition: engine.Definition) -> Returned:
    """Raises NotTaken, or evidence.sandbox.Stopped when it cannot be read now. `file`: of this machine, flushed."""
    try:
        sheets = sandbox.read_sheets(file)
    except Refused as refusal:
        raise NotTaken(
            _(
                "Ce classeur n’a pas pu être lu : il est endommagé, protégé, ou bien plus gros qu’un export du "
                "portail. Ouvrez-le avec votre tableur, enregistrez-le au format .xlsx sous un autre nom, puis "
                "déposez-le."
            )
        ) from refusal
    return read_sheets(sheets, dossier, definition)


def read_sheets(written: list[dict[str, Any]], dossier: Dossier, definition: engine.Definition) -> Returned:
    """What the sheets of a workbook say, as `evidence.inspection.sheets` gives them. Raises NotTaken."""
    sheets = {sheet["title"]: _by_place(sheet["cells"]) for sheet in written}
    identity = _identity(sheets.pop(IDENTITY_SHEET, {}))
    if not identity:
        raise NotTaken(
            _(
                "Ce classeur n’est pas un export de ce portail, ou sa feuille cachée « Convergence » a été "
                "supprimée. Exportez-en un nouveau et reportez-y vos réponses."
            )
        )
    number, edition = identity.get("dossier"), identity.get("edition")
    require_same(dossier, format=_integer(identity.get("format", "")), number=number, edition=edition)
    rows = [row for title, cells in sheets.items() for row in _rows(title, cells, definition)]
    if not rows:
        raise NotTaken(
            _("Aucune question n’a été trouvée dans ce classeur : ses feuilles ont été supprimées ou vidées.")
        )
    return gather(rows, definition)


def _by_place(cells: list[list[Any]]) -> Cells:
    found: dict[int, dict[int, Cell]] = {}
    for row, column, kind, text in cells:
        found.setdefault(row, {})[column] = (kind, text)
    return found


def _identity(cells: Cells) -> dict[str, str]:
    return {row[1][1]: row[2][1] for row in cells.values() if 1 in row and 2 in row}


def _rows(title: str, cells: Cells, definition: engine.Definition) -> Iterator[Row]:
    """None of a sheet that has no column of keys: it is somebody's own."""
    heads = _heads(cells)
    if heads is None:
        return
    at, columns = heads
    if missing := NEEDED - columns.keys():
        raise NotTaken(
            _(
                "Il manque des colonnes à la feuille « %(sheet)s » (%(columns)s). Exportez un nouveau "
                "classeur et reportez-y vos réponses."
            )
            % {"sheet": title, "columns": ", ".join(str(each.words) for each in COLUMNS if each.code in missing)}
        )
    for number in sorted(row for row in cells if row > at):
        key = cells[number].get(columns[Col.KEY], ("", ""))[1].strip()
        if key and not _is_wording(key):
            yield _row(
                title,
                number,
                key,
                {code: cells[number].get(column) for code, column in columns.items()},
                columns,
                definition,
            )


def _heads(cells: Cells) -> tuple[int, dict[str, int]] | None:
    """The row of the codes, and the column of each."""
    for number in range(1, CODES_WITHIN + 1):
        codes = {text: column for column, (_kind, text) in cells.get(number, {}).items() if text in set(Col)}
        if Col.KEY in codes:
            return number, codes
    return None


def _is_wording(key: str) -> bool:
    """The row of the columns' words, under their codes: no key has a small letter."""
    return key != key.upper()


def _row(
    title: str,
    number: int,
    key: str,
    cells: Mapping[str, Cell | None],
    columns: Mapping[str, int],
    definition: engine.Definition,
) -> Row:
    def place(code: Col) -> str:
        return f"{title}!{get_column_letter(columns[code])}{number}"

    fields = (Col.VALUE, Col.NOT_APPLICABLE, Col.REASON, Col.COMMENT)
    # A base that somebody damaged is nobody's revision: what differs will be asked about.
    base = _integer((cells[Col.BASE] or ("", ""))[1])
    row = Row(
        key=key, base=base if base is not None else UNKNOWN_BASE, places={code.value: place(code) for code in fields}
    )
    question = definition.questions.get(key)
    if question is not None:
        for code in fields:
            _type(row, code, question, cells[code])
    return row


# Of no revision of anything: a number that a database holds, and that nothing reaches.
UNKNOWN_BASE = 2_000_000_000


def _integer(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


# --- One cell -----------------------------------------------------------------------------------


def _type(row: Row, code: Col, question: engine.Question, cell: Cell | None) -> None:
    """Say in the row what the cell holds, as a browser would post it, or why it is no answer."""
    kind, text = cell or ("text", "")
    name = code.value
    if kind == "formula":
        row.problems[name] = ("=…", _("Cette cellule contient une formule : écrivez son résultat."))
    elif kind == "other":
        row.problems[name] = (text, _("Cette cellule contient une erreur ou une durée : écrivez la réponse elle-même."))
    elif text == str(TOO_LONG):
        return  # as it left
    elif code is Col.NOT_APPLICABLE:
        _type_not_applicable(row, text)
    elif code is not Col.VALUE:
        row.typed[name] = _as_text(kind, text)
    elif question.type is not QuestionType.FILE:
        _type_value(row, question, kind, text)


def _type_not_applicable(row: Row, text: str) -> None:
    word = text.strip().casefold()
    if word in YES_WORDS | {str(YES)}:
        row.typed["not_applicable"] = "on"
    elif word in NO_WORDS | {str(NO)}:
        row.typed["not_applicable"] = False
    else:
        row.problems["not_applicable"] = (text, _("Écrivez « oui » ou « non »."))


def _type_value(row: Row, question: engine.Question, kind: str, text: str) -> None:
    if question.choices:
        words = {"true": _("oui"), "false": _("non")}.get(text, text) if kind == "truth" else text
        _type_choices(row, question, words)
    elif kind == "date" and question.type is not QuestionType.DATE:
        row.problems["value"] = (
            text,
            _("Cette cellule contient une date : mettez-la au format texte, puis écrivez la réponse."),
        )
    elif kind == "percent" and question.unit != "%":
        row.problems["value"] = (f"{text} %", _("Écrivez le nombre seul, sans « % »."))
    else:
        row.typed["value"] = text


def _type_choices(row: Row, question: engine.Question, text: str) -> None:
    is_multiple = question.type is QuestionType.MULTIPLE_CHOICE
    # A label may hold a semicolon: a line that is one is not cut.
    lines = [line for line in text.split("\n") if line.strip()]
    pieces = [
        piece
        for line in lines
        for piece in ([line] if not choose(question, [line])[1] else line.split(";"))
        if piece.strip()
    ]
    found, unknown = choose(question, pieces)
    if unknown or (not is_multiple and len(found) > 1):
        row.problems["value"] = (text, expected_choices(question))
    else:
        row.typed["value"] = found if is_multiple else next(iter(found), "")


def _as_text(kind: str, text: str) -> str:
    """A number or a date that somebody typed where words are expected are words."""
    return f"{text} %" if kind == "percent" else text
