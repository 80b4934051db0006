"""The workbook (XLSX) of a dossier: « Lisez-moi », then a sheet for each questionnaire."""

import io
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from assessments.answer_states import AnswerState
from assessments.filing import Filing
from assessments.offline.guidance import expected_in_words, how_in_words
from assessments.offline.layout import (
    CELL_UNITS,
    CODES_ROW,
    COLUMNS,
    FIELDS,
    FIRST_ROW,
    FORMAT,
    IDENTITY_SHEET,
    NO,
    TOO_LONG,
    WORDS_ROW,
    YES,
    Col,
)
from evidence.inspection.sheets import as_written
from questionnaires import engine
from questionnaires.engine import QuestionType
from questionnaires.french import ROLES
from ui.formats import long_date

LETTERS = {column.code: get_column_letter(index) for index, column in enumerate(COLUMNS, start=1)}
TO_FILL = PatternFill("solid", fgColor="FFF9E5")
HEAD = PatternFill("solid", fgColor="E3E3FD")
THIN = Side(style="thin", color="CECECE")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
WRAPPED = Alignment(wrap_text=True, vertical="top")
BOLD, TITLE = Font(bold=True), Font(bold=True, size=16)
OPEN, SHUT = Protection(locked=False), Protection(locked=True)
# What a person types there stays what they typed: no date made of « 1/2 », no formula made of « =… ».
AS_TEXT, AS_DATE, AS_TIME = "@", "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
# Spreadsheets count days from 1900, and disagree on its first weeks.
FIRST_DAY = date(1901, 1, 1)
MAX_TITLE = 31
# In points; a row is never higher. A column is as wide as so many figures: letters and a careful font take more.
LINE_HEIGHT, MAX_HEIGHT, LETTERS_IN_A_WIDTH = 15, 405, 0.9
# What a cell that is edited, and left as it was, would otherwise be taken for.
FORMULA = ("=", "+", "-", "@")


def workbook_of(filing: Filing, *, exported_by: str) -> bytes:
    """The file, with the questions that are shown now and what stands for each."""
    book = Workbook()
    readme = book.active
    identity = _Identity(book.create_sheet(IDENTITY_SHEET))
    identity.say(filing)
    for questionnaire in filing.working.definition.edition.questionnaires:
        _questionnaire_sheet(book, filing, questionnaire, identity)
    _readme(readme, filing, exported_by)
    identity.sheet.sheet_state = "hidden"
    # Last: it is hidden, and some programs open a workbook on its first sheet whatever it is.
    book.move_sheet(identity.sheet, len(book.sheetnames))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


# --- The hidden sheet ---------------------------------------------------------------------------


@dataclass
class _Identity:
    """What the file is, in columns A and B; a list of choices in each column from D on."""

    sheet: Worksheet
    _lists: dict[tuple[str, ...], str] = field(default_factory=dict)

    def say(self, filing: Filing) -> None:
        dossier = filing.dossier
        told = {"format": FORMAT, "dossier": dossier.number, "edition": dossier.edition.code}
        for row, (name, value) in enumerate(told.items(), start=1):
            _put(self.sheet, f"A{row}", name)
            _put(self.sheet, f"B{row}", value)
        _protect(self.sheet)

    def range_of(self, labels: tuple[str, ...]) -> str:
        """The cells that hold these labels: a list written in the rule itself is cut at 255 characters."""
        if labels not in self._lists:
            letter = get_column_letter(4 + len(self._lists))
            for row, label in enumerate(labels, start=1):
                _put(self.sheet, f"{letter}{row}", label)
            self._lists[labels] = f"{IDENTITY_SHEET}!${letter}$1:${letter}${len(labels)}"
        return self._lists[labels]


# --- The sheets to fill -------------------------------------------------------------------------


def _questionnaire_sheet(
    book: Workbook, filing: Filing, questionnaire: engine.Questionnaire, identity: _Identity
) -> None:
    shown = [
        (theme, question)
        for theme in questionnaire.themes
        for question in theme.questions
        if filing.result(question.key).shown
    ]
    if not shown:
        return
    sheet = book.create_sheet(_sheet_title(book, questionnaire.title))
    choosing = _Choosing(sheet, identity)
    _heads(sheet)
    for row, (theme, question) in enumerate(shown, start=FIRST_ROW):
        state = filing.working.state(question.key)
        _context_cells(sheet, row, theme, question, state)
        for code in FIELDS:
            _answer_cell(sheet, row, code, question, state)
        choosing.offer(row, question)
        _fit(sheet, row)
    _fit(sheet, WORDS_ROW)
    _protect(sheet)
    sheet.freeze_panes = f"{LETTERS[Col.THEME]}{FIRST_ROW}"
    sheet.auto_filter.ref = f"A{WORDS_ROW}:{LETTERS[Col.BASE]}{FIRST_ROW + len(shown) - 1}"
    _on_paper(sheet, "landscape")
    sheet.print_title_rows = f"{WORDS_ROW}:{WORDS_ROW}"


def _sheet_title(book: Workbook, title: str) -> str:
    """Whole if it fits; without what no name of a sheet may hold, and like no other."""
    plain = "".join(" " if each in "[]:*?/\\'" else each for each in title)
    short = plain if len(plain) <= MAX_TITLE else f"{plain[: MAX_TITLE - 1].rstrip()}…"
    return short if short not in book.sheetnames else f"{short[: MAX_TITLE - 3]} {len(book.sheetnames)}"


def _heads(sheet: Worksheet) -> None:
    for column in COLUMNS:
        letter = LETTERS[column.code]
        _put(sheet, f"{letter}{CODES_ROW}", column.code.value)
        head = _put(sheet, f"{letter}{WORDS_ROW}", str(column.words), font=BOLD)
        head.fill, head.border = HEAD, GRID
        sheet.column_dimensions[letter].width = column.width
    sheet.row_dimensions[CODES_ROW].hidden = True
    sheet.column_dimensions[LETTERS[Col.BASE]].hidden = True


def _context_cells(
    sheet: Worksheet, row: int, theme: engine.Theme, question: engine.Question, state: AnswerState
) -> None:
    told: dict[Col, object] = {
        Col.KEY: question.key,
        Col.THEME: theme.title,
        Col.WORDING: question.wording,
        Col.EXPECTED: expected_in_words(question),
        Col.HOW: how_in_words(question),
        Col.LEVEL: _("obligatoire") if question.is_mandatory else _("recommandé"),
        Col.ANSWERED_BY: str(ROLES.get(question.answered_by, "")),
        Col.SAVED_AT: timezone.localtime(state.saved_at).replace(tzinfo=None) if state.saved_at else None,
        Col.SAVED_BY: state.saved_by,
        Col.BASE: state.revision,
    }
    for code, value in told.items():
        _put(sheet, f"{LETTERS[code]}{row}", value).border = GRID


def _answer_cell(sheet: Worksheet, row: int, code: Col, question: engine.Question, state: AnswerState) -> None:
    cell = _put(sheet, f"{LETTERS[code]}{row}", _written(code, question, state))
    cell.border = GRID
    is_closed = (code is Col.VALUE and question.type is QuestionType.FILE) or cell.value == str(TOO_LONG)
    if is_closed or (code in {Col.NOT_APPLICABLE, Col.REASON} and not question.allows_not_applicable):
        return
    cell.protection, cell.fill = OPEN, TO_FILL
    if code is Col.VALUE and question.type is QuestionType.DATE:
        cell.number_format = AS_DATE
    elif not (code is Col.VALUE and question.type is QuestionType.NUMBER):
        cell.number_format = AS_TEXT


def _written(code: Col, question: engine.Question, state: AnswerState) -> object:
    match code:
        case Col.NOT_APPLICABLE:
            return str(YES if state.not_applicable else NO) if question.allows_not_applicable else None
        case Col.REASON:
            return state.reason
        case Col.COMMENT:
            return state.comment
    return _value(question, state)


def _value(question: engine.Question, state: AnswerState) -> object:
    if question.type is QuestionType.FILE:
        return "\n".join(file.original_name for file in state.files)
    value = engine.parse_value(question, state.value)
    if isinstance(value, Decimal):
        # What a spreadsheet would round stays a text.
        return float(value) if Decimal(f"{float(value):.15g}") == value else format(value, "f").replace(".", ",")
    if isinstance(value, date):
        return value if value >= FIRST_DAY else f"{value:%d/%m/}{value.year:04d}"
    if question.choices and value is not None:
        chosen = value if isinstance(value, frozenset) else {value}
        return "\n".join(choice.label for choice in question.choices if choice.value in chosen)
    return value


class _Choosing:
    """The rules of a sheet, one for each list of labels, whatever the number of rows that follow it."""

    def __init__(self, sheet: Worksheet, identity: _Identity) -> None:
        self.sheet, self.identity = sheet, identity
        self._rules: dict[tuple[str, ...], DataValidation] = {}

    def offer(self, row: int, question: engine.Question) -> None:
        if question.type in {QuestionType.YES_NO, QuestionType.SINGLE_CHOICE}:
            labels = tuple(choice.label for choice in question.choices)
            self._rule(labels).add(f"{LETTERS[Col.VALUE]}{row}")
        if question.allows_not_applicable:
            self._rule((str(YES), str(NO))).add(f"{LETTERS[Col.NOT_APPLICABLE]}{row}")

    def _rule(self, labels: tuple[str, ...]) -> DataValidation:
        if labels not in self._rules:
            rule = DataValidation(type="list", formula1=self.identity.range_of(labels), allow_blank=True)
            rule.errorTitle = _("Réponse inconnue")
            rule.error = _("Choisissez l’une des réponses de la liste, ou effacez la cellule.")
            rule.showErrorMessage = True
            self.sheet.add_data_validation(rule)
            self._rules[labels] = rule
        return self._rules[labels]


# --- « Lisez-moi » ------------------------------------------------------------------------------


def _readme(sheet: Worksheet, filing: Filing, exported_by: str) -> None:
    sheet.title = _("Lisez-moi")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 90
    _put(sheet, "A1", _("Réponses à remplir hors ligne"), font=TITLE).alignment = Alignment(vertical="center")
    row = 3
    for name, value in _facts(filing, exported_by):
        _put(sheet, f"A{row}", name, font=BOLD)
        _put(sheet, f"B{row}", value)
        row += 1
    for number, sentence in enumerate(_instructions(), start=1):
        _put(sheet, f"A{row + number}", str(number), font=BOLD).alignment = Alignment(
            horizontal="right", vertical="top"
        )
        _put(sheet, f"B{row + number}", sentence)
        _fit(sheet, row + number)
    _protect(sheet)
    _on_paper(sheet, "portrait")


def _facts(filing: Filing, exported_by: str) -> Iterable[tuple[str, str]]:
    dossier, now = filing.dossier, timezone.localtime()
    yield _("Dossier"), dossier.number
    yield _("Produit"), f"{dossier.product.name} ({dossier.product.reference})"
    yield _("Démarche"), dossier.get_programme_display()
    yield _("Édition"), dossier.edition.title
    yield _("Exporté le"), _("%(day)s à %(time)s") % {"day": long_date(now), "time": f"{now:%H:%M}"}
    yield _("Exporté par"), exported_by


def _instructions() -> list[str]:
    return [
        _("Chaque questionnaire a sa feuille, chaque question sa ligne. Remplissez les cellules jaunes."),
        _(
            "Une réponse à choisir se prend dans la liste de sa cellule. Quand plusieurs sont permises, séparez-les "
            "par un point-virgule, ou écrivez-en une par ligne."
        ),
        _("Une cellule effacée efface la réponse. Une formule n’est pas lue : écrivez son résultat."),
        _(
            "Si l’exigence ne s’applique pas à votre service, écrivez « oui » dans « Non applicable », et dites "
            "pourquoi à côté."
        ),
        _("Les fichiers ne voyagent pas dans ce classeur : ils se joignent dans le portail."),
        _(
            "Gardez le format .xlsx. Vous pouvez trier et filtrer les lignes, en supprimer, et changer la largeur des "
            "colonnes ; gardez la référence de chaque question."
        ),
        _(
            "Déposez ensuite le classeur dans le portail, page « Travailler hors ligne » du dossier. Rien n’y est "
            "enregistré avant que vous ayez vu ce qui va changer."
        ),
        _(
            "Si une réponse a changé dans le portail depuis cet export, les deux vous sont montrées, et vous "
            "choisissez."
        ),
    ]


# --- Cells --------------------------------------------------------------------------------------


def _put(sheet: Worksheet, place: str, value: object, *, font: Font | None = None) -> Any:
    """Write a cell. A text is written as a text, whatever it begins with: nothing typed by anybody is a formula."""
    cell = sheet[place]
    cell.alignment, cell.protection = WRAPPED, SHUT
    if font is not None:
        cell.font = font
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = AS_TIME if isinstance(value, datetime) else AS_DATE
        return cell
    if value:
        text = as_written(value)
        cell.value = text if _fits(value, text) else str(TOO_LONG)
        cell.data_type, cell.quotePrefix = "s", value.startswith(FORMULA)
    return cell


def _fits(value: str, written: str) -> bool:
    return len(value.encode("utf-16-le", "surrogatepass")) // 2 <= CELL_UNITS and len(written) <= CELL_UNITS


def _fit(sheet: Worksheet, row: int) -> None:
    """Make a row as high as its longest text: LibreOffice does not do it by itself on opening."""
    lines = 1
    for cell in sheet[row]:
        if isinstance(cell.value, str):
            width = sheet.column_dimensions[cell.column_letter].width * LETTERS_IN_A_WIDTH
            lines = max(lines, sum(max(1, math.ceil(len(line) / width)) for line in cell.value.split("\n")))
    sheet.row_dimensions[row].height = min(MAX_HEIGHT, lines * LINE_HEIGHT)


def _on_paper(sheet: Worksheet, orientation: str) -> None:
    """A4, as wide as the page."""
    sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, orientation
    sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight = True, 0


def _protect(sheet: Worksheet) -> None:
    """Against slips, without a password: widths, sorting and filters stay free."""
    rights = sheet.protection
    rights.sheet = True
    rights.formatColumns = rights.formatRows = rights.sort = rights.autoFilter = rights.deleteRows = False
