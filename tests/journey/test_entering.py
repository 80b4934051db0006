"""The doors of the portal in Chromium: passkey, one-time code, recovery code, forgotten password, identity provider."""

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.mail import EmailMessage
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.factories import PASSWORD, TOTP_SECRET, UserFactory
from tests.identity_provider import IdentityProvider, configure, identity_provider
from tests.live import accessibility_problems, browser_context

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person(transactional_db: None) -> User:
    return UserFactory.create(email="alix@coeur.example", full_name="Alix Mandataire")


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto(reverse("account_login"))
    page.locator("main [name=login]").fill(email)
    page.locator("main [name=password]").fill(password)
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Se connecter", exact=True).click()


def sign_out(page: Page) -> None:
    page.goto(reverse("account_logout"))
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Se déconnecter").click()


def is_signed_in(page: Page) -> bool:
    page.goto(reverse("account_home"))
    return page.locator("h1").inner_text() == "Mon compte"


def code_at(moment: float, secret: str = TOTP_SECRET) -> str:
    return str(format_hotp_value(hotp_value(secret, int(moment) // 30)))


# --- Passkeys ----------------------------------------------------------------------------------


def plug_a_passkey_in(page: Page) -> None:
    """Chromium's own virtual device: it recognises its owner and answers at once."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_then_opens_the_account_alone(page, live_server, person):
    plug_a_passkey_in(page)
    sign_in(page, person.email)
    page.goto(reverse("mfa_add_webauthn"))
    page.locator("main [name=name]").fill("Mon ordinateur")
    expect(page.locator("#id_passwordless")).to_be_checked()
    page.get_by_role("button", name="Ajouter cette clé").click()
    expect(page.locator("h1")).to_have_text(re.compile("codes de secours|clés d’accès"))
    assert Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).count() == 1
    sign_out(page)

    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Me connecter avec une clé d’accès").click()
    page.wait_for_url(lambda url: "connexion" not in url)

    assert is_signed_in(page)


def test_a_passkey_is_the_second_factor_after_the_password(page, live_server, person):
    plug_a_passkey_in(page)
    sign_in(page, person.email)
    page.goto(reverse("mfa_add_webauthn"))
    page.locator("main [name=name]").fill("Mon ordinateur")
    page.get_by_role("button", name="Ajouter cette clé").click()
    expect(page.locator("h1")).to_have_text(re.compile("codes de secours|clés d’accès"))
    sign_out(page)

    sign_in(page, person.email)
    expect(page.locator("h1")).to_have_text("Votre second facteur")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url(lambda url: "second-facteur" not in url)

    assert is_signed_in(page)


def test_a_passkey_that_does_not_answer_is_told_where_the_button_is(page, live_server, person):
    page.goto(reverse("account_login"))
    plug_a_passkey_in(page)  # which holds no key for this account
    page.get_by_role("button", name="Me connecter avec une clé d’accès").click()

    expect(page.locator("#passkey-problem")).to_contain_text("La clé d’accès n’a pas répondu", timeout=70_000)


# --- Codes -------------------------------------------------------------------------------------


def test_staff_choose_a_second_factor_before_anything_else(page, live_server, reviewer):
    Authenticator.objects.filter(user=reviewer).delete()
    sign_in(page, reviewer.email)
    expect(page.locator("h1")).to_have_text("Mon second facteur")
    page.get_by_role("link", name="Utiliser des codes").click()
    secret = page.locator(".portal-secret").inner_text()
    page.locator("main [name=code]").fill(code_at(time.time(), secret))
    page.get_by_role("button", name="Activer les codes").click()
    expect(page.locator("h1")).to_have_text("Mes codes de secours")

    page.goto(reverse("reviews:queue"))
    expect(page).to_have_url(re.compile(f"{reverse('reviews:queue')}$"))


def test_staff_sign_in_with_a_code_and_a_recovery_code_replaces_a_lost_telephone(page, live_server, reviewer):
    sign_in(page, reviewer.email)
    expect(page.locator("h1")).to_have_text("Votre second facteur")
    page.locator("main [name=code]").fill("000000")
    page.locator("main").get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.locator("main")).to_contain_text("Ce code n’est pas le bon")
    page.locator("main [name=code]").fill(code_at(time.time()))
    page.locator("main").get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**" + reverse("reviews:queue"))

    page.goto(reverse("mfa_generate_recovery_codes"))
    page.get_by_role("button", name="Faire de nouveaux codes").click()
    expect(page.locator("h1")).to_have_text("Mes codes de secours")
    codes = page.locator(".portal-codes li")
    expect(codes).to_have_count(10)
    recovery = codes.first.inner_text()
    sign_out(page)

    sign_in(page, reviewer.email)
    page.locator("main [name=code]").fill(recovery)
    page.locator("main").get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**" + reverse("reviews:queue"))


# --- A forgotten password ------------------------------------------------------------------------


def test_a_forgotten_password_is_chosen_anew_from_the_link_of_the_message(
    page, live_server, person, mailoutbox: list[EmailMessage]
):
    page.goto(reverse("account_login"))
    page.get_by_role("link", name="Mot de passe oublié").click()
    page.locator("main [name=email]").fill(person.email)
    page.get_by_role("button", name="Recevoir le lien").click()
    expect(page.locator("h1")).to_have_text("Regardez vos messages")
    link = re.search(r"https?://\S+/compte/mot-de-passe-oublie/\S+", str(mailoutbox[-1].body))
    assert link is not None
    page.goto(link.group())
    for name in ("password1", "password2"):
        page.locator(f"main [name={name}]").fill("une tout autre phrase de passe")
    page.locator("main").get_by_role("button").first.click()
    expect(page.locator("h1")).to_have_text("Votre mot de passe est changé")

    sign_in(page, person.email, "une tout autre phrase de passe")
    assert is_signed_in(page)


# --- The identity provider -------------------------------------------------------------------------


@pytest.fixture
def provider(settings) -> Iterator[IdentityProvider]:
    alix = {"email": "alix@coeur.example", "email_verified": True, "name": "Alix Mandataire"}
    with identity_provider(alix=alix, nobody={"name": "Sans Adresse"}) as provider:
        configure(settings, provider)
        yield provider


# What the provider's own page loads, which stays outside.
STYLE = "https://cdn.jsdelivr.net/"


@pytest.fixture
def visitor(chromium: Browser, live_server: LiveServer, provider: IdentityProvider) -> Iterator[Page]:
    """A browser that may go to the provider, and nowhere else."""
    with browser_context(chromium, live_server, other_origins=(provider.url, STYLE)) as context:
        context.route(f"{STYLE}**", lambda route: route.abort())
        yield context.new_page()


def test_a_visitor_comes_in_through_the_identity_provider(visitor, transactional_db):
    visitor.goto(reverse("account_login"))
    visitor.get_by_role("button", name="Continuer avec ProConnect").click()
    visitor.get_by_role("button", name="alix").click()

    expect(visitor.locator("h1")).to_have_text("Inscrire mon entreprise")
    assert User.objects.get().email == "alix@coeur.example"


def test_whoever_renounces_at_the_provider_is_back_where_they_started(visitor, transactional_db):
    visitor.goto(reverse("account_login"))
    visitor.get_by_role("button", name="Continuer avec ProConnect").click()
    visitor.get_by_role("button", name="Deny").click()

    expect(visitor.locator("main")).to_contain_text("Vous avez renoncé")
    expect(visitor.get_by_role("button", name="Continuer avec ProConnect")).to_be_visible()


def test_an_address_that_is_already_used_is_told_by_message_only(visitor, person, mailoutbox):
    visitor.goto(reverse("account_login"))
    visitor.get_by_role("button", name="Continuer avec ProConnect").click()
    visitor.get_by_role("button", name="alix").click()

    expect(visitor.locator("h1")).to_have_text("Confirmez votre adresse")
    assert [message.to for message in mailoutbox] == [[person.email]]


def test_a_provider_without_an_address_leads_to_a_page_that_asks_for_it(visitor, transactional_db):
    visitor.goto(reverse("account_login"))
    visitor.get_by_role("button", name="Continuer avec ProConnect").click()
    visitor.get_by_role("button", name="nobody").click()

    expect(visitor.locator("h1")).to_have_text("Encore une adresse")
    assert accessibility_problems(visitor) == []
