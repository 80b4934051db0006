"""/produits/"""

import pytest
from django.urls import reverse

from tests.factories import MembershipFactory, ProductFactory, UserFactory

URL = "/produits/"


def test_everyone_sees_the_products_of_their_teams_only(client, product, stranger, reader):
    client.force_login(stranger)
    assert product.reference not in client.get(URL).content.decode()

    client.force_login(reader)
    assert product.reference in client.get(URL).content.decode()


@pytest.mark.parametrize(("who", "offered"), [("contributor", True), ("reader", False)])
def test_only_those_who_fill_are_offered_to_begin(client, request, product, who, offered):
    client.force_login(request.getfixturevalue(who))

    page = client.get(URL).content.decode()

    assert (f"{reverse('dossiers:create')}?produit={product.reference}" in page) == offered
    assert ("Déclarer un produit" in page) == offered


def test_a_list_shows_twenty_five_at_a_time(client, publisher, mandataire):
    ProductFactory.create_batch(30, publisher=publisher)
    client.force_login(mandataire)

    first, second = client.get(URL), client.get(URL, {"page": 2})

    assert first.content.decode().count("Référence ") == 25
    assert second.content.decode().count("Référence ") == 5
    assert "page 2 sur 2" in second.content.decode()


@pytest.mark.parametrize("page", ["0", "99", "demain"])
def test_a_page_that_does_not_exist_shows_another(client, product, mandataire, page):
    client.force_login(mandataire)

    assert client.get(URL, {"page": page}).status_code == 200


def test_queries_do_not_grow_with_products_or_teams(client, publisher, mandataire, django_assert_max_num_queries):
    for _ in range(5):
        team = MembershipFactory.create(user=mandataire).publisher
        ProductFactory.create_batch(5, publisher=team, platforms=["ios", "android", "web"])
    client.force_login(mandataire)

    # Session, person, count, page, variants, roles by team, teams, staff roles, first team of the navigation, unread.
    with django_assert_max_num_queries(10):
        assert client.get(URL).content.decode().count("Référence ") == 25


def test_an_empty_list_says_how_to_start(client, mandataire):
    client.force_login(mandataire)
    assert reverse("products:create") in client.get(URL).content.decode()

    client.force_login(UserFactory.create())
    assert reverse("enrolment:start") in client.get(URL).content.decode()
