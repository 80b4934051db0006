"""/dossiers/"""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Dossier
from assessments.operations.answers import attach
from assessments.operations.dossiers import move
from assessments.overviews import turn_of
from assessments.policies import Part
from products.models import Product
from tests.assessments.saving import open_for
from tests.dossiers.pages import text_of
from tests.factories import ProductFactory
from ui.formats import long_date

URL = "/dossiers/"


def many_dossiers(product, by, edition, count):
    """Of as many products, in few queries; some wait for the team, some for the reviewers."""
    products = Product.objects.bulk_create(
        ProductFactory.build_batch(count, publisher=product.publisher, created_by=by)
    )
    states = list(Dossier.State)
    now = timezone.now()
    Dossier.objects.bulk_create(
        Dossier(
            number=f"2025-{index:06d}",
            product=each,
            programme="with_exchange",
            edition=edition,
            state=states[index % len(states)],
            state_since=now,
            created_by=by,
        )
        for index, each in enumerate(products, start=1)
    )


def test_each_dossier_says_its_product_its_number_and_whose_turn_it_is(filler, dossier):
    page = text_of(filler.get(URL))

    turn = " ".join(turn_of(dossier, Part.FILLS).words.split())
    for shown in (f"{dossier.product.name} , sans échange de données", dossier.number, turn):
        assert shown in page
    assert "remplissage depuis aujourd’hui" in page


def test_a_team_sees_its_own_dossiers_only(client, dossier, stranger):
    client.force_login(stranger)

    page = text_of(client.get(URL))

    assert dossier.number not in page
    assert "Aucun dossier pour l’instant" in page


@pytest.mark.parametrize(("who", "offered"), [("contributor", True), ("mandataire", True), ("reader", False)])
def test_opening_one_is_offered_to_those_who_may(client, request, publisher, who, offered):
    client.force_login(request.getfixturevalue(who))

    assert (reverse("dossiers:create") in client.get(URL).content.decode()) is offered


def test_those_that_wait_for_the_team_come_first_then_the_last_that_moved(filler, dossier, contributor):
    publisher = dossier.product.publisher
    older, newer, sent = (open_for(ProductFactory.create(publisher=publisher), by=contributor) for _ in range(3))
    move(dossier, Dossier.State.FILLING)
    move(newer, Dossier.State.ORIENTATION)
    move(sent, Dossier.State.SUBMITTED)

    rows = [row for row, *_facts in filler.get(URL).context["rows"]]

    assert rows == [newer, dossier, older, sent]


def test_two_hundred_dossiers_are_paged_at_the_price_of_one(
    filler, dossier, contributor, edition, django_assert_num_queries
):
    with django_assert_num_queries(10):
        filler.get(URL)
    many_dossiers(dossier.product, contributor, edition, 200)

    with django_assert_num_queries(10):
        response = filler.get(URL, {"page": 3})

    assert response.content.decode().count('class="dossier-card') >= 25
    assert len(response.context["rows"]) == 25


def test_the_date_of_a_correction_is_told(filler, sent_back):
    due = sent_back.review.due_on

    assert due is not None
    assert f"Répondez avant le {long_date(due)}." in text_of(filler.get(URL))
    assert f"Répondez avant le {long_date(due)}." in text_of(filler.get(sent_back.get_absolute_url()))


def test_a_file_that_the_analysis_refused_is_counted(filler, dossier, contributor, new_file):
    attach(dossier=dossier, key="SEC-EXP-04", version=new_file(), by=contributor)
    assert "fichier refusé" not in text_of(filler.get(URL))

    for _ in range(2):
        attach(dossier=dossier, key="SEC-EXP-09", version=new_file(refused=True), by=contributor)
    assert "2 fichiers refusés" in text_of(filler.get(URL))

    move(dossier, Dossier.State.CLOSED)
    assert "fichiers refusés" not in text_of(filler.get(URL))


@pytest.mark.parametrize("page", ["0", "-1", "999", "abc", ""])
def test_a_page_number_that_means_nothing_gives_a_page(filler, dossier, page):
    assert filler.get(URL, {"page": page}).status_code == 200


def test_a_consultant_to_whom_nothing_is_open_is_told_whom_to_ask(client, consultant):
    client.force_login(consultant)

    page = text_of(client.get(URL))

    assert "Aucun dossier ne vous est ouvert" in page
    assert "Ouvrir un dossier" not in page
