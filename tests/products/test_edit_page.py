"""/produits/<reference>/modifier/"""

import pytest
from django.urls import reverse

from products.models import Product


@pytest.fixture
def url(product):
    return reverse("products:edit", args=[product.reference])


SERVICE = {"name": "MonSuivi Tension", "description": "Un carnet.", "website": "", "platforms": ["android"]}


@pytest.mark.parametrize(
    ("who", "code"),
    [("mandataire", 302), ("representative", 302), ("contributor", 302), ("reader", 403), ("stranger", 404)],
)
def test_who_may_correct_a_product(client, request, product, url, who, code):
    client.force_login(request.getfixturevalue(who))

    assert client.post(url, SERVICE).status_code == code
    assert Product.objects.filter(name="MonSuivi Tension").exists() == (code == 302)


@pytest.mark.parametrize(("who", "code"), [("reader", 403), ("stranger", 404)])
def test_the_form_is_not_shown_to_those_who_may_not(client, request, url, who, code):
    client.force_login(request.getfixturevalue(who))

    assert client.get(url).status_code == code


def test_the_form_opens_with_what_is_there(client, product, url, contributor):
    client.force_login(contributor)

    page = client.get(url).content.decode()

    assert product.name in page
    assert product.description in page
    assert page.count(" checked") == 1


def test_the_publisher_and_the_reference_cannot_be_changed(client, product, url, mandataire, stranger):
    client.force_login(mandataire)
    other = stranger.memberships.get().publisher

    client.post(url, SERVICE | {"publisher": other.pk, "reference": "000-000-0"})

    after = Product.objects.get(pk=product.pk)
    assert (after.publisher_id, after.reference) == (product.publisher_id, product.reference)
