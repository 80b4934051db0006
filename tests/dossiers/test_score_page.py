"""/dossiers/<number>/score/"""

import pytest
from django.urls import reverse

from assessments.models import Dossier
from assessments.operations.dossiers import move
from tests.assessments.filled import filled_dossier
from tests.dossiers.pages import text_of


def url(dossier):
    return reverse("dossiers:score", args=[dossier.number])


def test_a_complete_dossier_says_so_with_its_scores(filler, dossier):
    page = text_of(filler.get(url(dossier)))

    assert "Complet : le dossier peut être soumis." in page
    assert "100,0" in page
    assert "Incomplet : arrête la soumission (0)" in page


def test_what_stops_is_told_apart_from_what_is_a_gap(filler, contributor, product):
    dossier = filled_dossier(
        product=product, by=contributor, answers={"SEC-EXP-04": "non", "SEC-EXP-09": None, "SEC-EXP-07": "non"}
    )

    page = text_of(filler.get(url(dossier)))

    assert (
        "Incomplet : il manque un élément pour pouvoir soumettre. Une exigence obligatoire n’est pas satisfaite."
        in page
    )
    assert "Incomplet : arrête la soumission (1)" in page
    assert "Non satisfait : sera reconnu comme un écart (1)" in page
    # Recommended: it costs points and is no gap.
    assert "SEC-EXP-07 ·" not in page


@pytest.mark.parametrize(("who", "offered"), [("mandataire", True), ("contributor", False), ("reader", False)])
def test_submitting_is_offered_to_those_who_may(client, request, dossier, who, offered):
    client.force_login(request.getfixturevalue(who))

    page = client.get(url(dossier)).content.decode()

    assert (reverse("dossiers:submit", args=[dossier.number]) in page) is offered


def test_submitting_is_not_offered_once_it_is_done(client, mandataire, dossier):
    client.force_login(mandataire)
    move(dossier, Dossier.State.SUBMITTED)

    assert reverse("dossiers:submit", args=[dossier.number]) not in client.get(url(dossier)).content.decode()


def test_what_is_left_to_correct_is_said_and_submitting_not_offered(client, mandataire, sent_back):
    client.force_login(mandataire)

    page = client.get(url(sent_back))

    assert "Il reste un élément à corriger ou auquel répondre avant de soumettre." in text_of(page)
    assert "Complet : le dossier peut être soumis." not in text_of(page)
    assert reverse("dossiers:submit", args=[sent_back.number]) not in page.content.decode()


def test_an_orientation_has_a_score_page_that_says_it_is_incomplete(filler, new_dossier):
    assert "Incomplet : il manque" in text_of(filler.get(url(new_dossier)))


def test_it_costs_the_same_empty_and_full(filler, contributor, product, blank_dossier, django_assert_num_queries):
    full = filled_dossier(everything=True, by=contributor, product=product)

    for dossier in (blank_dossier, full):
        with django_assert_num_queries(9):
            filler.get(url(dossier))
