"""Requests that another site, or a forged link, would send: wrong host, forged form, address to be led away to."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory
from tests.test_access import WRITE
from tests.world import DATA, address_of

AWAY = [
    "https://mechant.example/",
    "//mechant.example/",
    "/\\mechant.example/",
    "javascript:alert(1)",
    "https:mechant.example",
]


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["mechant.example", "testserver.mechant.example", "testserver:80@mechant.example"])
def test_another_host_name_is_refused(client, host):
    assert client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.django_db
def test_a_forwarded_host_is_not_believed(client):
    response = client.get("/", headers={"x-forwarded-host": "mechant.example"})

    assert response.status_code == 200
    assert "mechant.example" not in response.content.decode()


def test_no_form_is_taken_from_another_site(world):
    """Every address that writes, as somebody who may: without the token of the page it does nothing."""
    for name, codes in WRITE.items():
        role = next((each for each, code in codes.items() if code in (200, 302)), None)
        if role is None:
            continue
        client = Client(enforce_csrf_checks=True)
        if role != "anonymous":
            client.force_login(world.people[role])
        data = DATA[name](world) if name in DATA else {}
        assert client.post(address_of(world, name), data).status_code == 403, (name, role)


@pytest.mark.parametrize("away", AWAY)
def test_nobody_is_led_away_after_signing_in(client, away, db):
    user = UserFactory.create(email="alix@editeur.example")
    user.set_password("une phrase assez longue")
    user.save()

    response = client.post(
        reverse("account_login"), {"login": user.email, "password": "une phrase assez longue", "next": away}
    )

    assert response.status_code == 302
    assert response.url == "/"


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("name", ["account_login", "account_logout", "account_reauthenticate", "account_signup"])
def test_no_page_repeats_an_address_that_leads_away(client, mandataire, name, away):
    if name in ("account_logout", "account_reauthenticate"):
        client.force_login(mandataire)
    page = client.get(reverse(name), {"next": away}).content.decode()

    assert f'href="{away}' not in page
    posted = client.post(reverse(name), {"next": away})
    assert not posted.headers.get("Location", "/").startswith(tuple(AWAY))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/compte/connexion/", "/diagnostic/", "/sante/"])
def test_a_request_is_never_echoed(client, path):
    assert client.generic("TRACE", path).status_code == 405
