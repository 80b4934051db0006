"""Files of an answer: joined, followed until they are scanned, removed."""

import re

import pytest
from django.urls import reverse

from assessments.models import Attachment, Dossier
from assessments.operations.answers import attach
from assessments.operations.dossiers import move
from evidence.models import Content, DocumentVersion
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import files_of, state_of
from tests.dossiers.pages import element, files_url, has_element, input_of, text_of, told
from tests.evidence import samples

# A file question; another that needs no proof; one that is hidden.
KEY, OTHER, HIDDEN = "SEC-GOV-02", "SEC-EXP-04", "SEC-IDU-09"


def post_files(client, dossier, key, *files):
    return client.post(files_url(dossier, key), {f"{key}-files": list(files)})


def detach_url(dossier, attachment, key=KEY):
    return reverse("dossiers:detach", args=[dossier.number, key, attachment.pk])


@pytest.fixture
def attachment(blank_dossier, contributor, new_file) -> Attachment:
    return attach(dossier=blank_dossier, key=KEY, version=new_file(original_name="pssi.txt"), by=contributor)


def test_a_file_is_received_joined_and_shown(filler, blank_dossier):
    response = post_files(filler, blank_dossier, KEY, samples.upload("politique.pdf", samples.PDF))

    assert response.status_code == 200
    (version,) = state_of(blank_dossier, KEY).files
    assert (version.original_name, version.state) == ("politique.pdf", "received")
    assert "politique.pdf" in text_of(response)
    for id in (f"fichiers-{KEY}", f"badge-{KEY}", f"rev-{KEY}", "avancement"):
        assert "hx-swap-oob" in element(response, id)
    assert 'value="1"' in input_of(response, f"{KEY}-revision")


def test_several_files_are_joined_at_once(filler, blank_dossier):
    post_files(
        filler, blank_dossier, KEY, samples.upload("a.pdf", samples.PDF), samples.upload("b.pdf", samples.PDF + b"%")
    )

    assert [file.original_name for file in state_of(blank_dossier, KEY).files] == ["a.pdf", "b.pdf"]


def test_a_question_that_names_its_formats_takes_no_other(filler, blank_dossier):
    response = post_files(filler, blank_dossier, KEY, samples.upload("politique.txt", samples.TXT))

    assert "politique.txt n’a pas été joint : cette question demande un fichier PDF." in text_of(response)
    assert state_of(blank_dossier, KEY).files == ()


def test_a_question_takes_no_more_files_than_it_says(filler, blank_dossier):
    files = [samples.upload(f"{number}.pdf", samples.PDF + b"%" * number) for number in range(3)]

    response = post_files(filler, blank_dossier, KEY, *files)

    assert "2.pdf n’a pas été joint : cette question prend 2 fichiers au plus." in text_of(response)
    assert [file.original_name for file in state_of(blank_dossier, KEY).files] == ["0.pdf", "1.pdf"]


def test_a_file_that_the_analysis_refused_takes_no_place(filler, blank_dossier, contributor, new_file):
    for traits in ({"refused": True}, {"clean": True}):
        attach(dossier=blank_dossier, key=KEY, version=new_file(**traits), by=contributor)
    assert "1 sur 2 fichiers" in text_of(filler.get(files_url(blank_dossier, KEY)))

    second = post_files(filler, blank_dossier, KEY, samples.upload("a.pdf", samples.PDF))
    third = post_files(filler, blank_dossier, KEY, samples.upload("b.pdf", samples.PDF + b"%"))

    assert "2 sur 2 fichiers" in text_of(second)
    assert "b.pdf n’a pas été joint : cette question prend 2 fichiers au plus." in text_of(third)
    assert "a.pdf" in [file.original_name for file in state_of(blank_dossier, KEY).files]


def test_a_question_without_a_limit_counts_nothing(filler, blank_dossier):
    assert not re.search(r"\d sur \d+ fichier", text_of(filler.get(files_url(blank_dossier, OTHER))))


def test_a_file_that_is_joined_already_is_said_to_be(filler, blank_dossier):
    post_files(filler, blank_dossier, KEY, samples.upload("politique.pdf", samples.PDF))

    response = post_files(filler, blank_dossier, KEY, samples.upload("copie.pdf", samples.PDF))

    assert "Ce fichier est déjà joint, sous le nom politique.pdf." in text_of(response)
    assert len(state_of(blank_dossier, KEY).files) == 1


def test_a_file_that_is_not_taken_says_why_and_the_others_are_joined(filler, blank_dossier):
    response = post_files(
        filler,
        blank_dossier,
        KEY,
        samples.upload("programme.exe", b"MZ" + bytes(60)),
        samples.upload("politique.pdf", samples.PDF),
    )

    assert 'role="alert"' in response.content.decode()
    assert [file.original_name for file in state_of(blank_dossier, KEY).files] == ["politique.pdf"]


def test_no_file_at_all_changes_nothing(filler, blank_dossier):
    assert post_files(filler, blank_dossier, KEY).status_code == 200
    assert not DocumentVersion.objects.exists()


def test_the_page_asks_again_while_a_file_is_being_scanned_and_stops_after(filler, blank_dossier, attachment):
    waiting = filler.get(files_url(blank_dossier, KEY))
    DocumentVersion.objects.update(state="clean")
    scanned = filler.get(files_url(blank_dossier, KEY))

    assert 'hx-trigger="load delay:3s"' in waiting.content.decode()
    assert 'hx-trigger="load delay:3s"' not in scanned.content.decode()
    assert has_element(scanned, "annonces") is False


def test_a_file_is_removed_in_place_by_htmx(filler, blank_dossier, attachment):
    response = filler.post(detach_url(blank_dossier, attachment), headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert state_of(blank_dossier, KEY).files == ()
    assert "pssi.txt" not in text_of(response)
    # The button that had the keyboard’s focus is gone.
    assert " autofocus" in element(response, f"fichiers-{KEY}")


def test_without_javascript_one_comes_back_to_the_question(filler, blank_dossier, attachment):
    response = filler.post(detach_url(blank_dossier, attachment))

    assert response["Location"] == f"/dossiers/{blank_dossier.number}/securite/gouvernance/#{KEY}"
    assert state_of(blank_dossier, KEY).files == ()


def test_a_file_is_removed_from_its_own_question_only(filler, blank_dossier, attachment):
    assert filler.post(detach_url(blank_dossier, attachment, key=OTHER)).status_code == 404
    assert len(state_of(blank_dossier, KEY).files) == 1


def test_a_file_is_removed_from_its_own_dossier_only(filler, blank_dossier):
    theirs = Attachment.objects.filter(answer__assessment__dossier=filled_dossier(), answer__question__key=KEY).get()

    assert filler.post(detach_url(blank_dossier, theirs)).status_code == 404
    theirs.refresh_from_db()
    assert theirs.removed_at is None


def test_once_closed_files_stay(filler, dossier):
    attachment = Attachment.objects.filter(answer__question__key=KEY).get()
    move(dossier, Dossier.State.CLOSED)

    added = post_files(filler, dossier, KEY, samples.upload("autre.pdf", samples.PDF))
    removed = filler.post(detach_url(dossier, attachment))

    assert "Cette question n’est plus ouverte : le fichier n’a pas été joint." in text_of(added)
    assert "Cette question n’est plus ouverte : le fichier reste joint." in told(removed)
    assert files_of(dossier, KEY) == [attachment.document_version.pk]


@pytest.mark.parametrize("key", [HIDDEN, "SEC-XYZ-99", "ORI-DON-01"])
def test_a_question_that_takes_no_file_is_not_there(filler, blank_dossier, key):
    assert filler.get(files_url(blank_dossier, key)).status_code == 404
    assert post_files(filler, blank_dossier, key, samples.upload("a.txt", samples.TXT)).status_code == 404
    assert not DocumentVersion.objects.exists()


@pytest.mark.parametrize(("who", "code"), [("contributor", 200), ("reader", 403), ("stranger", 404), ("reviewer", 404)])
def test_who_may_join_a_file(client, request, blank_dossier, who, code):
    client.force_login(request.getfixturevalue(who))

    response = post_files(client, blank_dossier, KEY, samples.upload("a.pdf", samples.PDF))

    assert response.status_code == code
    assert DocumentVersion.objects.exists() is (code == 200)


def test_a_file_says_in_a_few_words_what_should_be_looked_at(filler, dossier, contributor, new_file):
    version = new_file(clean=True, original_name="rapport.pdf")
    Content.objects.create(version=version, text="Une autre société")
    attach(dossier=dossier, key=KEY, version=version, by=contributor)

    page = text_of(filler.get(files_url(dossier, KEY)))

    assert "Ni produit ni éditeur nommé" in page
