"""A reviewer opens a file: by a submission of the dossier, and only once it is clean."""

import pytest
from django.urls import reverse

from audit.models import Event
from evidence.models import DocumentVersion
from tests.assessments.filled import item_of, submitted_dossier
from tests.evidence.factories import DocumentVersionFactory

KEY = "SEC-GOV-02"


def url_of(dossier, pk, key=KEY):
    return reverse("reviews:evidence", args=[dossier.number, key, pk])


@pytest.fixture
def filed(dossier):
    return item_of(dossier, KEY).evidence.get()


def test_a_clean_file_comes_as_an_attachment_and_leaves_a_trace(desk_client, dossier, filed, reviewer):
    response = desk_client.get(url_of(dossier, filed.pk))
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    event = Event.objects.get(verb="evidence.opened")
    assert (event.actor_id, event.data) == (reviewer.pk, {"submission": filed.item.submission_id})


@pytest.mark.parametrize(
    "change", [{"state": "received"}, {"state": "scanning"}, {"state": "refused", "refusal": "virus"}]
)
def test_a_file_that_is_not_clean_is_not_found(desk_client, dossier, filed, change):
    DocumentVersion.objects.filter(pk=filed.document_version_id).update(**change)
    assert desk_client.get(url_of(dossier, filed.pk)).status_code == 404
    assert not Event.objects.filter(verb="evidence.opened").exists()


@pytest.mark.parametrize("person", ["mandataire", "stranger", "editor", "gie_officer", "administrator"])
def test_nobody_but_reviewers_comes_by_here(client, request, dossier, filed, person):
    client.force_login(request.getfixturevalue(person))
    assert client.get(url_of(dossier, filed.pk)).status_code == 404


def test_a_file_is_found_under_its_own_item_and_dossier_only(desk_client, dossier, filed):
    other = submitted_dossier()
    assert desk_client.get(url_of(dossier, filed.pk, key="SEC-HEB-05")).status_code == 404
    assert desk_client.get(url_of(other, filed.pk)).status_code == 404


def test_a_file_that_was_not_filed_is_not_found(desk_client, dossier, publisher):
    version = DocumentVersionFactory.create(clean=True, document__publisher=publisher)
    assert desk_client.get(url_of(dossier, version.pk + 1000)).status_code == 404
