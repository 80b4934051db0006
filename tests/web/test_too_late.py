"""What a person finds when a session ended under a form, or when they open the address of a button."""

import pytest
from django.urls import reverse

from accounts.models import Membership

HOST = "http://testserver"


@pytest.fixture
def place(publisher, reader):
    return reverse("accounts:member-remove", args=[publisher.siren, reader.memberships.get().pk])


def test_a_form_sent_after_the_end_of_a_session_leads_back_to_its_page(client, publisher, reader, place):
    page = reverse("accounts:team", args=[publisher.siren]) + "?page=2"

    response = client.post(place, headers={"referer": f"{HOST}{page}#inviter"})

    assert response.url.startswith(reverse("account_login"))
    signing_in = client.get(response.url)
    assert signing_in.context["redirect_field_value"] == page
    assert "Rien n’a été fait" in signing_in.content.decode()
    assert Membership.objects.filter(user=reader).exists()


@pytest.mark.parametrize("referer", ["", "https://ailleurs.example/piege/", "//ailleurs.example", "javascript:void"])
def test_a_page_that_is_not_ours_leads_home(client, place, referer):
    response = client.post(place, headers={"referer": referer})

    assert client.get(response.url).context["redirect_field_value"] == reverse("home")


def test_a_page_that_is_only_read_is_found_again_as_before(client, publisher, mandataire):
    page = reverse("accounts:team", args=[publisher.siren])

    assert client.get(page).url == f"{reverse('account_login')}?next={page}"


def test_the_address_of_a_button_is_a_page_that_says_so(client, reviewer):
    client.force_login(reviewer)

    response = client.get(reverse("reviews:take", args=["2026-000001"]))

    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "Rien n’a été fait" in response.content.decode()
    assert reverse("home") in response.content.decode()


def test_a_machine_gets_no_page(client, reviewer):
    client.force_login(reviewer)

    response = client.get(reverse("reviews:take", args=["2026-000001"]), headers={"accept": "application/json"})

    assert (response.status_code, response.content) == (405, b"")
