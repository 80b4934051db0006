"""/editeurs/nouveau/"""

import pytest
from django.urls import reverse

from accounts.models import Publisher
from tests.factories import UserFactory, siren

URL = "/editeurs/nouveau/"


@pytest.fixture
def newcomer(client, db):
    user = UserFactory.create()
    client.force_login(user)
    return user


def company(**changes):
    return {
        "siren": siren(1),
        "legal_name": "Cœur et Compagnie",
        "address": "12 rue de la Paix",
        "postal_code": "75002",
        "city": "Paris",
    } | changes


def test_opening_a_publisher_leads_to_its_first_product(client, newcomer):
    response = client.post(URL, company())

    assert response.status_code == 302
    assert response.url == reverse("products:create")
    assert Publisher.objects.get().memberships.get().user == newcomer


@pytest.mark.parametrize("typed", ["732 829 320", "732829320", " 732.829.320 "])
def test_a_siren_may_be_typed_with_spaces(client, newcomer, typed):
    client.post(URL, company(siren=typed))

    assert Publisher.objects.get().siren == "732829320"


@pytest.mark.parametrize("typed", ["732829321", "73282932", "73282932000074", "abcdefghi"])
def test_a_wrong_siren_is_explained_and_what_was_typed_stays(client, newcomer, typed):
    response = client.post(URL, company(siren=typed))

    assert not Publisher.objects.exists()
    assert "Ce numéro n’est pas un SIREN" in response.content.decode()
    assert typed in response.content.decode()
    assert "Cœur et Compagnie" in response.content.decode()


def test_a_known_company_is_told_what_to_do_without_naming_anybody(client, newcomer, publisher, mandataire):
    response = client.post(URL, company(siren=publisher.siren, legal_name="Un autre nom"))

    page = response.content.decode()
    assert "Cette entreprise est déjà inscrite. Demandez à son mandataire" in page
    assert mandataire.full_name not in page
    assert mandataire.email not in page
    assert publisher.legal_name not in page
    assert not newcomer.memberships.exists()


def test_each_missing_field_says_what_to_type(client, newcomer):
    page = client.post(URL, {"siren": ""}).content.decode()

    assert "Saisissez le numéro SIREN" in page
    assert "Saisissez la raison sociale" in page
    assert "Ce champ est obligatoire" not in page


@pytest.mark.parametrize("who", ["reviewer", "editor", "gie_officer", "administrator"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_cannot_open_a_publisher(client, request, who, method):
    client.force_login(request.getfixturevalue(who))

    response = getattr(client, method)(URL, company())

    assert response.status_code == 403
    assert not Publisher.objects.exists()


def test_a_visitor_signs_in_first(client):
    assert client.get(URL).url == f"{reverse('account_login')}?next={URL}"
