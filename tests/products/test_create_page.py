"""/produits/nouveau/"""

import pytest
from django.urls import reverse

from products.models import Product
from tests.factories import MembershipFactory, UserFactory

URL = "/produits/nouveau/"


def service(publisher, **changes):
    return {
        "publisher": publisher.pk,
        "name": "MonSuivi Cœur",
        "description": "Un carnet de tension.",
        "website": "monsuivi.example",
        "platforms": ["ios", "web"],
        "device_class": "",
    } | changes


@pytest.mark.parametrize(
    ("who", "code"),
    [("mandataire", 302), ("representative", 302), ("contributor", 302), ("reader", 403), ("reviewer", 403)],
)
def test_who_may_declare_a_product(client, request, publisher, who, code):
    client.force_login(request.getfixturevalue(who))

    assert client.post(URL, service(publisher)).status_code == code
    assert Product.objects.exists() == (code == 302)


def test_the_reference_and_the_next_step_are_told(client, publisher, mandataire):
    client.force_login(mandataire)

    response = client.post(URL, service(publisher), follow=True)

    product = Product.objects.get()
    page = response.content.decode()
    assert response.redirect_chain == [(reverse("products:detail", args=[product.reference]), 302)]
    assert f"sous la référence produit {product.reference}" in page
    assert "Choisir la démarche" in page
    assert product.website == "https://monsuivi.example"


def test_somebody_of_several_teams_chooses_the_publisher(client, publisher, mandataire):
    second = MembershipFactory.create(user=mandataire, publisher__legal_name="Seconde Maison").publisher
    client.force_login(mandataire)

    assert "Seconde Maison" in client.get(URL).content.decode()
    client.post(URL, service(second))

    assert Product.objects.get().publisher == second


def test_a_publisher_one_only_reads_is_not_offered(client, publisher, mandataire):
    read = MembershipFactory.create(user=mandataire, role="reader").publisher
    client.force_login(mandataire)

    client.post(URL, service(read))

    assert not Product.objects.exists()


def test_nobody_declares_for_a_foreign_publisher(client, publisher, stranger):
    client.force_login(stranger)

    response = client.post(URL, service(publisher))

    assert response.status_code == 200
    assert not Product.objects.exists()


def test_somebody_without_a_publisher_is_led_to_opening_one(client, db):
    client.force_login(UserFactory.create())

    assert client.get(URL).url == reverse("enrolment:start")


def test_what_is_missing_is_said_and_what_was_typed_stays(client, publisher, mandataire):
    client.force_login(mandataire)

    page = client.post(URL, service(publisher, platforms=[], name="")).content.decode()

    assert "Cochez au moins une forme" in page
    assert "Saisissez le nom commercial." in page
    assert "Un carnet de tension." in page
