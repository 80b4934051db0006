"""One document: what it is, its versions, where each stands, and a new version everywhere."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from assessments.models import Consultation
from assessments.operations.answers import attach
from evidence.models import Document
from evidence.pieces import put_piece, start_upload
from tests.assessments.conftest import blank_dossier, dossier, new_file
from tests.assessments.saving import files_of
from tests.dossiers.pages import text_of, told
from tests.evidence import samples
from tests.evidence.factories import DocumentVersionFactory

__all__ = ["blank_dossier", "dossier", "new_file"]
KEY = "SEC-EXP-04"


@pytest.fixture
def browser(client, contributor):
    client.force_login(contributor)
    return client


@pytest.fixture
def first(new_file):
    return new_file(clean=True, document__title="Plan de reprise", original_name="pra.txt")


def page(client, version):
    return client.get(reverse("library:document", args=[version.document_id]))


def code_of(client, url):
    response = client.get(url)
    b"".join(response)  # a file is closed once it is read
    return response.status_code


def say(client, version, **changed):
    said = {"title": "Plan de reprise", "kind": "policy", "issued_on": "", "expires_on": ""} | changed
    return client.post(reverse("library:document", args=[version.document_id]), said)


def give(client, version, *files, **more):
    return client.post(reverse("library:add-version", args=[version.document_id]), {"files": files, **more})


def second(version, **traits):
    return DocumentVersionFactory.create(document=version.document, number=2, **traits)


def test_each_version_tells_its_state_and_where_it_stands(browser, first, blank_dossier, contributor):
    attach(dossier=blank_dossier, key=KEY, version=first, by=contributor)
    second(first, refused=True)

    response = page(browser, first)

    text = text_of(response)
    assert "Version 2" in text and "Version 1" in text and "programme dangereux" in text
    assert "(remplacée)" not in text
    assert f"/dossiers/{blank_dossier.number}/securite/exploitation/#{KEY}" in response.content.decode()
    assert reverse("evidence:file", args=[first.pk]) in response.content.decode()


def test_what_the_document_is_can_be_said(browser, first):
    response = say(browser, first, title="PRA 2026", issued_on="2026-01-05", expires_on="2029-01-04")

    assert told(response) == ["Les informations du document sont enregistrées."]
    document = Document.objects.get()
    assert (document.title, document.kind, str(document.expires_on)) == ("PRA 2026", "policy", "2029-01-04")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": ""}, "Donnez un titre au document."),
        ({"title": "x" * 201}, "Ce titre est trop long : 200 caractères au plus."),
        ({"expires_on": "31/02/2027"}, "Écrivez une date qui existe, par exemple 22/11/2026."),
        (
            {"issued_on": "2026-01-05", "expires_on": "2026-01-04"},
            "La date de fin de validité doit suivre la date d’établissement.",
        ),
    ],
)
def test_what_cannot_be_says_why_and_changes_nothing(browser, first, changed, sentence):
    response = say(browser, first, **changed)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert '<h1 class="fr-h2">Plan de reprise</h1>' in response.content.decode()
    assert Document.objects.get().kind == "other"


def test_a_reader_reads_and_changes_nothing(client, reader, first):
    client.force_login(reader)

    text = text_of(page(client, first))

    assert "Télécharger pra.txt" in text
    assert "Ajouter une version" not in text and "Enregistrer" not in text
    assert say(client, first).status_code == 403
    assert give(client, first, samples.upload("b.txt", b"b")).status_code == 403


# --- Confidential ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "code"), [("mandataire", 200), ("representative", 200), ("contributor", 200), ("reader", 403)]
)
def test_a_confidential_document_is_opened_by_those_who_fill_and_named_to_all(client, request, first, who, code):
    Document.objects.update(is_confidential=True)
    client.force_login(request.getfixturevalue(who))

    response = page(client, first)

    text = text_of(response)
    assert "Plan de reprise" in text and "confidentiel" in text
    assert ("Télécharger pra.txt" in text) == (code == 200)
    assert ("demandez-le à une personne qui remplit les dossiers" in text) == (code == 403)
    assert code_of(client, reverse("evidence:file", args=[first.pk])) == code


@pytest.mark.parametrize(("who", "code"), [("contributor", 200), ("reader", 403), ("consultant", 403)])
def test_nor_is_it_opened_through_the_dossier_to_which_it_is_joined(
    client, request, first, blank_dossier, contributor, mandataire, who, code
):
    person: User = request.getfixturevalue(who)
    if who == "consultant":
        Consultation.objects.create(dossier=blank_dossier, membership=person.memberships.get(), granted_by=mandataire)
    attachment = attach(dossier=blank_dossier, key=KEY, version=first, by=contributor)
    url = reverse("dossiers:evidence", args=[blank_dossier.number, KEY, attachment.pk])
    client.force_login(person)
    theme = reverse("dossiers:theme", args=[blank_dossier.number, "securite", "exploitation"])
    assert code_of(client, url) == 200
    assert url in client.get(theme).content.decode()

    Document.objects.update(is_confidential=True)

    assert code_of(client, url) == code
    assert (f'href="{url}"' in client.get(theme).content.decode()) == (code == 200)
    assert "pra.txt" in text_of(client.get(theme))


# --- A new version ----------------------------------------------------------------------------------


def test_a_new_version_is_added_by_the_plain_form(browser, first):
    response = give(browser, first, samples.upload("pra-2.txt", b"Deux."))

    assert told(response) == ["Version 2 déposée\u00a0: elle va être analysée."]
    assert response["Location"] == reverse("library:document", args=[first.document_id])
    assert first.document.current.original_name == "pra-2.txt"


def test_the_dates_of_a_document_are_to_be_checked_once_it_has_a_new_version(browser, first):
    say(browser, first, expires_on="2029-01-04")
    response = give(browser, first, samples.upload("pra-2.txt", b"Deux."))

    assert "Vérifiez que les dates du document sont encore celles de cette version." in told(response)


def test_no_file_the_same_file_and_a_wrong_one_say_so(browser, deposit):
    version = deposit("note.txt", samples.TXT)

    none, same, wrong = (
        give(browser, version),
        give(browser, version, samples.upload("copie.txt", samples.TXT)),
        give(browser, version, samples.upload("a.exe", b"MZ")),
    )

    assert "Choisissez un fichier." in text_of(none)
    assert "Ce fichier est identique à la version 1, la version actuelle" in text_of(same)
    assert "Ce type de fichier n’est pas accepté." in text_of(wrong)
    assert {response.status_code for response in (none, same, wrong)} == {422}
    assert version.document.versions.count() == 1


def test_one_that_came_in_pieces_leads_to_the_page_and_the_same_bytes_are_told(browser, first, publisher, contributor):
    def named(content: bytes):
        upload = start_upload(publisher=publisher, name="b.txt", size=len(content), by=contributor)
        put_piece(upload, 0, content)
        return str(upload.pk), give(browser, first, uploads=str(upload.pk))

    _id, done = named(b"Deux.")
    upload_id, same = named(b"Deux.")

    assert done["HX-Redirect"] == reverse("library:document", args=[first.document_id])
    sentence = json.loads(same["HX-Trigger"])["uploads:done"]["refused"][upload_id]
    assert sentence.startswith("Ce fichier est identique à la version 2")


# --- Everywhere ---------------------------------------------------------------------------------------


def replace(client, version):
    return client.post(reverse("library:replace", args=[version.document_id]))


def test_the_newest_clean_version_is_offered_where_an_older_one_stands(browser, first, blank_dossier, contributor):
    offer = "Utiliser la version 2 partout où la réponse peut encore changer"
    newer = second(first)
    assert offer not in text_of(page(browser, first))
    type(newer).objects.filter(pk=newer.pk).update(state="clean")
    assert offer not in text_of(page(browser, first))
    attach(dossier=blank_dossier, key=KEY, version=first, by=contributor)
    assert offer in text_of(page(browser, first))

    response = replace(browser, first)

    assert "Une réponse est maintenant accompagnée de la version 2" in text_of(response)
    assert files_of(blank_dossier, KEY) == [newer.pk]
    assert offer not in text_of(page(browser, first))


def test_what_is_kept_says_why(browser, first, blank_dossier, contributor):
    attach(dossier=blank_dossier, key="SEC-GOV-02", version=first, by=contributor)
    second(first, clean=True)

    text = text_of(replace(browser, first))

    assert "Une réponse garde la version qu’elle avait" in text
    assert "La question ne prend pas de fichier de ce type." in text


def test_without_a_clean_version_nothing_is_done(browser, new_file):
    response = replace(browser, new_file())

    assert told(response) == ["Aucune version de ce document ne peut encore être utilisée."]


def test_the_number_of_queries_does_not_grow_with_versions_nor_uses(browser, first, blank_dossier, contributor):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(browser, first)
        return len(captured)

    attach(dossier=blank_dossier, key=KEY, version=first, by=contributor)
    page(browser, first)
    few = queries()
    for number in range(2, 12):
        version = DocumentVersionFactory.create(document=first.document, number=number)
        attach(dossier=blank_dossier, key="SEC-GOV-01", version=version, by=contributor)

    assert queries() == few
