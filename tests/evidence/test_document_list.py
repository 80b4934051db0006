"""A team sees its own files, with their state and what to do about it."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from assessments.operations.answers import attach, detach
from evidence.models import Content, Document, DocumentVersion
from evidence.operations import mark_scanned
from evidence.policies import cleared_for
from evidence.scanners import clean, refused
from evidence.sentences import REFUSALS
from tests.assessments.conftest import blank_dossier as dossier
from tests.dossiers.pages import text_of
from tests.evidence import samples
from tests.evidence.factories import DocumentVersionFactory
from tests.factories import MembershipFactory

__all__ = ["dossier"]


@pytest.fixture
def page(client, contributor):
    """page(): the list as the contributor sees it."""
    client.force_login(contributor)
    return lambda number=1: client.get(reverse("library:list"), {"page": number})


def test_each_file_shows_its_title_name_size_state_and_hash(page, deposit):
    version = mark_scanned(deposit("PRA.pdf", samples.PDF, title="Plan de reprise"), clean())

    content = page().content.decode()

    for shown in ("Plan de reprise", "PRA.pdf", f"{version.size}\u00a0o", "sans danger connu"):
        assert shown in content
    assert reverse("library:document", args=[version.document_id]) in content


def test_a_refused_file_says_what_to_do_and_has_no_link(page, deposit):
    version = mark_scanned(deposit("recu.txt", samples.TXT), refused("virus"))

    content = page().content.decode()

    assert escape(str(REFUSALS["virus"])) in content
    assert reverse("evidence:file", args=[version.pk]) not in content


def test_a_team_without_files_is_told_how_to_start(page):
    content = page().content.decode()

    assert "Aucune preuve pour l’instant" in content
    assert reverse("library:deposit") in content


def test_a_document_is_listed_once_with_its_latest_version(page, publisher):
    first = DocumentVersionFactory.create(document__publisher=publisher, clean=True, original_name="v1.txt")
    DocumentVersionFactory.create(document=first.document, number=2, original_name="v2.txt")

    text = text_of(page())

    assert "Un document" in text and "version 2" in text and "analyse en attente" in text
    assert "v1.txt" not in text


def test_validity_is_told_in_words(page, publisher):
    for year in (2020, 2999):
        DocumentVersionFactory.create(document__publisher=publisher, document__expires_on=date(year, 3, 4))

    text = text_of(page())

    assert "Expiré depuis le 4 mars 2020" in text and "Valable jusqu’au 4 mars 2999" in text


@time_machine.travel("2027-03-04 00:30 +0100", tick=False)
def test_the_last_day_still_counts_in_paris_time():
    expired = {day: Document(expires_on=date(2027, 3, day)).is_expired for day in (3, 4, 5)}

    assert expired == {3: True, 4: False, 5: False}
    assert not Document().is_expired


def test_where_a_document_is_used_is_counted_without_what_was_removed(page, dossier, contributor, publisher):
    version = DocumentVersionFactory.create(document__publisher=publisher)
    assert "Joint à aucune réponse" in text_of(page())

    for key in ("SEC-GOV-02", "SEC-EXP-04"):
        attach(dossier=dossier, key=key, version=version, by=contributor)
    attachment = attach(dossier=dossier, key="SEC-GOV-01", version=version, by=contributor)
    detach(dossier=dossier, key="SEC-GOV-01", attachment=attachment, by=contributor)

    assert "Joint à 2 questions dans un dossier" in text_of(page())


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"q": "PENTEST"}, {"test d’intrusion"}),
        ({"q": "audit pentest"}, {"test d’intrusion"}),
        ({"q": "absent"}, set()),
        ({"etat": "en-attente"}, {"politique"}),
        ({"etat": "refuse"}, {"certificat"}),
        ({"nature": "audit"}, {"test d’intrusion"}),
        ({"validite": "expire"}, {"certificat"}),
        ({"validite": "expire-bientot"}, {"test d’intrusion"}),
        ({"usage": "inutilise"}, {"certificat", "politique"}),
        (
            {"etat": "inconnu", "nature": "'", "validite": "", "usage": "x"},
            {"certificat", "politique", "test d’intrusion"},
        ),
    ],
)
def test_filters_are_kept_in_the_address(client, contributor, publisher, dossier, query, shown):
    today = timezone.localdate()
    DocumentVersionFactory.create(document__publisher=publisher, document__title="politique")
    DocumentVersionFactory.create(
        document__publisher=publisher,
        document__title="certificat",
        document__expires_on=today - timedelta(days=1),
        refused=True,
    )
    used = DocumentVersionFactory.create(
        document__publisher=publisher,
        document__title="test d’intrusion",
        document__kind="audit",
        document__expires_on=today + timedelta(days=90),
        original_name="audit_pentest.pdf",
        clean=True,
    )
    DocumentVersionFactory.create(document=used.document, number=2, original_name="audit_pentest_2.pdf", clean=True)
    attach(dossier=dossier, key="SEC-EXP-04", version=used, by=contributor)
    Document.objects.exclude(title__in=["politique", "certificat", "test d’intrusion"]).update(kind="contract")
    client.force_login(contributor)

    response = client.get(reverse("library:list"), query)

    ours = {"politique", "certificat", "test d’intrusion"}
    assert {row.document.title for row in response.context["rows"]} & ours == shown
    if query.get("q") == "absent":
        assert "Aucun document ne correspond" in text_of(response)


@pytest.mark.parametrize(("who", "found"), [("contributor", True), ("mandataire", True), ("reader", False)])
def test_the_text_of_a_confidential_document_is_searched_for_those_who_may_open_it(
    client, request, publisher, who, found
):
    version = DocumentVersionFactory.create(
        document__publisher=publisher, document__title="Plan de sortie", document__is_confidential=True, clean=True
    )
    Content.objects.create(version=version, text="Clause de réversibilité")
    client.force_login(request.getfixturevalue(who))

    text = text_of(client.get(reverse("library:list"), {"q": "réversibilité"}))

    assert ("Plan de sortie" in text) is found
    assert ("Le texte des documents confidentiels n’est pas cherché." in text) is not found


def test_being_cleared_for_one_publisher_opens_no_text_of_another(publisher, contributor):
    version = DocumentVersionFactory.create(document__is_confidential=True, clean=True)
    Content.objects.create(version=version, text="Clause de réversibilité")

    assert cleared_for(contributor) == [publisher.pk]
    assert not DocumentVersion.objects.containing("réversibilité", cleared=cleared_for(contributor))


def test_the_next_page_keeps_the_filters(client, contributor, publisher):
    for _ in range(26):
        DocumentVersionFactory.create(document__publisher=publisher)
    client.force_login(contributor)

    content = client.get(reverse("library:list"), {"q": "Politique", "etat": "en-attente"}).content.decode()

    assert "q=Politique&amp;etat=en-attente&amp;page=2" in content


@pytest.mark.parametrize("who", ["stranger", "reviewer", "consultant"])
def test_nobody_else_sees_them(client, request, deposit, who):
    deposit("note.txt", samples.TXT, title="Plan confidentiel")
    client.force_login(request.getfixturevalue(who))

    response = client.get(reverse("library:list"))

    assert response.status_code == 200
    assert "Plan confidentiel" not in response.content.decode()


def test_the_newest_come_first_twenty_five_to_a_page(page, publisher):
    versions = [DocumentVersionFactory.create(document__publisher=publisher) for _ in range(26)]

    first, second = page(), page(2)

    assert versions[-1].original_name in first.content.decode()
    assert versions[0].original_name not in first.content.decode()
    assert versions[0].original_name in second.content.decode()


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

    for _ in range(2):
        DocumentVersionFactory.create(document__publisher=publisher)
    few = queries()
    for _ in range(200):
        DocumentVersionFactory.create(document__publisher=publisher, file="quarantine/x")

    assert queries() == few
