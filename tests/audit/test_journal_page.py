"""/editeurs/<siren>/journal/: what happened in one's own team, products and dossiers."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from audit.operations import record

ROWS = 200


@pytest.fixture
def page(publisher):
    return reverse("accounts:journal", args=[publisher.siren])


@pytest.fixture
def file(publisher):
    return reverse("accounts:journal-file", args=[publisher.siren])


def text_of(response) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize(
    ("who", "code"),
    [("mandataire", 200), ("representative", 200), ("contributor", 403), ("reader", 403), ("consultant", 404),
     ("stranger", 404), ("reviewer", 404), ("administrator", 404)],
)  # fmt: skip
def test_those_who_answer_for_the_publisher_read_it(client, request, page, file, who, code):
    client.force_login(request.getfixturevalue(who))

    assert client.get(page).status_code == code
    assert client.get(file).status_code == code


def test_it_says_who_did_what_in_which_quality_in_words(client, page, publisher, mandataire, contributor, product):
    record("product.created", product, by=contributor, publisher=publisher.pk, reference=product.reference)
    client.force_login(mandataire)

    text = text_of(client.get(page))

    assert "Dominique Contributeur" in text
    assert "(contributeur)" in text.lower()
    assert product.reference in text
    assert "product.created" not in text


def test_it_says_of_whom_of_which_dossier_and_what_changed(client, page, publisher, mandataire, contributor, product):
    end = {"before": "2027-01-31T22:59:59+00:00", "after": "2027-03-31T21:59:59+00:00"}
    role = {"before": "reader", "after": "contributor"}
    record("membership.role_changed", product, by=mandataire, publisher=publisher.pk, user=contributor.pk, **role)
    record("membership.end_changed", product, by=mandataire, publisher=publisher.pk, user=contributor.pk, **end)
    record("evidence.attached", product, by=mandataire, publisher=publisher.pk, dossier="2026-000042", question="SEC-1")
    client.force_login(mandataire)

    text = text_of(client.get(page))

    assert "Dominique Contributeur · lecteur → contributeur" in text
    assert "Dominique Contributeur · 31 janvier 2027 → 31 mars 2027" in text
    assert "2026-000042 · SEC-1" in text


def test_nobody_elses_events_are_shown(client, page, publisher, mandataire, stranger, product):
    theirs = stranger.memberships.get().publisher
    record("product.created", product, by=stranger, publisher=theirs.pk, reference="AUTRE-REF")
    record("product.created", product, by=stranger, reference="SANS-EDITEUR")
    client.force_login(mandataire)

    text = text_of(client.get(page))

    assert "AUTRE-REF" not in text
    assert "SANS-EDITEUR" not in text


def test_staff_are_not_named_to_publishers(client, page, publisher, mandataire, reviewer, product):
    record("review.sent_back", product, by=reviewer, publisher=publisher.pk)
    client.force_login(mandataire)

    text = text_of(client.get(page))

    assert "Un agent de l’Agence" in text
    assert str(reviewer) not in text


def test_what_reviewers_do_among_themselves_is_not_shown(client, page, publisher, mandataire, reviewer, product):
    record("verdict.given", product, by=reviewer, publisher=publisher.pk, question="SEC-GOV-02")
    record("evidence.opened", product, by=reviewer, publisher=publisher.pk)
    client.force_login(mandataire)

    text = text_of(client.get(page))

    assert "SEC-GOV-02" not in text
    assert "Rien pour l’instant" in text


def test_it_can_be_narrowed_to_one_person(client, page, publisher, mandataire, contributor, product):
    record("product.created", product, by=contributor, publisher=publisher.pk, reference="DE-CAMILLE")
    record("product.changed", product, by=mandataire, publisher=publisher.pk, reference="DU-MANDATAIRE")
    client.force_login(mandataire)

    text = text_of(client.get(page, {"personne": contributor.pk}))

    assert "DE-CAMILLE" in text
    assert "DU-MANDATAIRE" not in text
    assert client.get(page, {"personne": "n'importe quoi"}).status_code == 200
    assert client.get(page, {"personne": "9" * 40, "page": "x"}).status_code == 200


def test_two_hundred_lines_cost_no_more_queries_than_one(client, page, publisher, mandataire, contributor, product):
    client.force_login(mandataire)
    record("product.changed", product, by=contributor, publisher=publisher.pk)
    client.get(page)
    before = queries(client, page)

    for _ in range(ROWS):
        record("product.changed", product, by=contributor, publisher=publisher.pk)

    assert queries(client, page) == before
    assert text_of(client.get(page)).count('<li class="fr-py-1w">') == 50


def test_the_file_holds_everything_runs_nothing_and_taking_it_away_is_an_event(
    client, file, publisher, mandataire, contributor, product
):
    contributor.full_name = "=HYPERLINK(1)"
    contributor.save()
    for _ in range(ROWS):
        record("product.changed", product, by=contributor, publisher=publisher.pk)
    client.force_login(mandataire)

    response = client.get(file)
    rows = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"), newline=""), delimiter=";"))

    assert response["Content-Type"].startswith("text/csv")
    assert response["Content-Disposition"] == f'attachment; filename="journal-{publisher.siren}.csv"'
    assert rows[0][:3] == ["Le", "Qui", "En qualité de"]
    assert [row[1] for row in rows[2:]] == ["'=HYPERLINK(1)"] * ROWS
    exported = Event.objects.get(verb="audit.exported")
    assert (exported.actor, exported.publisher_id) == (mandataire, publisher.pk)


def queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
