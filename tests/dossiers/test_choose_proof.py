"""A proof chosen in the publisher's library, instead of a file sent again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Consultation
from assessments.operations.answers import attach
from assessments.operations.dossiers import move
from tests.assessments.saving import files_of, state_of
from tests.dossiers.pages import element, text_of, told
from tests.evidence.factories import DocumentVersionFactory

KEY, PDF_ONLY, HIDDEN = "SEC-EXP-04", "SEC-GOV-02", "SEC-IDU-09"


def url(dossier, key=KEY):
    return reverse("dossiers:choose", args=[dossier.number, key])


def choose(client, dossier, version, key=KEY, **more):
    return client.post(url(dossier, key), {"version": version.pk}, **more)


@pytest.fixture
def version(new_file):
    return new_file(clean=True, document__title="Plan de reprise", original_name="pra.txt")


def test_the_card_leads_there(filler, blank_dossier):
    theme = filler.get(reverse("dossiers:theme", args=[blank_dossier.number, "securite", "exploitation"]))

    assert url(blank_dossier) in theme.content.decode()


def test_without_javascript_it_is_a_page_and_one_comes_back_to_the_question(filler, blank_dossier, version):
    page = filler.get(url(blank_dossier))
    assert "Plan de reprise" in text_of(page) and "Retour à la question" in text_of(page)

    response = choose(filler, blank_dossier, version)

    assert response["Location"] == f"/dossiers/{blank_dossier.number}/securite/exploitation/#{KEY}"
    assert files_of(blank_dossier, KEY) == [version.pk]
    assert "Déjà joint" in text_of(filler.get(url(blank_dossier)))


def test_by_htmx_it_is_a_part_of_the_card_and_the_files_are_drawn_again(filler, blank_dossier, version):
    part = filler.get(url(blank_dossier), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()

    response = choose(filler, blank_dossier, version, headers={"HX-Request": "true"})

    assert "hx-swap-oob" in element(response, f"fichiers-{KEY}")
    assert "pra.txt" in text_of(response)
    assert " autofocus" in element(response, f"joints-{KEY}")


def test_a_question_that_is_full_says_so_and_offers_nothing_to_join(filler, blank_dossier, contributor, new_file):
    new_file(clean=True, document__title="Un troisième")
    for _ in range(2):
        attach(dossier=blank_dossier, key=PDF_ONLY, version=new_file(clean=True), by=contributor)

    page = text_of(filler.get(url(blank_dossier, PDF_ONLY)))

    assert "Cette question a déjà les 2 fichiers qu’elle prend : retirez-en un pour en joindre un autre." in page
    assert "Un troisième" in page
    assert "Joindre Un troisième" not in page


def test_only_the_latest_version_that_was_not_refused_is_offered(filler, blank_dossier, version):
    second = DocumentVersionFactory.create(document=version.document, number=2, original_name="pra-2.txt")
    DocumentVersionFactory.create(document=version.document, number=3, original_name="pra-3.txt", refused=True)

    text = text_of(filler.get(url(blank_dossier)))

    assert "pra-2.txt" in text and "analyse en attente" in text
    assert "pra.txt" not in text and "pra-3.txt" not in text
    assert choose(filler, blank_dossier, version).status_code == 404
    assert choose(filler, blank_dossier, second).status_code == 302


@pytest.mark.parametrize(("words", "found"), [("reprise", True), ("PRA plan", True), ("registre", False)])
def test_titles_and_file_names_are_searched(filler, blank_dossier, version, words, found):
    text = text_of(filler.get(url(blank_dossier), {"q": words}))

    assert ("Plan de reprise" in text) is found
    assert ("Aucun document ne correspond" in text) is not found


def test_an_empty_library_says_how_to_start(filler, blank_dossier):
    assert "Aucun document à joindre pour l’instant" in text_of(filler.get(url(blank_dossier)))


def test_what_the_question_does_not_take_says_why(filler, blank_dossier, version):
    response = choose(filler, blank_dossier, version, key=PDF_ONLY)

    assert told(response) == ["pra.txt n’a pas été joint\u00a0: cette question demande un fichier PDF."]
    assert state_of(blank_dossier, PDF_ONLY).files == ()


def test_what_is_joined_already_is_said_to_be(filler, blank_dossier, version):
    choose(filler, blank_dossier, version)

    assert told(choose(filler, blank_dossier, version)) == ["Ce fichier est déjà joint, sous le nom pra.txt."]


def test_a_question_that_closed_meanwhile_takes_nothing(filler, blank_dossier, version):
    move(blank_dossier, "closed")

    assert told(choose(filler, blank_dossier, version)) == [
        "Cette question n’est plus ouverte\u00a0: le fichier n’a pas été joint."
    ]


def test_a_hidden_question_is_not_there(filler, blank_dossier, version):
    assert filler.get(url(blank_dossier, HIDDEN)).status_code == 404
    assert choose(filler, blank_dossier, version, key=HIDDEN).status_code == 404


def test_what_names_no_version_is_not_found(filler, blank_dossier):
    for posted in ("", "x", "-1", "9" * 30, "²"):
        assert filler.post(url(blank_dossier), {"version": posted}).status_code == 404


def test_another_publishers_documents_are_neither_shown_nor_taken(filler, blank_dossier):
    foreign = DocumentVersionFactory.create(clean=True, document__title="Chez un autre")

    assert "Chez un autre" not in text_of(filler.get(url(blank_dossier)))
    assert choose(filler, blank_dossier, foreign).status_code == 404


def test_a_consultant_chooses_among_what_stands_in_the_dossiers_open_to_them(
    client, blank_dossier, version, new_file, consultant, contributor, mandataire
):
    Consultation.objects.create(dossier=blank_dossier, membership=consultant.memberships.get(), granted_by=mandataire)
    new_file(clean=True, document__title="Ailleurs")
    secret = new_file(clean=True, document__title="Secret", document__is_confidential=True)
    DocumentVersionFactory.create(document=version.document, number=2, clean=True, original_name="pra-2.txt")
    for each in (version, secret):
        attach(dossier=blank_dossier, key="SEC-GOV-01", version=each, by=contributor)
    client.force_login(consultant)

    text = text_of(client.get(url(blank_dossier)))

    assert "pra.txt" in text
    assert "Ailleurs" not in text and "Secret" not in text and "pra-2.txt" not in text
    assert choose(client, blank_dossier, secret).status_code == 404
    assert choose(client, blank_dossier, version).status_code == 302


def test_the_number_of_queries_does_not_grow_with_documents(filler, blank_dossier, new_file):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            filler.get(url(blank_dossier))
        return len(captured)

    new_file()
    queries()
    few = queries()
    for _ in range(30):
        new_file()

    assert queries() == few
