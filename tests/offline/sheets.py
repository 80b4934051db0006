"""A small edition with a question of each type, its dossier without a database, and its workbook read again."""

import io
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from accounts.models import Publisher
from assessments.answer_states import AnswerState, Copy
from assessments.filing import Filing
from assessments.models import Dossier
from assessments.offline.layout import COLUMNS, FIRST_ROW, Col
from assessments.offline.proposals import Edit, touched
from assessments.offline.returned import Returned
from assessments.offline.sheets import read_sheets
from assessments.offline.writing import LETTERS, workbook_of
from assessments.operations.answers import Entry
from evidence.inspection import sheets
from products.models import Product
from questionnaires import engine
from questionnaires.models import Edition
from questionnaires.queries import PublishedEdition
from tests.questionnaires.builders import choices, compiled, question

TYPES = {
    "YES-1": question("YES-1"),
    "ONE-1": question("ONE-1", "single_choice", choices=choices(("ins", "1"), ("aucun", "0"))),
    "MANY-1": question(
        "MANY-1", "multiple_choice", choices=choices(("ios", "1"), ("web ; mobile", "1"), ("autre", "0"))
    ),
    "NUM-1": question("NUM-1", "number", unit="%", minimum=Decimal(0), maximum=Decimal(100)),
    "DATE-1": question("DATE-1", "date"),
    "TEXT-1": question("TEXT-1", "text"),
    "FILE-1": question("FILE-1", "file", evidence="Une politique signée."),
    "MUST-1": question("MUST-1", allows_not_applicable=False),
}
SHEET = "Sécurité"


def definition() -> engine.Definition:
    made = compiled(*TYPES.values())
    named = replace(made.edition.questionnaires[0], title=SHEET)
    return engine.compile_edition(replace(made.edition, questionnaires=(named,)))


def filing_of(states: Mapping[str, AnswerState]) -> Filing:
    """A dossier being filled, of which nothing is in a database."""
    product = Product(name="MonSuivi Cœur", reference="C7K-4MX-9", publisher=Publisher(legal_name="Cœur"))
    dossier = Dossier(
        number="2026-004217",
        product=product,
        programme="with_exchange",
        edition=Edition(code="2026", title="Édition 2026"),
        state=Dossier.State.FILLING,
    )
    edition = PublishedEdition(definition=definition(), question_ids={}, keys={}, version_ids={})
    return Filing(dossier, Copy(edition=edition, programme=dossier.programme, states=states))


def book_of(filing: Filing) -> Workbook:
    return load_workbook(io.BytesIO(workbook_of(filing, exported_by="Camille Personne")))


def row_of(key: str) -> int:
    return FIRST_ROW + list(TYPES).index(key)


def cell_of(key: str, column: Col) -> str:
    """« F4 »: where the cell of a question is."""
    return f"{LETTERS[column]}{row_of(key)}"


def written(filing: Filing) -> list[dict[str, Any]]:
    """The workbook, read as the portal reads one."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(workbook_of(filing, exported_by="=Camille"))
        file.flush()
        return sheets.read(Path(file.name))


def returned(filing: Filing, typed: Mapping[tuple[str, Col], tuple[str, str]] = {}) -> Returned:
    """What comes back once these cells (question, column) hold (kind, text); kind "" empties one."""
    book = written(filing)
    sheet = next(each for each in book if each["title"] == SHEET)
    columns = {column.code: index for index, column in enumerate(COLUMNS, start=1)}
    for (key, column), (kind, text) in typed.items():
        place = (row_of(key), columns[column])
        sheet["cells"] = [cell for cell in sheet["cells"] if tuple(cell[:2]) != place]
        if kind:
            sheet["cells"].append((*place, kind, text))
    return read_sheets(book, filing.dossier, filing.working.definition)


def changes(filing: Filing, found: Returned) -> dict[str, dict[str, Any]]:
    """The fields that were touched, by question."""
    edits: dict[str, Edit | None] = {
        edit.key: touched(edit, TYPES[edit.key], entry_of(filing.working.state(edit.key))) for edit in found.edits
    }
    return {key: dict(edit.fields) for key, edit in edits.items() if edit is not None}


def entry_of(state: AnswerState) -> Entry:
    return Entry(value=state.value, not_applicable=state.not_applicable, reason=state.reason, comment=state.comment)


FILLED = {
    "YES-1": AnswerState(value="oui", revision=3),
    "ONE-1": AnswerState(value="ins", revision=1),
    "MANY-1": AnswerState(value=["ios", "web ; mobile"], revision=2),
    "NUM-1": AnswerState(value="99.5", revision=1),
    "DATE-1": AnswerState(value=date(2026, 5, 4).isoformat(), revision=1),
    "TEXT-1": AnswerState(value='=HYPERLINK("http://ailleurs.example")\nDeux lignes.', comment="@note", revision=1),
    "MUST-1": AnswerState(value="non", revision=1),
}
