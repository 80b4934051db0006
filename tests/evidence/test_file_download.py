"""A team opens its own files; a browser only ever saves them."""

import pytest
from django.urls import reverse

from audit.models import Event
from evidence.models import DocumentVersion
from evidence.operations import mark_scanned
from evidence.scanners import clean, refused
from tests.evidence import samples


def _address(version: DocumentVersion) -> str:
    return reverse("evidence:file", args=[version.pk])


def _body(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(
    ("who", "status_code"),
    [
        ("mandataire", 200),
        ("contributor", 200),
        ("reader", 200),
        ("stranger", 404),
        ("reviewer", 404),
        ("editor", 404),
        ("gie_officer", 404),
        ("administrator", 404),
    ],
)
def test_only_the_team_opens_its_file(client, request, deposit, who, status_code):
    version = mark_scanned(deposit("note.txt", samples.TXT), clean())
    client.force_login(request.getfixturevalue(who))

    response = client.get(_address(version))

    assert response.status_code == status_code
    assert (b"".join(response) == samples.TXT) is (status_code == 200)


def test_a_visitor_signs_in_first(client, deposit):
    response = client.get(_address(deposit("note.txt", samples.TXT)))

    assert response.status_code == 302
    assert reverse("account_login") in response.url


def test_the_bytes_come_as_an_attachment_that_no_browser_runs_or_keeps(client, deposit, contributor):
    version = mark_scanned(deposit("Politique « sécurité ».pdf", samples.PDF), clean())
    client.force_login(contributor)

    response = client.get(_address(version))

    assert _body(response) == samples.PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Politique")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_hostile_name_cannot_write_a_header(client, deposit, contributor):
    version = mark_scanned(deposit('a";\r\nSet-Cookie: b.txt', samples.TXT), clean())
    client.force_login(contributor)

    response = client.get(_address(version))

    assert _body(response) == samples.TXT
    assert "\n" not in response["Content-Disposition"]
    assert not response.has_header("Set-Cookie")


@pytest.mark.parametrize(
    ("name", "served_as"), [("habilitations.csv", "habilitations.csv.txt"), ("note.txt", "note.txt")]
)
def test_text_is_served_as_plain_text_that_no_spreadsheet_takes_for_its_own(
    client, deposit, contributor, name, served_as
):
    version = mark_scanned(deposit(name, samples.ACCEPTED[name]), clean())
    client.force_login(contributor)

    response = client.get(_address(version))

    assert response["Content-Type"] == "text/plain"
    assert response["Content-Disposition"] == f'attachment; filename="{served_as}"'
    _body(response)


def test_nobody_not_even_whoever_sent_it_opens_a_file_that_waits(client, deposit, contributor):
    version = deposit("note.txt", samples.TXT)
    client.force_login(contributor)

    assert client.get(_address(version)).status_code == 403


def test_nobody_opens_a_refused_file(client, deposit, contributor):
    version = mark_scanned(deposit("note.txt", samples.TXT), refused("virus"))
    client.force_login(contributor)

    assert client.get(_address(version)).status_code == 403
    assert not Event.objects.filter(verb="evidence.opened").exists()


def test_opening_a_file_is_audited(client, deposit, contributor):
    version = mark_scanned(deposit("note.txt", samples.TXT), clean())
    client.force_login(contributor)

    _body(client.get(_address(version)))

    event = Event.objects.get(verb="evidence.opened")
    assert (event.actor_id, event.object_id) == (contributor.pk, str(version.pk))


def test_a_file_is_only_read(client, deposit, contributor):
    version = deposit("note.txt", samples.TXT)
    client.force_login(contributor)

    assert client.post(_address(version)).status_code == 405
