"""/dossiers/<number>/reponses/<key>/: one answer saved by htmx, and what the page must redraw."""

import re

import pytest
from django.urls import reverse

from assessments.models import AnswerRevision, Dossier
from assessments.operations.dossiers import move
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import open_for, save, state_of
from tests.dossiers.pages import answer_url, element, has_element, input_of, patch, text_of, typed

# « oui » reveals SEC-EXP-05 on the same page; DOC-ELI-05 reveals questions of other pages too.
KEY, REVEALED = "SEC-EXP-04", "SEC-EXP-05"
HIDDEN = "SEC-MOB-01"


def test_a_saved_answer_tells_its_state_its_badge_and_its_revision(filler, blank_dossier, contributor):
    response = patch(filler, blank_dossier, KEY, typed(blank_dossier, KEY, "oui"))

    assert response.status_code == 200
    for id in (f"etat-{KEY}", f"badge-{KEY}", f"objections-{KEY}", f"conflit-{KEY}", "avancement"):
        assert "hx-swap-oob" in element(response, id)
    assert 'value="1"' in input_of(response, f"{KEY}-revision")
    page = text_of(response)
    assert f"par {contributor.full_name}" in page
    assert "Répondue" in page
    assert f"Réponse {KEY} enregistrée." in page


@pytest.mark.parametrize("kept", ["oui", None])
def test_not_applicable_without_a_reason_asks_for_it_and_does_not_look_answered(filler, blank_dossier, kept):
    response = patch(filler, blank_dossier, KEY, typed(blank_dossier, KEY, kept, not_applicable="on", reason="  "))

    assert state_of(blank_dossier, KEY).not_applicable
    assert badge_in(response) == "Raison à donner"
    questions = text_of(filler.get(reverse("dossiers:questions", args=[blank_dossier.number])))
    assert "raison du « non applicable » à donner" in questions

    reasoned = typed(blank_dossier, KEY, kept, not_applicable="on", reason="Aucun accès distant.")
    assert badge_in(patch(filler, blank_dossier, KEY, reasoned)) == "Non applicable"


def test_a_wrong_number_is_told_beside_its_field_which_is_marked_and_a_long_comment_marks_nothing(
    filler, blank_dossier
):
    number = "SEC-EXP-03"
    patch(filler, blank_dossier, number, typed(blank_dossier, number, "dix"))

    page = filler.get(answer_url(blank_dossier, number))
    drawn = page.content.decode()
    group = drawn[drawn.index("fr-input-group--error") : drawn.index(f'name="{number}-comment"')]
    assert 'aria-invalid="true"' in element(page, f"id_{number}-value")
    assert "Écrivez un nombre en chiffres" in group[: group.index("question__na")]

    refused = patch(filler, blank_dossier, number, typed(blank_dossier, number, "10", comment="x" * 20_001))
    assert "Ce texte est trop long" in text_of(refused)
    assert "data-wrong" not in element(refused, f"objections-{number}")


def badge_in(response):
    """The words of the badge of KEY."""
    found = re.search(rf'id="badge-{KEY}"[^>]*><p[^>]*>([^<]*)<', response.content.decode())
    assert found is not None
    return found[1].strip()


def test_the_next_save_is_based_on_the_revision_it_was_given(filler, blank_dossier):
    patch(filler, blank_dossier, KEY, typed(blank_dossier, KEY, "oui"))

    response = patch(filler, blank_dossier, KEY, typed(blank_dossier, KEY, "non"))

    assert response.status_code == 200
    assert 'value="2"' in input_of(response, f"{KEY}-revision")


def test_a_question_that_appears_is_drawn_in_its_place(filler, blank_dossier):
    response = patch(filler, blank_dossier, KEY, typed(blank_dossier, KEY, "oui"))

    slot = element(response, f"case-{REVEALED}")
    assert "hx-swap-oob" in slot
    assert "hidden" not in slot
    assert "hx-patch" in element(response, REVEALED) or has_element(response, REVEALED)
    assert "Une question de plus s’applique." in text_of(response)


def test_a_question_that_vanishes_leaves_its_place_empty(filler, dossier):
    response = patch(filler, dossier, KEY, typed(dossier, KEY, "non"))

    assert "hidden" in element(response, f"case-{REVEALED}")
    assert not has_element(response, REVEALED)
    assert "Une question ne s’applique plus." in text_of(response)


def test_questions_of_other_pages_are_counted_and_not_drawn(filler, blank_dossier):
    """Declaring a medical device: DOC-ELI-06 to 08 here, and others elsewhere."""
    response = patch(filler, blank_dossier, "DOC-ELI-05", typed(blank_dossier, "DOC-ELI-05", "oui"))

    assert has_element(response, "case-DOC-ELI-06")
    assert not has_element(response, "case-SEC-MOB-07")
    assert "5 questions de plus s’appliquent." in text_of(response)


def test_an_answer_of_the_orientation_moves_its_progress(filler, new_dossier):
    response = patch(filler, new_dossier, "ORI-DON-01", typed(new_dossier, "ORI-DON-01", "oui"))

    assert response.status_code == 200
    assert "1 sur 17" in text_of(response)


def test_an_answer_out_of_its_bounds_is_saved_and_told(filler, blank_dossier):
    response = patch(filler, blank_dossier, "ETH-EDD-01", typed(blank_dossier, "ETH-EDD-01", "140"))

    assert response.status_code == 200
    assert "La valeur attendue est d’au plus 100." in text_of(response)
    assert state_of(blank_dossier, "ETH-EDD-01").value == "140"


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("SEC-EXP-03", "douze", "Écrivez un nombre en chiffres"),
        ("DOC-ELI-04", "31/02/2025", "Écrivez une date qui existe"),
        (KEY, "peut-être", "Choisissez l’une des réponses proposées."),
        ("DOC-ELI-03", ["ios", "minitel"], "Choisissez parmi les réponses proposées."),
    ],
)
def test_what_cannot_be_stored_is_told_under_the_question_and_the_field_left_alone(
    filler, blank_dossier, key, value, sentence
):
    before = state_of(blank_dossier, key)

    response = patch(filler, blank_dossier, key, typed(blank_dossier, key, value))

    assert response.status_code == 422
    assert "hx-swap-oob" in element(response, f"objections-{key}")
    assert "data-wrong" in element(response, f"objections-{key}")
    assert sentence in text_of(response)
    assert "Pas encore enregistré : votre saisie reste à l’écran." in text_of(response)
    # The field itself is not redrawn: what was typed stays in the browser.
    assert f'name="{key}-value"' not in response.content.decode()
    assert state_of(blank_dossier, key) == before


@pytest.mark.parametrize("revision", ["", "abc", "-1"])
def test_a_save_that_does_not_say_its_base_is_not_taken(filler, blank_dossier, revision):
    response = patch(filler, blank_dossier, KEY, typed(blank_dossier, KEY, "oui") | {f"{KEY}-revision": revision})

    assert response.status_code == 422
    assert state_of(blank_dossier, KEY).value is None


def test_a_conflict_shows_theirs_and_says_which_one_was_seen(filler, blank_dossier, mandataire):
    posted = typed(blank_dossier, KEY, "non")
    save(blank_dossier, KEY, "oui", by=mandataire, comment="Vu en comité.")

    response = patch(filler, blank_dossier, KEY, posted)

    assert response.status_code == 409
    page = text_of(response)
    assert f"{mandataire.full_name} a répondu le" in page
    assert "Oui Vu en comité." in page
    assert 'value="1"' in input_of(response, f"{KEY}-seen")
    assert not has_element(response, f"rev-{KEY}"), "what is typed keeps the revision that it was written from"
    assert "Garder la mienne" in page
    assert "Prendre la sienne" in page
    assert f'name="{KEY}-value"' not in response.content.decode()
    assert state_of(blank_dossier, KEY).value == "oui"


def test_keeping_ones_own_after_a_conflict_keeps_theirs_in_history(filler, blank_dossier, mandataire):
    posted = typed(blank_dossier, KEY, "non")
    save(blank_dossier, KEY, "oui", by=mandataire)

    response = patch(filler, blank_dossier, KEY, posted | {"keep_mine": KEY, f"{KEY}-seen": 1})

    assert response.status_code == 200
    values = AnswerRevision.objects.filter(answer__question__key=KEY).order_by("number").values_list("value", flat=True)
    assert list(values) == ["oui", "non"]


def test_taking_theirs_draws_the_question_again_with_their_answer(filler, blank_dossier, mandataire):
    save(blank_dossier, KEY, "oui", by=mandataire)

    response = filler.get(answer_url(blank_dossier, KEY))

    assert response.status_code == 200
    assert element(response, f"case-{KEY}")
    assert "checked" in element(response, f"{KEY}-oui")


@pytest.mark.parametrize("key", [HIDDEN, "SEC-XYZ-99"])
@pytest.mark.parametrize("method", ["get", "patch"])
def test_a_question_that_is_not_shown_is_not_there(filler, blank_dossier, key, method):
    url = answer_url(blank_dossier, key)
    body = f"{key}-revision=0&{key}-value=oui&{key}-comment="

    response = filler.get(url) if method == "get" else filler.patch(url, body)

    assert response.status_code == 404


def test_a_save_that_comes_after_the_closing_is_refused_in_words(filler, dossier):
    posted = typed(dossier, KEY, "non")
    move(dossier, Dossier.State.CLOSED)

    response = patch(filler, dossier, KEY, posted)

    assert response.status_code == 409
    assert "Cette question n’est plus ouverte" in text_of(response)
    assert state_of(dossier, KEY).value == "oui"


@pytest.mark.parametrize(("who", "code"), [("contributor", 200), ("reader", 403), ("stranger", 404), ("reviewer", 404)])
def test_who_may_save(client, request, blank_dossier, who, code):
    client.force_login(request.getfixturevalue(who))

    assert patch(client, blank_dossier, KEY, typed(blank_dossier, KEY, "oui")).status_code == code
    assert (state_of(blank_dossier, KEY).value == "oui") is (code == 200)


def test_post_is_not_a_way_to_save(filler, blank_dossier):
    assert filler.post(answer_url(blank_dossier, KEY), typed(blank_dossier, KEY, "oui")).status_code == 405


def test_a_comment_with_markup_is_shown_as_text(filler, blank_dossier, mandataire):
    save(blank_dossier, KEY, "oui", by=mandataire, comment="<script>alert(1)</script>")

    response = patch(filler, blank_dossier, KEY, typed(blank_dossier, KEY, "non", comment="") | {f"{KEY}-revision": 0})

    assert response.status_code == 409
    assert "<script>" not in response.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in response.content.decode()


def test_a_save_costs_the_same_with_few_answers_and_with_all(filler, contributor, publisher, django_assert_num_queries):
    blank = open_for(filled_dossier(by=contributor).product, by=contributor, programme="with_exchange")
    move(blank, Dossier.State.FILLING)
    full = filled_dossier(everything=True, by=contributor)
    for dossier in (blank, full):
        dossier.product.publisher.memberships.create(user=contributor, role="contributor")
        patch(filler, dossier, KEY, typed(dossier, KEY, "oui"))
        posted = typed(dossier, KEY, "non")
        with django_assert_num_queries(14):
            patch(filler, dossier, KEY, posted)
