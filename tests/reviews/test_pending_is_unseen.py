"""Nothing of what the team writes after submitting reaches a reviewer, by whatever road."""

import pytest
from django.urls import reverse

from assessments.operations.answers import attach
from assessments.operations.replies import reply
from assessments.operations.reviews import send_back
from evidence.models import DocumentVersion
from questionnaires.queries import published
from tests.assessments.filled import examine, item_of, submit_again
from tests.assessments.saving import save
from tests.evidence.factories import DocumentVersionFactory

KEY, OTHER = "SEC-GOV-02", "SEC-EXP-09"
MARK = "Marque-encore-inconnue"


def pages(client, dossier) -> str:
    """Everything that a reviewer may read of the dossier."""
    number = dossier.number
    addresses = [
        reverse("reviews:queue"),
        reverse("reviews:detail", args=[number]) + "?voir=toutes",
        reverse("reviews:item", args=[number, KEY]),
        reverse("reviews:item", args=[number, OTHER]),
        reverse("reviews:send", args=[number]),
    ]
    responses = [client.get(address) for address in addresses]
    assert {each.status_code for each in responses} == {200}
    return "".join(each.content.decode() for each in responses)


@pytest.fixture
def pending(dossier, contributor) -> DocumentVersion:
    """An answer, a comment and a file that the team changed after submitting."""
    version = DocumentVersionFactory.create(
        clean=True, document__publisher=dossier.product.publisher, original_name=f"{MARK}.pdf"
    )
    save(dossier, OTHER, "non", by=contributor, comment=MARK)
    save(dossier, KEY, None, by=contributor, comment=MARK)
    attach(dossier=dossier, key=KEY, version=version, by=contributor)
    return version


def test_a_reviewer_reads_what_was_filed_and_nothing_else(desk_client, dossier, pending):
    assert MARK not in pages(desk_client, dossier)


def test_neither_does_a_change_made_while_corrections_are_asked(desk_client, dossier, reviewer, contributor, pending):
    examined = examine(dossier, by=reviewer, refused=[KEY])
    send_back(round=examined, definition=published(dossier.edition).definition, by=reviewer)
    dossier.refresh_from_db()
    reply(dossier=dossier, key=KEY, text=MARK, by=contributor)

    assert MARK not in pages(desk_client, dossier)


def test_a_reply_and_a_correction_are_read_once_submitted_again(desk_client, dossier, reviewer, contributor, pending):
    examined = examine(dossier, by=reviewer, refused=[KEY])
    send_back(round=examined, definition=published(dossier.edition).definition, by=reviewer)
    dossier.refresh_from_db()
    reply(dossier=dossier, key=KEY, text="Nous joignons la page signée.", by=contributor)
    submit_again(dossier, by=contributor)

    item = desk_client.get(reverse("reviews:item", args=[dossier.number, KEY])).content.decode()
    other = desk_client.get(reverse("reviews:item", args=[dossier.number, OTHER])).content.decode()

    assert "Nous joignons la page signée." in item
    assert f"{MARK}.pdf" in item
    # It was not sent back.
    assert MARK not in other


def test_a_pending_file_has_no_address_at_the_desk(desk_client, dossier, pending):
    (filed,) = item_of(dossier, KEY).evidence.all()
    known = reverse("reviews:evidence", args=[dossier.number, KEY, filed.pk])
    ids = {each for attachment in pending.attachments.all() for each in (attachment.pk, pending.pk)} - {filed.pk}

    for address in [known, *(reverse("reviews:evidence", args=[dossier.number, KEY, pk]) for pk in ids)]:
        response = desk_client.get(address)
        b"".join(response)  # a file is closed once it is read
        assert response.status_code == (200 if address == known else 404)
    assert desk_client.get(reverse("evidence:file", args=[pending.pk])).status_code == 404
