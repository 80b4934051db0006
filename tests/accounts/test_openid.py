"""Signing in through an identity provider: a real one beside the tests, honest or not."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from tests.clients import SignedInClient
from tests.factories import UserFactory
from tests.identity_provider import IdentityProvider, claims_of, configure, identity_provider

PEOPLE: dict[str, dict[str, Any]] = {
    "alix": {"email": "alix@editeur.example", "email_verified": True, "name": "Alix Mandataire"},
    "bob": {"email": "bob@editeur.example", "email_verified": False, "name": "Bob Contributeur"},
    "proconnect": {
        "email": "camille@editeur.example",
        "email_verified": True,
        "given_name": "Camille",
        "usual_name": "Lectrice",
    },
    "nobody": {"name": "Sans Adresse"},
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings) -> Iterator[IdentityProvider]:
    with identity_provider(**PEOPLE) as provider:
        configure(settings, provider)
        yield provider


def leave(client: Client, **data: str) -> str:
    """Press the button; return where the provider is asked."""
    response = client.post(reverse("openid_connect_login", args=["principal"]) + "?" + "&".join(
        f"{name}={value}" for name, value in data.items()
    ))  # fmt: skip
    assert response.status_code == 302
    return str(response.headers["Location"])


def come_back(asked: str, sub: str) -> str:
    """Choose a person at the provider; return the address to which it sends back."""
    response = requests.post(asked, data={"sub": sub}, allow_redirects=False, timeout=10)
    address = urlsplit(response.headers["Location"])
    return f"{address.path}?{address.query}"


def sign_in(client: Client, sub: str):
    return client.get(come_back(leave(client), sub))


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def sentences(client: Client) -> str:
    return client.get("/compte/connexion/").content.decode()


def test_without_a_provider_there_is_no_button_and_no_address(client):
    assert "Continuer avec" not in sentences(client)
    assert client.post(reverse("openid_connect_login", args=["principal"])).status_code == 404


def test_the_provider_is_asked_with_a_state_and_a_proof_key(client, provider):
    assert "Continuer avec ProConnect" in sentences(client)

    asked = parse_qs(urlsplit(leave(client)).query)

    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 16


def test_a_verified_address_opens_an_account_and_comes_in(client, provider):
    response = sign_in(client, "alix")

    user = User.objects.get(email="alix@editeur.example")
    assert response.url == reverse("enrolment:start")
    assert is_signed_in(client)
    assert user.full_name == "Alix Mandataire"
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    assert list(Event.objects.filter(actor=user).order_by("pk").values_list("verb", flat=True)) == [
        "account.created",
        "session.opened",
    ]


def test_the_second_time_it_is_the_same_account(client, provider):
    sign_in(client, "alix")
    client.logout()

    sign_in(client, "alix")

    assert User.objects.count() == 1
    assert is_signed_in(client)


def test_the_names_of_proconnect_and_its_signed_answer_are_understood(client, provider):
    provider.signs_userinfo = True

    sign_in(client, "proconnect")

    assert User.objects.get().full_name == "Camille Lectrice"


def test_an_unverified_address_waits_for_our_own_message(client, provider):
    response = sign_in(client, "bob")

    assert response.url == reverse("account_email_verification_sent")
    assert not is_signed_in(client)
    assert mail.outbox[0].to == ["bob@editeur.example"]
    assert not EmailAddress.objects.get().verified


@pytest.mark.parametrize("sub", ["alix", "bob"])
def test_an_address_already_used_opens_nothing_and_its_owner_is_told(client, provider, sub):
    """Otherwise whoever makes a provider say an address would own the account."""
    owner = UserFactory.create(email=PEOPLE[sub]["email"])

    response = sign_in(client, sub)

    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 1
    assert response.url == reverse("account_email_verification_sent")
    assert [message.to for message in mail.outbox] == [[owner.email]]


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(client, provider):
    UserFactory.create(email="bob@editeur.example")

    known = sign_in(client, "bob")
    User.objects.all().delete()
    unknown = sign_in(Client(), "bob")

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_an_owner_connects_their_account_and_comes_in_by_it(client, provider):
    owner = UserFactory.create(email="alix@editeur.example")
    client.force_login(owner)

    client.get(come_back(leave(client, process="connect"), "alix"))
    client.logout()
    sign_in(client, "alix")

    assert client.session["_auth_user_id"] == str(owner.pk)
    assert Event.objects.filter(verb="account.identity_connected", actor=owner).exists()


def test_connecting_asks_for_a_recent_proof(client, provider):
    client.force_login(UserFactory.create())
    client.forget_the_proof()

    url = reverse("openid_connect_login", args=["principal"]) + "?process=connect"
    assert client.post(url).url.startswith(reverse("account_reauthenticate"))


def test_without_an_address_it_is_asked_for_and_confirmed(client, provider):
    response = sign_in(client, "nobody")
    assert response.url == reverse("socialaccount_signup")

    asked = client.post(response.url, {"email": "nouvelle@editeur.example", "full_name": "Sans Adresse"})

    assert asked.url == reverse("account_email_verification_sent")
    assert not is_signed_in(client)
    assert Event.objects.filter(verb="account.created").count() == 1


def test_a_cancelled_sign_in_leads_back_with_a_sentence(client, provider):
    asked = leave(client)
    response = requests.post(asked, data={"action": "deny"}, allow_redirects=False, timeout=10)
    address = urlsplit(response.headers["Location"])

    back = client.get(f"{address.path}?{address.query}")

    assert back.url == reverse("account_login")
    assert "Vous avez renoncé" in sentences(client)
    assert not is_signed_in(client)


def test_a_state_serves_once(client, provider):
    address = come_back(leave(client), "alix")
    client.get(address)
    client.logout()

    again = client.get(address)

    assert again.url == reverse("account_login")
    assert "n’a pas abouti" in sentences(client)
    assert not is_signed_in(client)


@pytest.mark.parametrize("state", ["forged", ""])
def test_a_state_that_we_did_not_give_is_refused(client, provider, state):
    address = come_back(leave(client), "alix")
    given = parse_qs(urlsplit(address).query)["state"][0]

    response = client.get(address.replace(given, state))

    assert response.url == reverse("account_login")
    assert not is_signed_in(client)


def test_the_address_of_somebody_elses_sign_in_opens_nothing(client, provider):
    """An attacker who sends their own way back would make a victim work in the attacker's account."""
    address = come_back(leave(client), "alix")
    victim = SignedInClient()

    victim.get(address)

    assert not is_signed_in(victim)
    assert not User.objects.exists()


FOREIGN_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _unsigned(token: str) -> str:
    return jwt.encode(claims_of(token), "", algorithm="none")


def _signed_by_the_secret(token: str) -> str:
    return jwt.encode(claims_of(token), "a-secret-that-both-sides-know-and-that-is-long", algorithm="HS256")


def _signed_by_another_key(token: str) -> str:
    return jwt.encode(claims_of(token), FOREIGN_KEY, algorithm="RS256", headers=jwt.get_unverified_header(token))


def _changed(token: str) -> str:
    header, _claims, signature = token.split(".")
    forged = jwt.encode({**claims_of(token), "sub": "bob"}, "", algorithm="none").split(".")[1]
    return f"{header}.{forged}.{signature}"


FORGED = [_unsigned, _signed_by_the_secret, _signed_by_another_key, _changed, lambda _: "no", lambda _: ""]


@pytest.mark.parametrize("forge", FORGED)
def test_a_token_that_the_provider_did_not_sign_opens_nothing(client, provider, forge):
    provider.forge = forge

    response = sign_in(client, "alix")

    assert response.url == reverse("account_login")
    assert not is_signed_in(client)
    assert not User.objects.exists()


@pytest.mark.parametrize("signs_userinfo", [False, True])
def test_what_is_told_of_somebody_else_than_the_token_says_opens_nothing(client, provider, signs_userinfo):
    """« userinfo » is asked with a token that may have been put in the place of the right one."""
    sign_in(SignedInClient(), "alix")
    provider.signs_userinfo = signs_userinfo
    provider.tells_otherwise = {"sub": "alix"}

    response = sign_in(client, "bob")

    assert response.url == reverse("account_login")
    assert not is_signed_in(client)
    assert [account.uid for account in SocialAccount.objects.all()] == ["alix"]


def test_a_token_that_names_nobody_opens_nothing(client, provider):
    provider.forge = lambda token: ""
    provider.tells_otherwise = {"sub": ""}

    sign_in(client, "alix")

    assert not is_signed_in(client)
    assert not User.objects.exists()


def test_a_provider_that_is_away_is_told_without_an_error_page(client, settings):
    with identity_provider() as provider:
        configure(settings, provider)
    response = client.post(reverse("openid_connect_login", args=["principal"]))

    assert response.url == reverse("account_login")
    assert "ne répond pas" in sentences(client)


def test_staff_give_their_second_factor_all_the_same(client, provider, reviewer):
    SocialAccount.objects.create(user=reviewer, provider="principal", uid="alix")

    sign_in(client, "alix")

    assert not is_signed_in(client) or client.get(reverse("reviews:queue")).status_code == 302
    assert client.get(reverse("reviews:queue")).status_code == 302


def test_the_only_way_in_is_not_taken_away(client, provider):
    sign_in(client, "alix")
    account = SocialAccount.objects.get()

    response = client.post(reverse("socialaccount_connections"), {"account": account.pk})

    assert "seul moyen d’entrer" in response.content.decode()
    assert SocialAccount.objects.exists()
