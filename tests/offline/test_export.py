"""What leaves: the questions that are shown, what stands for each, and nothing of what is hidden."""

import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from fhir.resources.R4B.bundle import Bundle as R4Bundle
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


def test_answers_leave_as_fhir_without_the_hidden_ones(client, reader, dossier):
    client.force_login(reader)
    bundle = json.loads(get(client, "fhir-file", dossier).content)
    R4Bundle.model_validate_json(json.dumps(bundle))

    def links(item):
        return [item["linkId"], *(link for each in item.get("item", ()) for link in links(each))]

    found = [link for each in bundle["entry"] for item in each["resource"]["item"] for link in links(item)]
    asked = [link for link in found if not link.startswith(("theme.", "volet."))]
    results = Filing(dossier).evaluation.questions
    assert len(asked) > 20
    assert all(results[key].shown for key in asked)
    assert {each["resource"]["status"] for each in bundle["entry"]} == {"in-progress"}


def test_a_hidden_answer_is_in_no_fhir_file(filler, contributor, dossier):
    save(dossier, "SEC-EXP-05", comment="Un mot à part", by=contributor)
    assert "Un mot à part" in get(filler, "fhir-file", dossier).content.decode()

    save(dossier, "SEC-EXP-04", value="non", by=contributor)

    told = get(filler, "fhir-file", dossier).content.decode()
    assert not Filing(dossier).evaluation.questions["SEC-EXP-05"].shown
    assert "SEC-EXP-04" in told
    assert "SEC-EXP-05" not in told
    assert "Un mot à part" not in told
