"""A version leaves as it came; drafts are the editors'."""

import json

import pytest
from django.urls import reverse
from fhir.resources.R4B.questionnaire import Questionnaire as R4Questionnaire

from questionnaires.exchange.workbook import read_workbook
from questionnaires.models import Version
from questionnaires.operations.publishing import publish_diagnostic
from questionnaires.operations.storing import store_edition, store_version
from questionnaires.rows import read_version
from questionnaires.source_files import read_questionnaire
from tests.questionnaires.builders import FIXTURES
from tests.questionnaires.small import small_edition

TEXT = (FIXTURES / "diagnostic.yaml").read_bytes().decode()
FORMATS = ("export-yaml", "export-workbook", "export-fhir")


def address(name: str, code: str = "DIA", number: str = "2026.1") -> str:
    return reverse(f"questionnaires:{name}", args=[code, number])


@pytest.fixture
def draft(db) -> Version:
    return store_version(read_questionnaire(FIXTURES / "diagnostic.yaml"), source=TEXT)


@pytest.fixture
def published(draft) -> Version:
    return publish_diagnostic(draft, by=None)


def test_a_published_version_is_everybodys_in_each_format(client, published):
    assert all(address(name) in client.get(address("export")).content.decode() for name in FORMATS)
    text, workbook, fhir = (client.get(address(name)) for name in FORMATS)

    assert text.content.decode() == TEXT
    assert text["Content-Disposition"] == 'attachment; filename="dia-2026.1.yaml"'
    assert read_workbook(workbook.content, "dia.xlsx") == read_version(published)
    resource = R4Questionnaire.model_validate_json(fhir.content)
    assert (resource.status, resource.version) == ("active", "2026.1")


@pytest.mark.parametrize("name", ["export", *FORMATS])
def test_a_draft_is_the_editors(client, draft, name, editor, contributor):
    anonymous = client.get(address(name))
    absent = client.get(address(name, number="9"))
    assert (anonymous.status_code, absent.status_code) == (302, 302)

    client.force_login(contributor)
    assert client.get(address(name)).status_code == 404
    client.force_login(editor)
    assert client.get(address(name)).status_code == 200
    assert client.get(address(name, number="9")).status_code == 404


def test_a_draft_that_changed_is_written_anew(client, editor, draft):
    client.force_login(editor)
    assert client.get(address("export-yaml")).content.decode() == TEXT

    Version.objects.update(title="Autrement")

    changed = TEXT.replace(f'title: "{draft.title}"', "title: Autrement", 1)
    assert client.get(address("export-yaml")).content.decode() == changed


def test_the_flags_of_the_edition_are_said_in_fhir(client, editor, db):
    store_edition(small_edition())
    client.force_login(editor)

    resource = json.loads(client.get(address("export-fhir", "EVA", "1")).content)

    asked = {item["linkId"]: item for part in resource["item"] for theme in part["item"] for item in theme["item"]}
    (told,) = asked["EVA-A-02"]["extension"]
    assert told["extension"][1]["valueString"] == "le service a une application"


def test_a_text_too_long_for_a_workbook_is_told_and_the_other_formats_stay(client, editor, draft):
    Version.objects.update(description="x" * 40_000)
    client.force_login(editor)

    response = client.get(address("export-workbook"))

    assert response.status_code == 422
    assert "40000 caractères" in response.content.decode()
    assert client.get(address("export-yaml")).status_code == 200
