"""A team sees its own files, with their state and what to do about it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from evidence.operations import mark_scanned
from evidence.scanners import clean, refused
from evidence.sentences import REFUSALS
from tests.evidence import samples
from tests.evidence.factories import DocumentVersionFactory
from tests.factories import MembershipFactory


@pytest.fixture
def page(client, contributor):
    """page(): the list as the contributor sees it."""
    client.force_login(contributor)
    return lambda number=1: client.get(reverse("library:list"), {"page": number})


def test_each_file_shows_its_title_name_size_state_and_hash(page, deposit):
    version = mark_scanned(deposit("PRA.pdf", samples.PDF, title="Plan de reprise"), clean())

    content = page().content.decode()

    for shown in ("Plan de reprise", "PRA.pdf", f"{version.size}\u00a0o", "sans danger connu", version.sha256):
        assert shown in content
    assert reverse("evidence:file", args=[version.pk]) in content


def test_a_refused_file_says_what_to_do_and_has_no_link(page, deposit):
    version = mark_scanned(deposit("recu.txt", samples.TXT), refused("virus"))

    content = page().content.decode()

    assert escape(str(REFUSALS["virus"])) in content
    assert reverse("evidence:file", args=[version.pk]) not in content


def test_a_team_without_files_is_told_how_to_start(page):
    content = page().content.decode()

    assert "Aucune preuve pour l’instant" in content
    assert reverse("dossiers:list") in content


@pytest.mark.parametrize("who", ["stranger", "reviewer"])
def test_nobody_else_sees_them(client, request, deposit, who):
    deposit("note.txt", samples.TXT, title="Plan confidentiel")
    client.force_login(request.getfixturevalue(who))

    response = client.get(reverse("library:list"))

    assert response.status_code == 200
    assert "Plan confidentiel" not in response.content.decode()


def test_the_newest_come_first_twenty_five_to_a_page(page, publisher):
    versions = [DocumentVersionFactory.create(document__publisher=publisher) for _ in range(26)]

    first, second = page(), page(2)

    assert versions[-1].sha256 in first.content.decode()
    assert versions[0].sha256 not in first.content.decode()
    assert versions[0].sha256 in second.content.decode()


def test_the_publisher_is_named_to_who_belongs_to_several(page, deposit, contributor):
    deposit("note.txt", samples.TXT)
    assert "Cœur et Compagnie" not in page().content.decode()

    MembershipFactory.create(user=contributor)

    assert "Cœur et Compagnie" in page().content.decode()


def test_the_number_of_queries_does_not_grow_with_files(page, publisher):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page()
        return len(captured)

    DocumentVersionFactory.create(document__publisher=publisher)
    few = queries()
    for _ in range(20):
        DocumentVersionFactory.create(document__publisher=publisher)

    assert queries() == few
