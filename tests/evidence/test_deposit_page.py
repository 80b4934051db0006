"""Depositing documents in the library, by a plain form or in pieces."""

import json

import pytest
from django.urls import reverse

from evidence.models import Document, DocumentVersion, Upload
from evidence.pieces import put_piece, start_upload
from tests.dossiers.pages import text_of, told
from tests.evidence import samples
from tests.factories import MembershipFactory

URL = "/preuves/deposer/"


@pytest.fixture
def browser(client, contributor):
    client.force_login(contributor)
    return client


def test_several_documents_are_deposited_at_once(browser, publisher):
    files = [samples.upload("a.pdf", samples.PDF), samples.upload("b.txt", samples.TXT)]

    response = browser.post(URL, {"files": files})

    assert response["Location"] == reverse("library:list")
    assert told(response) == ["2 documents déposés."]
    assert set(Document.objects.values_list("title", "publisher")) == {("a", publisher.pk), ("b", publisher.pk)}


def test_what_is_not_taken_says_why_by_its_name_and_the_others_are_kept(browser):
    files = [samples.upload("a.exe", b"MZ"), samples.upload("b.txt", samples.TXT)]

    response = browser.post(URL, {"files": files})

    assert response.status_code == 422
    assert "a.exe\u00a0: Ce type de fichier n’est pas accepté." in response.content.decode()
    assert Document.objects.get().title == "b"


def test_nothing_chosen_is_said_so(browser):
    response = browser.post(URL)

    assert response.status_code == 422
    assert "Choisissez au moins un fichier." in text_of(response)


def test_what_is_there_already_is_named(browser, deposit):
    deposit("note.txt", samples.TXT, title="Procédure d’incident")

    response = browser.post(URL, {"files": samples.upload("copie.txt", samples.TXT)})

    expected = "copie.txt est déjà dans vos preuves, sous le titre « Procédure d’incident »."
    assert expected in text_of(response).replace("\u00a0", " ")
    assert DocumentVersion.objects.count() == 1


def test_who_belongs_to_several_publishers_says_which(browser, contributor, publisher, stranger):
    other = MembershipFactory.create(user=contributor, role="contributor").publisher
    foreign = stranger.memberships.get().publisher

    none = browser.post(URL, {"files": samples.upload("a.txt", samples.TXT)})
    wrong = browser.post(URL, {"files": samples.upload("a.txt", samples.TXT), "publisher": foreign.pk})
    right = browser.post(URL, {"files": samples.upload("a.txt", samples.TXT), "publisher": other.pk})

    assert "Choisissez l’éditeur auquel ces documents appartiennent." in text_of(none)
    assert "Choisissez l’un de vos éditeurs." in text_of(wrong)
    assert (none.status_code, wrong.status_code, right.status_code) == (422, 422, 302)
    assert Document.objects.get().publisher == other


# --- In pieces --------------------------------------------------------------------------------------


def named(client, *ids):
    response = client.post(URL, {"uploads": list(ids)}, headers={"HX-Request": "true"})
    return json.loads(response["HX-Trigger"])["uploads:done"]


def uploaded(publisher, by, name="note.txt", content=samples.TXT, whole=True):
    upload = start_upload(publisher=publisher, name=name, size=len(content), by=by)
    if whole:
        put_piece(upload, 0, content)
    return upload


def test_a_whole_file_becomes_a_document_and_asking_again_tells_the_same(browser, publisher, contributor):
    upload = uploaded(publisher, contributor)

    first, again = named(browser, upload.pk), named(browser, upload.pk)

    url = reverse("library:document", args=[Document.objects.get().pk])
    assert first == again == {"kept": {str(upload.pk): url}, "refused": {}}


def test_a_file_that_is_not_whole_says_so_and_goes_on(browser, publisher, contributor):
    upload = uploaded(publisher, contributor, whole=False)

    refused = named(browser, upload.pk)["refused"]

    assert refused == {str(upload.pk): "Ce fichier n’est pas arrivé en entier. Déposez-le à nouveau."}
    assert Upload.objects.filter(pk=upload.pk).exists()


def test_a_file_that_is_not_what_it_says_is_refused(browser, publisher, contributor):
    upload = uploaded(publisher, contributor, name="a.pdf")

    assert "n’est pas celui d’un fichier" in named(browser, upload.pk)["refused"][str(upload.pk)]


def test_an_upload_of_somebody_else_or_of_nobody_is_gone(browser, publisher, mandataire):
    theirs = uploaded(publisher, mandataire)
    nobodys = "00000000-0000-4000-8000-000000000000"

    refused = named(browser, theirs.pk, nobodys, "rien")["refused"]

    gone = "Cet envoi n’existe plus. Déposez le fichier à nouveau."
    assert refused == {str(theirs.pk): gone, nobodys: gone, "rien": gone}
    assert not Document.objects.exists()
