"""/dossiers/nouveau/"""

import pytest

from assessments.models import Dossier
from questionnaires.models import Edition
from tests.assessments.saving import open_for
from tests.dossiers.pages import text_of, told
from tests.factories import MembershipFactory, ProductFactory

URL = "/dossiers/nouveau/"


def choice(product, programme="without_exchange"):
    return {"product": product.pk, "programme": programme}


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("mandataire", 302),
        ("representative", 302),
        ("contributor", 302),
        ("reader", 403),
        ("reviewer", 403),
        ("gie_officer", 403),
    ],
)
def test_who_may_open_a_dossier(client, request, product, edition, who, code):
    client.force_login(request.getfixturevalue(who))

    assert client.post(URL, choice(product)).status_code == code
    assert Dossier.objects.exists() is (code == 302)


def test_the_dossier_opens_on_its_orientation_with_its_number(filler, product, edition):
    response = filler.post(URL, choice(product, "with_exchange"), follow=True)

    dossier = Dossier.objects.get()
    assert dossier.programme == "with_exchange"
    assert response.redirect_chain == [(f"/dossiers/{dossier.number}/orientation/", 302)]
    assert f"Dossier {dossier.number} ouvert." in text_of(response)


def test_the_product_of_the_address_is_chosen_already(filler, product, publisher):
    ProductFactory.create(publisher=publisher)

    page = filler.get(URL, {"produit": product.reference}).content.decode()

    assert f'value="{product.pk}" selected' in page


def test_the_product_of_somebody_else_in_the_address_is_as_if_unknown(filler, product):
    theirs = ProductFactory.create(name="Service d’ailleurs")

    page = filler.get(URL, {"produit": theirs.reference}).content.decode()

    assert "Service d’ailleurs" not in page
    assert f'value="{theirs.pk}"' not in page


def test_the_product_of_somebody_else_is_refused(filler, product, edition):
    response = filler.post(URL, choice(ProductFactory.create()))

    assert response.status_code == 200
    assert not Dossier.objects.exists()


def test_a_product_that_one_may_only_read_is_not_offered(filler, contributor, product, edition):
    """Contributor here, reader there."""
    there = MembershipFactory.create(user=contributor, role="reader").publisher
    read_only = ProductFactory.create(publisher=there, name="Lu seulement")

    assert "Lu seulement" not in filler.get(URL).content.decode()
    filler.post(URL, choice(read_only))
    assert not Dossier.objects.exists()


def test_nothing_chosen_is_told_in_words(filler, product):
    page = text_of(filler.post(URL, {"programme": ""}))

    assert "Choisissez le produit que vous voulez faire référencer." in page
    assert "Choisissez l’une des deux démarches." in page


def test_a_dossier_that_is_open_already_is_shown_instead(filler, product, contributor):
    standing = open_for(product, by=contributor)

    response = filler.post(URL, choice(product))

    assert response["Location"] == f"/dossiers/{standing.number}/"
    assert told(response) == ["Ce produit a déjà un dossier ouvert pour cette démarche : le voici."]
    assert Dossier.objects.count() == 1


def test_without_a_product_one_begins_there(filler, publisher):
    page = filler.get(URL).content.decode()

    assert "Commencez par un produit" in page
    assert "/produits/nouveau/" in page


def test_an_edition_that_is_not_published_opens_nothing(filler, product):
    Edition.objects.create(code="2026", title="En cours de rédaction", disclaimer="")

    assert filler.post(URL, choice(product)).status_code == 404
    assert not Dossier.objects.exists()
