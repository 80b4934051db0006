"""The whole way: the workbook leaves, LibreOffice opens it, somebody fills it, it comes back and is imported."""

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessments.filing import Filing
from assessments.offline.layout import FIRST_ROW, Col
from assessments.offline.writing import LETTERS
from questionnaires.engine import QuestionType
from tests.assessments.saving import save, state_of
from tests.dossiers.pages import told
from tests.evidence.samples import upload
from tests.offline.libreoffice import edited

pytestmark = pytest.mark.once

# What must come back from LibreOffice as it left: nobody touches these. (An underscore written « _x005F_x… »,
# it does not write again as it read it.)
KEPT = [
    "=1+1",
    "@SUM(A1)",
    "-5 %",
    "_x0041_",
    "a\x0bb",
    "x005F_",
    "Deux\nlignes «\u00a0et\u00a0» 😀",
    "x" * 20_000,
]
CHANGED = {
    QuestionType.YES_NO: ("Non", "non"),
    QuestionType.NUMBER: (12.5, "12.5"),
    QuestionType.DATE: (date(2026, 5, 4), "2026-05-04"),
    QuestionType.TEXT: ("=Nous\nécrivons “ici”.", "=Nous\nécrivons “ici”."),
}


def places_in(content):
    """The sheet and the row of each question."""
    found = {}
    for sheet in load_workbook(io.BytesIO(content), read_only=True).worksheets:
        for row, (key,) in enumerate(sheet.iter_rows(min_row=FIRST_ROW, max_col=1, values_only=True), start=FIRST_ROW):
            found[key] = (sheet.title, row)
    return found


def typed(question, places):
    """What is typed for one question, and what is then stored: (edits, field, value)."""
    sheet, row = places[question.key]
    if question.type is QuestionType.FILE:  # its files are joined in the portal; its comment is typed here
        return (sheet, f"{LETTERS[Col.COMMENT]}{row}", "Signée en mai."), "comment", "Signée en mai."
    if question.type in CHANGED:
        text, stored = CHANGED[question.type]
        return (sheet, f"{LETTERS[Col.VALUE]}{row}", text), "value", stored
    first, last = question.choices[0], question.choices[-1]
    if question.type is QuestionType.MULTIPLE_CHOICE:
        return (
            (sheet, f"{LETTERS[Col.VALUE]}{row}", f"{last.label} ; {first.label}"),
            "value",
            [first.value, last.value],
        )
    return (sheet, f"{LETTERS[Col.VALUE]}{row}", last.label), "value", last.value


@pytest.mark.django_db
def test_every_type_of_question_is_filled_in_libreoffice_and_imported(filler, contributor, dossier, tmp_path):
    shown = [key for key, each in Filing(dossier).evaluation.questions.items() if each.shown]
    questions = Filing(dossier).working.definition.questions
    # Of the security questionnaire and after: the orientation would hide some.
    chosen = {questions[key].type: questions[key] for key in shown if not key.startswith("ORI")}
    untouched = [key for key in shown if questions[key] not in chosen.values()][: len(KEPT)]
    for key, comment in zip(untouched, KEPT, strict=True):
        save(dossier, key, state_of(dossier, key).value, by=contributor, comment=comment)
    content = filler.get(reverse("dossiers:workbook-file", args=[dossier.number])).content
    edits = [typed(question, places_in(content)) for question in chosen.values()]
    assert len(chosen) == len(QuestionType)

    back = edited(content, [edit for edit, *_stored in edits], tmp_path)
    response = filler.post(reverse("dossiers:workbook", args=[dossier.number]), {"file": upload("classeur.xlsx", back)})
    preview = filler.get(response.url).context["preview"]
    filler.post(response.url, {"seen": preview.seen})

    assert (preview.contested, preview.unreadable, preview.ignored) == ((), (), 0)
    assert {change.key for change in preview.ready} == {question.key for question in chosen.values()}
    for question, (_edit, field, stored) in zip(chosen.values(), edits, strict=True):
        assert getattr(state_of(dossier, question.key), field) == stored, question.key
    assert [state_of(dossier, key).comment for key in untouched] == KEPT
    assert told(response) == []
