"""What a newer edition changes is read by whoever sees the dossier; following it takes somebody who fills it."""

import pytest
from django.urls import reverse

from assessments.filing import Filing
from assessments.models import Dossier, EditionChange
from assessments.operations.dossiers import move
from assessments.operations.next_edition import follow_edition
from tests.assessments.next_editions import make_complete, next_edition

pytestmark = pytest.mark.once


@pytest.fixture
def edition_2027(db):
    return next_edition()


def url(dossier, name="next-edition", *more):
    return reverse(f"dossiers:{name}", args=[dossier.number, *more])


def text_of(response):
    return " ".join(response.content.decode().split())


def test_the_dossier_and_the_list_tell_of_it(filler, dossier, edition_2027):
    for page in (reverse("dossiers:list"), dossier.get_absolute_url()):
        assert url(dossier) in text_of(filler.get(page))


def test_nothing_is_told_without_a_newer_edition(filler, dossier):
    for page in (reverse("dossiers:list"), dossier.get_absolute_url()):
        assert url(dossier) not in text_of(filler.get(page))
    assert "suit l’édition la plus récente" in text_of(filler.get(url(dossier)))
    assert filler.get(url(dossier, "next-edition-simulation"))["Location"] == url(dossier)


def test_the_first_page_counts_and_says_by_when(filler, dossier, edition_2027):
    page = filler.get(url(dossier))

    assert "vous avez jusqu’au" in text_of(page)
    assert page.context["counts"]["to_read"] == 5
    assert page.context["counts"]["new"] == 1


def test_the_simulation_shows_each_question_with_why_and_writes_nothing(filler, dossier, edition_2027):
    page = text_of(filler.get(url(dossier, "next-edition-simulation")))

    assert "Le délai d’inactivité accepté passe de 60 à 30 minutes au plus." in page
    assert "<ins>" in page
    assert "<del>" in page
    assert "aucune autre exigence ne dépendait de ce statut" in page
    assert "Scores avant et après" in page
    assert not EditionChange.objects.exists()


def test_accepting_leads_to_what_is_asked(filler, dossier, edition_2027):
    assert filler.get(url(dossier, "next-edition-accept")).status_code == 200

    response = filler.post(url(dossier, "next-edition-accept"), {"edition": "2027"})

    assert response["Location"] == url(dossier, "orientation")
    dossier.refresh_from_db()
    assert dossier.edition == edition_2027
    again = filler.post(url(dossier, "next-edition-accept"), {"edition": "2027"})
    assert again.status_code == 302
    assert EditionChange.objects.count() == 1


@pytest.mark.parametrize("edition", ["2026", "2099", ""])
def test_another_edition_than_the_one_shown_changes_nothing(filler, dossier, edition_2027, edition):
    response = filler.post(url(dossier, "next-edition-accept"), {"edition": edition})

    assert response.status_code in {302, 404}
    assert not EditionChange.objects.exists()


def test_while_it_is_examined_it_is_said_that_it_may_not(filler, dossier, edition_2027):
    move(dossier, Dossier.State.UNDER_REVIEW)

    assert "Pas pour l’instant" in text_of(filler.get(url(dossier)))
    assert url(dossier, "next-edition-accept") not in text_of(filler.get(url(dossier, "next-edition-simulation")))
    assert filler.get(url(dossier, "next-edition-accept"))["Location"] == url(dossier)
    filler.post(url(dossier, "next-edition-accept"), {"edition": "2027"})
    assert not EditionChange.objects.exists()


def test_a_reader_reads_and_does_not_accept(client, dossier, reader, edition_2027):
    client.force_login(reader)

    assert client.get(url(dossier)).status_code == 200
    assert client.get(url(dossier, "next-edition-simulation")).status_code == 200
    assert client.get(url(dossier, "next-edition-accept")).status_code == 403
    assert client.post(url(dossier, "next-edition-accept"), {"edition": "2027"}).status_code == 403


@pytest.fixture
def followed(dossier, edition_2027, contributor):
    follow_edition(dossier=dossier, edition=edition_2027, by=contributor)
    dossier.refresh_from_db()
    return dossier


def test_the_edition_before_is_read_theme_by_theme(filler, followed):
    assert "Relire les réponses données sous" in text_of(filler.get(followed.get_absolute_url()))
    index = text_of(filler.get(url(followed, "edition", "2026")))
    theme = text_of(filler.get(url(followed, "edition-theme", "2026", "gouvernance")))

    assert url(followed, "edition-theme", "2026", "gouvernance") in index
    assert "SEC-GOV-08" in theme
    assert "Statut au regard de la directive NIS 2" in theme
    assert "<form" not in theme.split("<main", 1)[1].split("</main>", 1)[0]


def test_a_file_of_the_edition_before_is_opened_from_its_page(filler, followed):
    page = text_of(filler.get(url(followed, "edition-theme", "2026", "gouvernance")))
    address = page.split(f'href="/dossiers/{followed.number}/preuves/SEC-GOV-02/', 1)[1].split('"', 1)[0]

    response = filler.get(f"/dossiers/{followed.number}/preuves/SEC-GOV-02/{address}")

    assert b"".join(response.streaming_content).startswith(b"%PDF")
    response.close()


@pytest.mark.parametrize("code", ["2025", "2028"])
def test_an_edition_that_the_dossier_never_followed_is_not_there(filler, followed, code):
    assert filler.get(url(followed, "edition", code)).status_code == 404
    assert filler.get(url(followed, "edition-theme", "2026", "inconnu")).status_code == 404


def test_the_question_says_why_it_is_to_be_read_again_and_is_confirmed_there(filler, followed):
    move(followed, Dossier.State.FILLING)
    page = text_of(
        filler.get(reverse("dossiers:theme", args=[followed.number, "securite", "identification-des-usagers"]))
    )

    assert "Le délai d’inactivité accepté passe de 60 à 30 minutes au plus." in page
    filler.post(url(followed, "confirm", "SEC-IDU-07"))
    assert "SEC-IDU-07" not in Filing(followed).origins


def test_the_page_of_submission_asks_to_read_first(client, followed, mandataire):
    client.force_login(mandataire)
    make_complete(followed, by=mandataire)

    page = text_of(client.get(url(followed, "submit")))

    assert "À relire sous la nouvelle édition" in page
    assert "Soumettre le dossier</button>" not in page
