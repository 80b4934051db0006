"""What leaves: the questions that are shown, what stands for each, and nothing of what is hidden."""

import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from assessments.filing import Filing
from assessments.offline.layout import FIRST_ROW
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import save, state_of


def get(client, name, dossier):
    return client.get(reverse(f"dossiers:{name}", args=[dossier.number]))


def keys_of(content):
    book = load_workbook(io.BytesIO(content))
    return [sheet.cell(row, 1).value for sheet in book.worksheets[1:-1] for row in range(FIRST_ROW, sheet.max_row + 1)]


def test_a_reader_takes_away_the_questions_that_are_shown_and_no_other(client, reader, dossier):
    client.force_login(reader)
    shown = [key for key, each in Filing(dossier).evaluation.questions.items() if each.shown]

    workbook, told = get(client, "workbook-file", dossier), json.loads(get(client, "answers-file", dossier).content)

    assert keys_of(workbook.content) == shown == list(told["answers"])
    assert workbook["Content-Disposition"] == f'attachment; filename="classeur-{dossier.number}.xlsx"'
    readme = load_workbook(io.BytesIO(workbook.content)).worksheets[0]
    words = {cell.value for row in readme for cell in row}
    assert words >= {dossier.number, dossier.edition.title, reader.full_name}


def test_json_says_each_value_by_its_type_and_the_revision_it_left_with(filler, contributor, dossier):
    save(dossier, "SEC-EXP-04", "non", by=contributor, comment="Bientôt.")

    told = json.loads(get(filler, "answers-file", dossier).content)

    assert (told["format"], told["dossier"], told["edition"]) == (1, dossier.number, "2026")
    answer = told["answers"]["SEC-EXP-04"]
    assert (answer["type"], answer["value"], answer["comment"]) == ("yes_no", "non", "Bientôt.")
    assert (answer["revision"], answer["saved_by"]) == (2, contributor.full_name)
    numbers = {type(each["value"]) for each in told["answers"].values() if each["type"] == "number"}
    assert numbers <= {int, float}
    assert state_of(dossier, "SEC-EXP-04").revision == 2


@pytest.mark.once
@pytest.mark.parametrize("name", ["workbook-file", "answers-file"])
def test_more_answers_cost_no_more_queries(filler, publisher, contributor, blank_dossier, name):
    def cost(dossier):
        get(filler, name, dossier)
        with CaptureQueriesContext(connection) as queries:
            get(filler, name, dossier)
        return len(queries)

    other = filled_dossier(by=contributor, everything=True)
    other.product.publisher = publisher
    other.product.save(update_fields=["publisher"])

    assert cost(blank_dossier) == cost(other) <= 8
