"""/dossiers/<number>/reponses/<key>/historique/: what became of an answer, and an earlier one taken back."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.history import can_hold, changes_between
from assessments.models import AnswerRevision, Dossier
from assessments.operations.answers import Entry, attach, detach
from assessments.operations.dossiers import move
from tests.assessments.saving import save, state_of
from tests.dossiers.pages import element, has_element, input_of, question, text_of, told

# « oui » reveals SEC-EXP-05 on the same page.
KEY, REVEALED, HIDDEN = "SEC-EXP-04", "SEC-EXP-05", "SEC-MOB-01"


def url_of(dossier, key=KEY):
    return reverse("dossiers:history", args=[dossier.number, key])


def restore(client, dossier, number, *, base, key=KEY, htmx=True):
    posted = {f"{key}-number": number, f"{key}-revision": base}
    return client.post(url_of(dossier, key), posted, headers={"HX-Request": "true"} if htmx else {})


def buttons_of(response):
    return [int(each) for each in re.findall(rf'name="{KEY}-number" value="(\d+)"', response.content.decode())]


@pytest.fixture
def changed(blank_dossier, contributor, mandataire):
    """Answered by one, changed by another, who also explained."""
    save(blank_dossier, KEY, "oui", by=contributor)
    save(blank_dossier, KEY, "non", by=mandataire, comment="Prévu en mars.")
    return blank_dossier


def test_it_tells_who_changed_what_newest_first(filler, changed, contributor, mandataire):
    page = text_of(filler.get(url_of(changed), headers={"HX-Request": "true"}))

    assert page.index(mandataire.full_name) < page.index(contributor.full_name)
    assert "Avant : Oui → Après : Non" in page
    assert "Commentaire → Après : Prévu en mars." in page
    assert "Avant : Pas de réponse → Après : Oui" in page
    assert page.count("réponse actuelle") == 1


def test_files_have_their_lines_and_the_empty_save_that_holds_them_has_none(
    filler, blank_dossier, mandataire, new_file
):
    version = new_file(clean=True)
    attachment = attach(dossier=blank_dossier, key=KEY, version=version, by=mandataire)
    detach(dossier=blank_dossier, key=KEY, attachment=attachment, by=mandataire)

    response = filler.get(url_of(blank_dossier))

    page = text_of(response)
    name = version.original_name
    assert page.index(f"Fichier retiré : {name}") < page.index(f"Fichier joint : {name}")
    assert response.content.decode().count('class="history__step"') == 2


def test_two_hundred_saves_stay_readable_and_cost_the_same(filler, changed, contributor):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            response = filler.get(url_of(changed))
        return response, len(captured)

    queries()
    _response, before = queries()
    answer = AnswerRevision.objects.filter(answer__question__key=KEY).first().answer
    last = AnswerRevision.objects.get(answer=answer, number=2)
    AnswerRevision.objects.bulk_create(
        AnswerRevision(
            answer=answer, number=n, value="non", comment=f"{n} " * 400, saved_at=last.saved_at, saved_by=contributor
        )
        for n in range(3, 203)
    )

    response, after = queries()

    assert after == before
    assert response.content.decode().count('class="history__step"') == 20
    assert response.content.decode().count("Lire en entier") == 40
    assert "202 202" in text_of(response)


def test_restoring_by_htmx_saves_again_and_redraws_the_question(filler, changed, contributor):
    assert buttons_of(filler.get(url_of(changed))) == [1]

    response = restore(filler, changed, 1, base=2)

    assert response.status_code == 200
    state = state_of(changed, KEY)
    assert (state.value, state.comment, state.revision, state.saved_by_id) == ("oui", "", 3, contributor.pk)
    assert list(AnswerRevision.objects.filter(answer=state.answer_id).values_list("value", flat=True)) == [
        "oui",
        "non",
        "oui",
    ]
    assert "hx-swap-oob" in element(response, f"case-{KEY}")
    assert "hx-swap-oob" in element(response, f"case-{REVEALED}")
    assert 'value="3"' in input_of(response, f"{KEY}-revision")
    assert text_of(response).count(f"Réponse {KEY} restaurée comme elle était le") == 2  # beside it, and announced


def test_without_javascript_one_comes_back_to_the_question(filler, changed):
    page = filler.get(url_of(changed))
    assert 'value="2"' in input_of(page, f"{KEY}-revision")

    response = restore(filler, changed, 1, base=2, htmx=False)

    assert response.url == f"/dossiers/{changed.number}/securite/exploitation/#{KEY}"
    assert any("restaurée" in each for each in told(response))


@pytest.mark.parametrize("htmx", [True, False])
def test_what_somebody_saved_meanwhile_is_not_replaced(filler, changed, mandataire, htmx):
    save(changed, KEY, "non", by=mandataire, comment="Prévu en avril.")

    response = restore(filler, changed, 1, base=2, htmx=htmx)

    said = text_of(response) if htmx else told(response)[0]
    assert response.status_code == (409 if htmx else 302)
    assert f"{mandataire.full_name} a changé cette réponse" in said
    assert state_of(changed, KEY).comment == "Prévu en avril."
    if htmx:
        assert 'value="3"' in input_of(response, f"{KEY}-revision")


def test_a_question_that_is_no_longer_open_says_so(filler, changed):
    move(changed, Dossier.State.WITHDRAWN)
    assert buttons_of(filler.get(url_of(changed))) == []

    response = restore(filler, changed, 1, base=2)

    assert response.status_code == 409
    assert "Cette question n’est plus ouverte : rien n’a été restauré." in text_of(response)


def test_a_reader_sees_it_and_cannot_restore(client, changed, reader):
    client.force_login(reader)

    assert buttons_of(client.get(url_of(changed))) == []
    assert restore(client, changed, 1, base=2).status_code == 403


def test_what_is_hidden_or_was_never_saved_is_not_there(filler, changed):
    assert filler.get(url_of(changed, HIDDEN)).status_code == 404
    assert restore(filler, changed, 1, base=0, key=HIDDEN).status_code == 404
    assert restore(filler, changed, 9, base=2).status_code == 404
    assert restore(filler, changed, "un", base=2).status_code == 404


def test_an_answer_that_the_question_no_longer_proposes_is_told_and_not_taken(blank_dossier):
    asked = question(blank_dossier, KEY)
    gone = Entry(value="peut-être")

    assert not can_hold(asked, gone)
    assert not can_hold(question(blank_dossier, "DOC-ELI-03"), Entry(value=["ios", "minitel"]))
    assert can_hold(asked, Entry())
    (change,) = changes_between(asked, Entry(value="oui"), gone)
    assert change.after.text == "Une réponse que le questionnaire ne propose plus"


def test_a_card_offers_the_history_of_what_was_saved_only(filler, changed):
    response = filler.get(reverse("dossiers:theme", args=[changed.number, "securite", "exploitation"]))

    page = response.content.decode()
    assert f'href="{url_of(changed)}"' in page
    assert url_of(changed, "SEC-EXP-03") not in page
    assert has_element(response, "historique-SEC-EXP-03")  # its place, for the first save
