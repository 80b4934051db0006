"""Before the round leaves, the reviewer reads what will leave."""

import pytest
from django.urls import reverse

from assessments.models import Dossier, Round
from tests.assessments.filled import examine

REFUSED, ASKED = "SEC-GOV-02", "SEC-HEB-05"


def url_of(dossier):
    return reverse("reviews:send", args=[dossier.number])


def test_the_summary_holds_what_will_be_sent_and_nothing_else(desk_client, dossier, reviewer):
    examine(dossier, by=reviewer, refused=[REFUSED], asked=[ASKED])
    page = desk_client.get(url_of(dossier)).content.decode()
    for words in [REFUSED, ASKED, "Il manque la page signée.", "De quand date ce document", "ces 2 demandes"]:
        assert words in page
    assert "SEC-DEV-08" not in page


def test_posting_it_sends_the_round_with_its_message(desk_client, dossier, reviewer):
    examine(dossier, by=reviewer, refused=[REFUSED])
    response = desk_client.post(url_of(dossier), {"message": "Merci de compléter."}, follow=True)
    assert "Le tour est envoyé" in response.content.decode()
    current = Round.objects.get()
    assert (current.message, current.sent_by) == ("Merci de compléter.", reviewer)
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.CORRECTIONS_ASKED


def test_an_unfinished_round_names_what_is_left_and_cannot_leave(desk_client, dossier, reviewer):
    examine(dossier, by=reviewer, refused=[REFUSED], but=[ASKED])
    page = desk_client.get(url_of(dossier)).content.decode()
    assert "Il reste 1 élément à examiner" in page
    assert ASKED in page
    assert "Envoyer le tour à l’éditeur" not in page
    response = desk_client.post(url_of(dossier), {"message": ""})
    assert response.status_code == 200
    assert "Le tour n’a pas été envoyé." in response.content.decode()
    assert Round.objects.get().sent_at is None


def test_a_round_without_any_request_cannot_leave(desk_client, dossier, reviewer):
    examine(dossier, by=reviewer)
    page = desk_client.post(url_of(dossier), {"message": ""}).content.decode()
    assert "il n’y a rien à demander à l’éditeur" in page
    assert Round.objects.get().sent_at is None


def test_a_second_click_sends_nothing_more(desk_client, dossier, reviewer):
    examine(dossier, by=reviewer, refused=[REFUSED])
    desk_client.post(url_of(dossier), {"message": "Une fois."})
    response = desk_client.post(url_of(dossier), {"message": "Deux fois."}, follow=True)
    assert "Ce tour est déjà terminé." in response.content.decode()
    assert Round.objects.get().message == "Une fois."


@pytest.mark.parametrize("person", ["mandataire", "stranger", "editor", "gie_officer", "administrator"])
def test_nobody_but_reviewers_sends_a_round(client, request, dossier, reviewer, person):
    examine(dossier, by=reviewer, refused=[REFUSED])
    client.force_login(request.getfixturevalue(person))
    assert client.get(url_of(dossier)).status_code == 404
    assert client.post(url_of(dossier), {"message": ""}).status_code == 404
    assert Round.objects.get().sent_at is None
