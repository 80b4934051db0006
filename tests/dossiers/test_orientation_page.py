"""/dossiers/<number>/orientation/, without JavaScript."""

import pytest
from django.urls import reverse

from assessments.models import Dossier
from assessments.operations.dossiers import move
from tests.assessments.saving import save, state_of
from tests.assessments.test_finish_orientation import answer_all
from tests.dossiers.pages import element, has_element, input_of, text_of, told, typed

FIRST, LAST = "ORI-DON-01", "ORI-FON-08"


def url(dossier):
    return reverse("dossiers:orientation", args=[dossier.number])


def test_it_asks_every_question_in_its_place(filler, new_dossier):
    response = filler.get(url(new_dossier))

    for key in (FIRST, "ORI-PUB-04", LAST):
        assert element(response, key)
    assert "Terminer l’orientation" in text_of(response)
    assert "Étape 1 sur 5" in text_of(response)
    assert not has_element(response, f"fichiers-{FIRST}"), "the orientation proves nothing"


def test_what_is_posted_is_saved_and_the_page_comes_back(filler, new_dossier):
    response = filler.post(url(new_dossier), typed(new_dossier, FIRST, "oui") | typed(new_dossier, "ORI-DON-02", "non"))

    assert response["Location"] == url(new_dossier)
    assert told(response) == ["2 réponses enregistrées."]
    assert (state_of(new_dossier, FIRST).value, state_of(new_dossier, "ORI-DON-02").value) == ("oui", "non")


def test_finishing_with_a_gap_leads_to_the_first_one(filler, new_dossier, contributor):
    answer_all(new_dossier, contributor)
    save(new_dossier, "ORI-PUB-02", None, by=contributor)
    save(new_dossier, LAST, None, by=contributor)

    response = filler.post(url(new_dossier), {"finish": "1"})

    assert response["Location"] == url(new_dossier)
    assert "<a href='#ORI-PUB-02'>Aller à la première</a>" in told(response)[0]
    assert "Il reste 2 questions sans réponse." in told(response)[0]
    new_dossier.refresh_from_db()
    assert new_dossier.state == Dossier.State.ORIENTATION


def test_finishing_saves_what_was_posted_with_it_and_opens_the_dossier(filler, new_dossier, contributor):
    answer_all(new_dossier, contributor)
    save(new_dossier, LAST, None, by=contributor)

    response = filler.post(url(new_dossier), {"finish": "1"} | typed(new_dossier, LAST, "oui"))

    assert response["Location"] == f"/dossiers/{new_dossier.number}/"
    new_dossier.refresh_from_db()
    assert new_dossier.state == Dossier.State.FILLING
    assert state_of(new_dossier, LAST).value == "oui"


def test_finishing_with_a_conflict_finishes_nothing_and_shows_it(filler, new_dossier, contributor, mandataire):
    answer_all(new_dossier, contributor)
    posted = typed(new_dossier, LAST, "oui")
    save(new_dossier, LAST, None, by=mandataire)

    response = filler.post(url(new_dossier), {"finish": "1"} | posted)

    assert response.status_code == 422
    assert f"{mandataire.full_name} a répondu le" in text_of(response)
    new_dossier.refresh_from_db()
    assert new_dossier.state == Dossier.State.ORIENTATION


def test_a_reader_reads(client, reader, new_dossier):
    client.force_login(reader)

    response = client.get(url(new_dossier))

    assert response.status_code == 200
    assert "Terminer l’orientation" not in text_of(response)
    assert "Votre rôle permet de lire les réponses, pas de les modifier." in text_of(response)
    assert "disabled" in element(response, f"{FIRST}-oui")
    assert client.post(url(new_dossier), typed(new_dossier, FIRST, "oui")).status_code == 403
    assert state_of(new_dossier, FIRST).value is None


@pytest.mark.parametrize("state", [Dossier.State.SUBMITTED, Dossier.State.CLOSED])
def test_once_handed_over_it_is_read_only(filler, new_dossier, state):
    move(new_dossier, state)

    response = filler.get(url(new_dossier))
    filler.post(url(new_dossier), typed(new_dossier, FIRST, "oui"))

    assert "disabled" in element(response, f"{FIRST}-oui")
    assert "Enregistrer cette page" not in text_of(response)
    assert state_of(new_dossier, FIRST).value is None


def test_while_filling_it_can_be_revised(filler, blank_dossier):
    response = filler.get(url(blank_dossier))
    filler.post(url(blank_dossier), typed(blank_dossier, FIRST, "oui"))

    assert "Retour au dossier" in text_of(response)
    assert state_of(blank_dossier, FIRST).value == "oui"
    assert 'value="0"' in input_of(response, f"{FIRST}-revision")
