"""Saying what a document is: its title, nature, dates, confidentiality."""

from datetime import date

import pytest
from django.db import IntegrityError

from audit.models import Event
from evidence.library import Description, describe
from tests.evidence.factories import DocumentFactory

SAID = Description(
    title="Certificat HDS",
    kind="certificate",
    issued_on=date(2026, 1, 5),
    expires_on=date(2029, 1, 4),
    is_confidential=True,
)


@pytest.fixture
def document(publisher, contributor):
    return DocumentFactory.create(publisher=publisher, created_by=contributor, title="hds_2026_signe")


def test_what_was_said_is_stored_and_traced_without_the_title(document, contributor):
    describe(document=document, description=SAID, by=contributor)

    document.refresh_from_db()
    assert (document.title, document.kind, document.expires_on) == ("Certificat HDS", "certificate", date(2029, 1, 4))
    event = Event.objects.get(verb="evidence.described")
    assert (event.publisher_id, event.actor) == (document.publisher_id, contributor)
    assert event.data == {
        "retitled": True,
        "kind": ["other", "certificate"],
        "issued_on": [None, "2026-01-05"],
        "expires_on": [None, "2029-01-04"],
        "is_confidential": [False, True],
    }


def test_saying_the_same_again_traces_nothing(document, contributor):
    describe(document=document, description=SAID, by=contributor)
    describe(document=document, description=SAID, by=contributor)

    assert Event.objects.filter(verb="evidence.described").count() == 1


def test_an_end_before_the_beginning_cannot_be_stored(document, contributor):
    wrong = Description(
        title="Certificat",
        kind="certificate",
        issued_on=date(2026, 1, 5),
        expires_on=date(2026, 1, 4),
        is_confidential=False,
    )

    with pytest.raises(IntegrityError, match="evidence_document_expires_after_its_issue"):
        describe(document=document, description=wrong, by=contributor)
