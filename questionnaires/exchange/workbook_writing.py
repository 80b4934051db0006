"""A questionnaire as a workbook (XLSX) that people edit, and that is read back without a change."""

import io
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from questionnaires import engine
from questionnaires.exchange.workbook_layout import (
    CELL_UNITS,
    CHOICES,
    CODES_ROW,
    FIRST_ROW,
    LISTS,
    MIGRATION,
    MOVED_CHOICES,
    MOVES,
    OUTCOMES_SHEET,
    PARTS,
    QUESTIONNAIRE,
    QUESTIONS,
    README,
    SHEETS,
    STEPS,
    THEMES,
    THRESHOLDS,
    WORDS_ROW,
    Column,
    Holds,
    Sheet,
    as_written,
)

Row = Mapping[str, Any]

HEAD = PatternFill("solid", fgColor="E3E3FD")
BOLD, TITLE = Font(bold=True), Font(bold=True, size=16)
WRAPPED = Alignment(wrap_text=True, vertical="top")
# Lists are offered on as many empty rows, for what people add.
MORE_ROWS = 300
# What a cell that is edited, and left as it was, would otherwise be taken for.
FORMULA = ("=", "+", "-", "@")
MOST_FIGURES = 15  # of a number in a spreadsheet


class TooLongForCell(ValueError):
    """A text that no cell holds; the message says which, in French."""


def write_workbook(content: engine.Questionnaire) -> bytes:
    """The whole version. TooLongForCell: nothing is cut."""
    book = Workbook()
    _readme(book.active)
    lists = book.create_sheet(LISTS)
    for sheet, rows in _rows(content):
        _fill(book.create_sheet(sheet.title), sheet, list(rows), lists)
    lists.sheet_state = "hidden"
    # Last: it is hidden, and some programs open a workbook on its first sheets whatever they are.
    book.move_sheet(lists, len(book.sheetnames))
    book.active = 0
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def empty_workbook() -> bytes:
    """The template: every sheet, its lists, and no row."""
    return write_workbook(engine.Questionnaire(code=""))


# --- Rows ---------------------------------------------------------------------------------------


def _rows(content: engine.Questionnaire) -> Iterable[tuple[Sheet, Iterable[Row]]]:
    asked = list(content.questions())
    outcomes = list(enumerate(content.outcomes, start=1))
    yield QUESTIONNAIRE, [_fields(QUESTIONNAIRE, content)] if content.code else []
    yield PARTS, (_fields(PARTS, part) for part in content.parts)
    yield THEMES, (_fields(THEMES, theme) for theme in content.themes)
    yield (
        QUESTIONS,
        (_fields(QUESTIONS, each, theme=theme.code) for theme in content.themes for each in theme.questions),
    )
    yield CHOICES, (_fields(CHOICES, choice, question=each.key) for each in asked for choice in each.choices)
    yield THRESHOLDS, (_fields(THRESHOLDS, step, question=each.key) for each in asked for step in each.thresholds)
    yield OUTCOMES_SHEET, (_fields(OUTCOMES_SHEET, outcome, number=number) for number, outcome in outcomes)
    yield STEPS, ({"outcome": number, "text": step} for number, outcome in outcomes for step in outcome.next_steps)
    moves = list(enumerate(content.migration.moves, start=1)) if content.migration else []
    yield MIGRATION, [_fields(MIGRATION, content.migration)] if content.migration else []
    yield MOVES, (_fields(MOVES, move, number=number) for number, move in moves)
    yield MOVED_CHOICES, (_fields(MOVED_CHOICES, each, move=number) for number, move in moves for each in move.choices)


def _fields(sheet: Sheet, source: object, **others: Any) -> Row:
    return {
        column.code: others[column.code] if column.code in others else getattr(source, column.code)
        for column in sheet.columns
    }


# --- Sheets -------------------------------------------------------------------------------------


def _fill(page: Worksheet, sheet: Sheet, rows: list[Row], lists: Worksheet) -> None:
    for number, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(number)
        _put(page, f"{letter}{CODES_ROW}", column.code)
        head = _put(page, f"{letter}{WORDS_ROW}", f"{column.title} *" if column.needed else column.title)
        head.font, head.fill = BOLD, HEAD
        page.column_dimensions[letter].width = column.width
        if column.words:
            _offer(page, letter, column, len(rows), lists)
        for at, row in enumerate(rows, start=FIRST_ROW):
            _put_field(page, sheet, column, f"{letter}{at}", row)
    page.row_dimensions[CODES_ROW].hidden = True
    page.freeze_panes = f"C{FIRST_ROW}" if sheet is QUESTIONS else f"A{FIRST_ROW}"


def _put_field(page: Worksheet, sheet: Sheet, column: Column, place: str, row: Row) -> None:
    value = row[column.code]
    if value is None or value in ("", ()):
        return
    if column.holds is Holds.TRUTH:
        value = column.words["true" if value else "false"]
    elif column.holds is Holds.WORD:
        value = column.words.get(value, value)
    elif column.holds is Holds.LIST:
        value = " ".join(value)
    elif isinstance(value, Decimal):
        value = _number(value)
    if isinstance(value, str) and not _fits(value):
        name = row.get("key") or row.get("question") or row.get("code") or row.get("number") or row.get("outcome")
        raise TooLongForCell(
            _(
                "« %(column)s » de « %(name)s » (feuille « %(sheet)s ») a %(length)d caractères : une cellule de "
                "tableur en contient %(most)d. Exportez plutôt en YAML, ou raccourcissez ce texte."
            )
            % {"column": column.title, "name": name, "sheet": sheet.title, "length": len(value), "most": CELL_UNITS}
        )
    _put(page, place, value)


def _number(value: Decimal) -> int | float | str:
    """As a number when a spreadsheet keeps all its figures, else as the text that says them."""
    if value == value.to_integral_value() and abs(value) < 10**MOST_FIGURES:
        return int(value)
    is_kept = len(value.normalize().as_tuple().digits) <= MOST_FIGURES and Decimal(repr(float(value))) == value
    return float(value) if is_kept else format(value, "f")


def _fits(text: str) -> bool:
    written = as_written(text)
    return max(len(each.encode("utf-16-le", "surrogatepass")) // 2 for each in (text, written)) <= CELL_UNITS


def _put(page: Worksheet, place: str, value: object) -> Any:
    """Write a cell. A text is written as a text, whatever it begins with: nothing typed by anybody is a formula."""
    cell = page[place]
    cell.alignment = WRAPPED
    cell.value = as_written(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type, cell.quotePrefix, cell.number_format = "s", value.startswith(FORMULA), "@"
    return cell


def _offer(page: Worksheet, letter: str, column: Column, count: int, lists: Worksheet) -> None:
    """A list to choose from. It stands in cells: one that is written in the rule itself is cut at 255 characters."""
    at = get_column_letter(lists.max_column + 1)
    for row, word in enumerate(column.words.values(), start=1):
        _put(lists, f"{at}{row}", word)
    rule = DataValidation(
        type="list", formula1=f"{LISTS}!${at}$1:${at}${len(column.words)}", allow_blank=not column.needed
    )
    rule.errorTitle, rule.error = "Valeur inconnue", "Choisissez l’une des valeurs de la liste."
    rule.showErrorMessage = True
    rule.add(f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + count + MORE_ROWS}")
    page.add_data_validation(rule)


# --- « Lisez-moi » ------------------------------------------------------------------------------


def _readme(page: Worksheet) -> None:
    page.title = README
    page.column_dimensions["A"].width = 110
    _put(page, "A1", _("Un questionnaire, à modifier dans un tableur")).font = TITLE
    for row, sentence in enumerate(_instructions(), start=3):
        _put(page, f"A{row}", sentence)


def _instructions() -> list[str]:
    titles = ", ".join(sheet.title for sheet in SHEETS)
    return [
        _("Une chose par ligne, dans ces feuilles : %(titles)s.") % {"titles": titles},
        _("Les colonnes marquées d’une étoile (*) se remplissent toujours ; les autres peuvent rester vides."),
        _("L’ordre des lignes est celui de l’écran. Un thème réunit les exigences qui portent son code."),
        _(
            "La clé d’une exigence est donnée pour la vie : ne la changez pas et ne la reprenez pas pour une autre. "
            "Elle commence par une lettre, en majuscules, chiffres et traits d’union."
        ),
        _("Les choix et les seuils se rattachent à une exigence par sa clé, dans leur ordre."),
        _("Un score est une fraction de 0 à 1 ; écrivez 0,5 pour la moitié."),
        _("La condition vide vaut « always » : l’exigence est posée à tous."),
        _("Une formule n’est pas lue : écrivez son résultat. Gardez le format .xlsx."),
        _("Déposez ensuite le fichier à la page « Importer un questionnaire » : rien n’est écrit avant votre accord."),
    ]
