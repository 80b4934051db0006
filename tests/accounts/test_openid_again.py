"""Proving again who one is, through the identity provider, for those who came by it."""

import time
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from accounts.models import Invitation, User
from tests.accounts.test_openid import PEOPLE, come_back
from tests.clients import SignedInClient
from tests.factories import MembershipFactory, UserFactory
from tests.identity_provider import configure, identity_provider

PAGE = reverse("openid_connect_login", args=["principal"])
MAILBOX = reverse("account_reset_password")
REFUSED = "Le fournisseur d’identité ne vous a rien redemandé\u00a0: cela ne prouve rien."
pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    with identity_provider(**PEOPLE) as provider:
        configure(settings, provider)
        yield provider


@pytest.fixture
def alix(publisher):
    """A mandataire who has nothing but an identity: neither password nor second factor."""
    user = UserFactory.create(email="alix@editeur.example")
    user.set_unusable_password()
    user.save()
    SocialAccount.objects.create(user=user, provider="principal", uid="alix")
    MembershipFactory.create(user=user, publisher=publisher)
    return user


@pytest.fixture
def team(publisher):
    return reverse("accounts:team", args=[publisher.siren])


def old_session(user):
    client = SignedInClient()
    client.force_login(user)
    client.forget_the_proof()
    return client


def invite(client, team):
    return client.post(team, {"email": "bob@ailleurs.example", "role": "reader"})


def leave(client, page):
    """Press the button of the page; return where the provider is asked."""
    response = client.post(page)
    assert response.status_code == 302
    return response.headers["Location"]


def test_an_old_session_is_sent_to_a_page_that_leads_to_the_provider(provider, alix, team):
    client = old_session(alix)

    asked = invite(client, team)

    assert asked.url == f"{PAGE}?{urlencode({'next': team})}"
    assert "Continuer avec ProConnect" in client.get(asked.url).content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("privacy:close", {"email": "alix@editeur.example"}),
        ("account_email", {"action_add": "", "email": "nouvelle@ailleurs.example"}),
        ("usersessions_list", {}),
        ("mfa_add_webauthn", {}),
    ],
)
def test_so_is_every_other_consequential_act(provider, alix, name, data):
    response = old_session(alix).post(reverse(name), data)

    assert response.url.startswith(PAGE)


def test_the_provider_is_told_to_ask_again(provider, alix):
    asked = parse_qs(urlsplit(leave(old_session(alix), PAGE)).query)

    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    assert asked["code_challenge_method"] == ["S256"]


def test_coming_back_does_what_was_asked_and_renews_the_session(provider, alix, team):
    client = old_session(alix)
    page = invite(client, team).url
    key = client.session.session_key
    asked = leave(client, page)

    response = client.get(come_back(asked, "alix"))

    assert response.url == team
    assert Invitation.objects.get().email == "bob@ailleurs.example"
    assert client.session.session_key != key
    assert client.session["_auth_user_id"] == str(alix.pk)


def test_a_proof_lasts_as_long_as_another(provider, alix, team):
    client = old_session(alix)
    assert client.get(come_back(leave(client, PAGE), "alix")).url == reverse("home")

    assert invite(client, team).url == team


@pytest.mark.parametrize("claims", [{"auth_time": int(time.time()) - 3600}, {"auth_time": None}, {"auth_time": "now"}])
def test_a_provider_that_asked_nothing_proves_nothing(provider, alix, team, claims):
    """Whoever sits at a browser that it knows would be let through. `max_age` obliges it to tell when it asked."""
    client = old_session(alix)
    asked = leave(client, invite(client, team).url)
    provider.adds = claims

    response = client.get(come_back(asked, "alix"), follow=True)

    assert response.request["PATH_INFO"] == PAGE
    assert REFUSED in response.content.decode()
    assert not Invitation.objects.exists()
    assert invite(client, team).url.startswith(PAGE)


@pytest.mark.parametrize("known", [True, False])
def test_somebody_else_who_comes_back_serves_nobody(provider, alix, team, known):
    if known:
        SocialAccount.objects.create(user=UserFactory.create(), provider="principal", uid="bob")
    client = old_session(alix)
    asked = leave(client, invite(client, team).url)
    people = User.objects.count()

    response = client.get(come_back(asked, "bob"), follow=True)

    assert "Ce n’est pas l’identité reliée à votre compte" in response.content.decode()
    assert client.session["_auth_user_id"] == str(alix.pk)
    assert User.objects.count() == people
    assert invite(client, team).url.startswith(PAGE)
    assert not Invitation.objects.exists()


def test_the_way_back_serves_nobody_else_s_browser(provider, alix, team):
    client, thief = old_session(alix), old_session(alix)
    address = come_back(leave(client, PAGE), "alix")

    thief.get(address)

    assert invite(thief, team).url.startswith(PAGE)


def test_giving_up_changes_nothing_and_leads_back_to_the_page(provider, alix, team):
    client = old_session(alix)
    asked = leave(client, invite(client, team).url)
    denied = requests.post(asked, data={"action": "deny"}, allow_redirects=False, timeout=10)
    back = urlsplit(denied.headers["Location"])

    response = client.get(f"{back.path}?{back.query}", follow=True)

    assert response.request["PATH_INFO"] == PAGE
    assert "Vous avez renoncé" in response.content.decode()
    assert not Invitation.objects.exists()


def test_signing_in_by_the_provider_is_no_proof_since_it_may_ask_nothing(provider, alix, team):
    client = SignedInClient()
    asked = client.post(PAGE).headers["Location"]
    client.get(come_back(asked, "alix"))
    assert client.session["_auth_user_id"] == str(alix.pk)

    assert invite(client, team).url.startswith(PAGE)


def test_the_provider_stands_beside_the_password_of_those_who_have_both(provider, alix):
    alix.set_password("une phrase assez longue")
    alix.save()
    client = old_session(alix)

    page = client.get(reverse("account_reauthenticate"), {"next": "/produits/"}).content.decode()

    assert "Votre compte ProConnect" in page
    assert f'href="{PAGE}?next=%2Fproduits%2F"' in page
    assert "Vous n’avez pas de mot de passe" not in page


def test_whoever_has_no_identity_is_not_offered_it(provider, mandataire):
    page = old_session(mandataire).get(reverse("account_reauthenticate")).content.decode()

    assert "ProConnect" not in page.partition("<h1")[2]
    assert old_session(mandataire).post(PAGE).url == reverse("account_reauthenticate")


def test_the_page_tells_the_way_by_the_mailbox(provider, alix):
    page = old_session(alix).get(PAGE).content.decode()

    assert "Vous n’avez pas de mot de passe" in page
    assert f'href="{MAILBOX}"' in page


def test_without_any_provider_the_mailbox_is_the_way(alix, team, mailoutbox):
    """The one that they came by was taken out of the settings."""
    client = old_session(alix)

    asked = invite(client, team)
    page = client.get(asked.url).content.decode()

    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert 'type="password"' not in page
    assert f'href="{MAILBOX}"' in page
    client.post(MAILBOX, {"email": alix.email})
    assert [message.to for message in mailoutbox] == [[alix.email]]


def test_a_password_is_not_chosen_in_an_old_session(provider, alix):
    new = "une phrase que personne ne devine"
    client = old_session(alix)
    url = reverse("account_set_password")

    assert client.get(url).url.startswith(PAGE)
    assert client.post(url, {"password1": new, "password2": new}).url == url
    alix.refresh_from_db()
    assert not alix.has_usable_password()
    assert new not in str(dict(client.session))


def test_it_is_chosen_once_the_provider_saw_the_person(provider, alix):
    new = "une phrase que personne ne devine"
    client = old_session(alix)
    url = reverse("account_set_password")
    assert client.get(come_back(leave(client, client.get(url).url), "alix")).url == url

    client.post(url, {"password1": new, "password2": new})

    alix.refresh_from_db()
    assert alix.check_password(new)


def test_a_provider_that_is_away_leads_back_to_the_page(settings, alix):
    with identity_provider() as provider:
        configure(settings, provider)
    client = old_session(alix)

    response = client.post(f"{PAGE}?next=/produits/", follow=True)

    assert response.request["PATH_INFO"] == PAGE
    assert "ne répond pas" in response.content.decode()
    assert f'href="{MAILBOX}"' in response.content.decode()


def test_a_visitor_who_comes_back_to_the_address_finds_the_button(client, provider):
    assert "Continuer avec ProConnect" in client.get(PAGE).content.decode()
