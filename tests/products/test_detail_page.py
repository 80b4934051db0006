"""/produits/<reference>/"""

import pytest
from django.urls import reverse

from tests.factories import ProductFactory


@pytest.fixture
def url(product):
    return reverse("products:detail", args=[product.reference])


@pytest.mark.parametrize(
    ("who", "code"), [("mandataire", 200), ("contributor", 200), ("reader", 200), ("stranger", 404), ("reviewer", 404)]
)
def test_who_sees_a_product(client, request, url, who, code):
    client.force_login(request.getfixturevalue(who))

    assert client.get(url).status_code == code


@pytest.mark.parametrize(("who", "offered"), [("contributor", True), ("reader", False)])
def test_only_those_who_fill_are_offered_to_act(client, request, url, who, offered):
    client.force_login(request.getfixturevalue(who))

    page = client.get(url).content.decode()

    assert ("Choisir la démarche" in page) == offered
    assert ("Modifier" in page) == offered


def test_the_page_shows_what_was_declared(client, publisher, reader):
    product = ProductFactory.create(publisher=publisher, platforms=["ios", "web"], device_class="IIa")
    client.force_login(reader)

    page = client.get(reverse("products:detail", args=[product.reference])).content.decode()

    for words in (product.reference, product.name, "Application iOS, Site ou application web", "Classe IIa"):
        assert words in page


def test_what_was_typed_is_text_never_markup(client, publisher, reader):
    product = ProductFactory.create(publisher=publisher, name="<b>Gras</b>", description="<script>alert(1)</script>")
    client.force_login(reader)

    page = client.get(reverse("products:detail", args=[product.reference])).content.decode()

    assert "<b>Gras" not in page
    assert "<script>alert" not in page
