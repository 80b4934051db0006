"""Nobody learns who has an account: a known and an unknown address get the same answer, and guessing is slowed."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.urls import reverse

from tests.accounts.invited import invited
from tests.clients import SignedInClient
from tests.factories import PASSWORD, UserFactory

KNOWN = "camille@editeur.example"
UNKNOWN = "nobody@nulle.example"
WRONG = "une mauvaise phrase de passe"
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def person(db):
    return UserFactory.create(email=KNOWN, full_name="Camille Connue")


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def visible(response, address):
    """What a browser is given, without what changes at each request, and without the address that was typed."""
    text = re.sub(r"\b[A-Za-z0-9]{64}\b", "TOKEN", response.content.decode())
    return (
        response.status_code,
        response.headers.get("Location"),
        re.sub(re.escape(address), "ADDRESS", text, flags=re.IGNORECASE),
    )


def answer(name, address, **typed):
    """What a new visitor gets who posts this, where it leads, and which cookies they are given."""
    client = SignedInClient()
    page = reverse(name)
    client.get(page)
    first = client.post(page, {key: value.replace("ADDRESS", address) for key, value in typed.items()})
    followed = client.get(first.headers["Location"]) if first.status_code == 302 else first
    return visible(first, address), visible(followed, address), sorted(client.cookies)


FORMS = {
    "account_signup": {"full_name": "Alix Nouvelle", "email": "ADDRESS", "password1": PASSWORD, "password2": PASSWORD},
    "account_reset_password": {"email": "ADDRESS"},
    "account_login": {"login": "ADDRESS", "password": WRONG},
}


@pytest.mark.parametrize("name", FORMS)
def test_a_known_and_an_unknown_address_get_the_same_answer(person, name):
    assert answer(name, KNOWN, **FORMS[name]) == answer(name, UNKNOWN, **FORMS[name])


@pytest.mark.parametrize("name", FORMS)
def test_so_does_a_known_one_typed_otherwise(person, name):
    assert answer(name, KNOWN.upper(), **FORMS[name]) == answer(name, UNKNOWN.upper(), **FORMS[name])


@pytest.mark.parametrize("name", FORMS)
def test_so_does_one_that_was_never_confirmed(db, name):
    UserFactory.create(email=KNOWN, confirmed=False)

    assert answer(name, KNOWN, **FORMS[name]) == answer(name, UNKNOWN, **FORMS[name])


@pytest.mark.parametrize("name", FORMS)
def test_so_does_a_closed_account(db, name):
    UserFactory.create(email=KNOWN, is_active=False)

    assert answer(name, KNOWN, **FORMS[name]) == answer(name, UNKNOWN, **FORMS[name])


@pytest.mark.parametrize("name", FORMS)
def test_so_does_an_agent_with_a_second_factor(reviewer, name):
    assert answer(name, reviewer.email, **FORMS[name]) == answer(name, UNKNOWN, **FORMS[name])


@pytest.mark.parametrize("name", FORMS)
def test_so_does_a_second_address_of_an_account(person, name):
    EmailAddress.objects.create(user=person, email="seconde@editeur.example", verified=True)

    assert answer(name, "seconde@editeur.example", **FORMS[name]) == answer(name, UNKNOWN, **FORMS[name])


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password"])
def test_each_receives_one_message_so_nobody_counts_them(person, name, mailoutbox):
    for address in (KNOWN, UNKNOWN):
        answer(name, address, **FORMS[name])

    assert [message.to for message in mailoutbox] == [[KNOWN], [UNKNOWN]]


def test_a_message_to_an_unknown_address_names_nobody(person, mailoutbox):
    answer("account_reset_password", UNKNOWN, **FORMS["account_reset_password"])

    assert person.full_name not in mailoutbox[0].body
    assert KNOWN not in mailoutbox[0].body


def test_an_account_without_a_password_answers_like_one_with_a_wrong_password(person):
    """Somebody who comes by the identity provider."""
    person.set_unusable_password()
    person.save()

    assert answer("account_login", KNOWN, **FORMS["account_login"]) == answer(
        "account_login", UNKNOWN, **FORMS["account_login"]
    )


def test_the_second_factor_is_asked_for_only_after_the_password(reviewer, client):
    client.post(reverse("account_login"), {"login": reviewer.email, "password": WRONG})

    assert client.get(reverse("mfa_authenticate")).url.startswith(reverse("account_login"))


def hashed(name, address):
    """How many passwords are hashed while this form is answered: that is what takes time."""
    counted = []
    encode = MD5PasswordHasher.encode

    def counting(self, password, salt):
        counted.append(1)
        return encode(self, password, salt)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(MD5PasswordHasher, "encode", counting)
        answer(name, address, **FORMS[name])
    return len(counted)


HASHES = {"account_signup": 1, "account_reset_password": 0, "account_login": 1}


@pytest.mark.parametrize("name", FORMS)
def test_a_known_and_an_unknown_address_take_the_same_time(person, name):
    """Hashed all the same: neither answer comes sooner."""
    assert (hashed(name, KNOWN), hashed(name, UNKNOWN)) == (HASHES[name], HASHES[name])


def unconfirmed():
    UserFactory.create(email=KNOWN, confirmed=False)


def closed():
    UserFactory.create(email=KNOWN, is_active=False)


def without_password():
    UserFactory.create(email=KNOWN, password="!")


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("make", [unconfirmed, closed, without_password])
def test_so_do_accounts_that_cannot_be_entered(db, name, make):
    make()

    assert hashed(name, KNOWN) == HASHES[name]


def test_an_invitation_says_the_same_of_an_address_that_has_an_account(client, publisher, mandataire, person):
    client.force_login(mandataire)
    team = reverse("accounts:team", args=[publisher.siren])

    pages = [visible(client.post(team, {"email": address, "role": "reader"}), address) for address in (KNOWN, UNKNOWN)]

    assert pages[0] == pages[1]


def test_the_page_of_an_invitation_does_not_tell_a_stranger_whether_the_address_has_an_account(
    publisher, mandataire, person
):
    pages = [
        visible(SignedInClient().get(invited(publisher, by=mandataire, email=address).path), address)
        for address in (KNOWN, UNKNOWN)
    ]
    hidden = [re.sub(r"/invitations/[\w-]+/|invitations%2F[\w-]+%2F", "", page[2]) for page in pages]

    assert hidden[0] == hidden[1]


# --- Limits ------------------------------------------------------------------------------------


def sign_in(client, address, password=PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": address, "password": password}, **extra)


def is_in(client):
    return "_auth_user_id" in client.session


# allauth's own must be said: it has other ones for what is not.
HERE = {"login_failed": "100/m/ip", "login_failed_here": "3/300s/key"}
ANYWHERE = {"login_failed": "100/m/ip", "login_failed_anywhere": "3/300s/key"}
TOO_MANY = "Trop d’essais ont échoué"


@pytest.mark.parametrize("limits", [HERE, ANYWHERE])
@pytest.mark.parametrize("address", [KNOWN, UNKNOWN])
def test_failures_on_one_account_are_slowed_whether_it_exists_or_not(clock, client, person, settings, address, limits):
    settings.ACCOUNT_RATE_LIMITS = limits
    for _attempt in range(3):
        assert TOO_MANY not in sign_in(client, address, WRONG).content.decode()

    assert TOO_MANY in sign_in(client, address, WRONG).content.decode()


def test_failures_from_elsewhere_keep_nobody_out(clock, client, person, settings):
    settings.ACCOUNT_RATE_LIMITS = HERE
    for _attempt in range(5):
        sign_in(SignedInClient(), KNOWN, WRONG, REMOTE_ADDR="203.0.113.9")

    assert TOO_MANY in sign_in(SignedInClient(), KNOWN, REMOTE_ADDR="203.0.113.9").content.decode()
    sign_in(client, KNOWN, REMOTE_ADDR="198.51.100.7")
    assert is_in(client)


def test_failures_from_many_places_at_once_are_slowed_too(clock, client, person, settings):
    settings.ACCOUNT_RATE_LIMITS = ANYWHERE
    for number in range(3):
        sign_in(client, KNOWN, WRONG, REMOTE_ADDR=f"203.0.{number}.9")

    assert TOO_MANY in sign_in(client, KNOWN, REMOTE_ADDR="198.51.100.7").content.decode()


def test_even_then_the_owner_comes_in_from_a_network_where_they_were(clock, client, person, mandataire, settings):
    settings.ACCOUNT_RATE_LIMITS = ANYWHERE
    sign_in(SignedInClient(), KNOWN, REMOTE_ADDR="198.51.100.7")
    sign_in(SignedInClient(), mandataire.email, REMOTE_ADDR="203.0.113.1")
    for number in range(4):
        sign_in(SignedInClient(), KNOWN, WRONG, REMOTE_ADDR=f"203.0.{number}.9")

    # An account of the attacker's own, opened from there, makes the place no better known.
    assert TOO_MANY in sign_in(SignedInClient(), KNOWN, REMOTE_ADDR="203.0.113.1").content.decode()
    sign_in(client, KNOWN, REMOTE_ADDR="198.51.100.8")
    assert is_in(client)


def test_an_address_that_the_attacker_merely_claims_makes_no_place_known(clock, person, mandataire, settings):
    settings.ACCOUNT_RATE_LIMITS = ANYWHERE
    EmailAddress.objects.create(user=mandataire, email=KNOWN, verified=False)
    sign_in(SignedInClient(), mandataire.email, REMOTE_ADDR="203.0.113.1")
    for _attempt in range(3):
        sign_in(SignedInClient(), KNOWN, WRONG, REMOTE_ADDR="203.0.113.1")

    assert TOO_MANY in sign_in(SignedInClient(), KNOWN, REMOTE_ADDR="203.0.113.1").content.decode()


@pytest.mark.parametrize("limits", [HERE, ANYWHERE])
def test_no_account_is_locked_its_owner_comes_in_when_the_time_is_over(clock, client, person, settings, limits):
    settings.ACCOUNT_RATE_LIMITS = limits
    for _attempt in range(10):
        sign_in(client, KNOWN, WRONG)
    clock.shift(timedelta(seconds=301))

    sign_in(client, KNOWN)

    assert is_in(client)
    person.refresh_from_db()
    assert person.is_active


@pytest.mark.parametrize("limits", [HERE, ANYWHERE, HERE | {"login_failed_anywhere": "2/150s/key"}])
def test_attempts_that_were_refused_do_not_lengthen_the_wait(clock, client, person, settings, limits):
    settings.ACCOUNT_RATE_LIMITS = limits
    for _attempt in range(3):
        sign_in(client, KNOWN, WRONG)
    clock.shift(timedelta(seconds=200))
    for _attempt in range(5):
        sign_in(client, KNOWN, WRONG)

    clock.shift(timedelta(seconds=151))
    sign_in(client, KNOWN)

    assert is_in(client)


@pytest.mark.parametrize("limits", [HERE, ANYWHERE])
def test_a_new_password_through_the_mailbox_needs_no_wait(clock, client, person, settings, mailoutbox, limits):
    settings.ACCOUNT_RATE_LIMITS = limits
    for _attempt in range(4):
        sign_in(client, KNOWN, WRONG)
    new = new_password_through_the_mailbox(client, mailoutbox)

    sign_in(client, KNOWN, new)

    assert is_in(client)


def test_nor_do_those_who_go_on_guessing_make_it_wait(clock, client, person, settings, mailoutbox):
    settings.ACCOUNT_RATE_LIMITS = ANYWHERE
    new = new_password_through_the_mailbox(client, mailoutbox, REMOTE_ADDR="198.51.100.7")
    for number in range(4):
        sign_in(SignedInClient(), KNOWN, WRONG, REMOTE_ADDR=f"203.0.{number}.9")

    sign_in(client, KNOWN, new, REMOTE_ADDR="198.51.100.7")

    assert is_in(client)


def new_password_through_the_mailbox(client, mailoutbox, **extra):
    new = "une toute nouvelle phrase de passe"
    client.post(reverse("account_reset_password"), {"email": KNOWN}, **extra)
    link = next(word for word in mailoutbox[0].body.split() if word.startswith("http://testserver/"))
    form = client.get(link, follow=True, **extra)
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new}, **extra)
    return new


def test_another_account_is_not_slowed(clock, client, person, mandataire, settings):
    settings.ACCOUNT_RATE_LIMITS = HERE | ANYWHERE
    for _attempt in range(4):
        sign_in(client, KNOWN, WRONG)

    sign_in(client, mandataire.email)

    assert is_in(client)


def test_one_network_address_that_tries_many_accounts_is_slowed_and_others_are_not(clock, client, person, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/ip"}
    for number in range(3):
        sign_in(client, f"personne{number}@nulle.example", WRONG, REMOTE_ADDR="203.0.113.9")

    assert "Trop d’essais ont échoué" in sign_in(client, KNOWN, REMOTE_ADDR="203.0.113.9").content.decode()
    sign_in(client, KNOWN, REMOTE_ADDR="198.51.100.7")
    assert is_in(client)


@pytest.mark.parametrize("limits", [{"login_failed": "3/m/ip"}, HERE, ANYWHERE])
def test_a_success_does_not_wipe_the_failures(clock, person, mandataire, settings, limits):
    """Otherwise an attacker would sign in to an account of their own between two guesses."""
    settings.ACCOUNT_RATE_LIMITS = limits
    for address, password in [(KNOWN, WRONG), (KNOWN, WRONG), (mandataire.email, PASSWORD), (KNOWN, WRONG)]:
        sign_in(SignedInClient(), address, password)
        clock.shift(timedelta(seconds=1))

    assert "Trop d’essais ont échoué" in sign_in(SignedInClient(), KNOWN).content.decode()


@pytest.mark.parametrize(
    ("limit", "name"),
    [("signup", "account_signup"), ("reset_password", "account_reset_password"), ("login", "account_login")],
)
def test_too_many_forms_from_one_network_address_wait_and_others_do_not(clock, client, person, settings, limit, name):
    settings.ACCOUNT_RATE_LIMITS = {limit: "2/m/ip"}
    url = reverse(name)

    def post(number, address):
        typed = {key: value.replace("ADDRESS", f"n{number}@nulle.example") for key, value in FORMS[name].items()}
        return SignedInClient().post(url, typed, REMOTE_ADDR=address)

    codes = [post(number, "203.0.113.9").status_code for number in range(3)]
    assert codes[2] == 429
    assert 429 not in codes[:2]
    assert "Attendez quelques minutes" in post(3, "203.0.113.9").content.decode()
    assert post(4, "198.51.100.7").status_code != 429
    clock.shift(timedelta(seconds=61))
    assert post(5, "203.0.113.9").status_code != 429


def ask_for_a_link(client, email, address):
    return client.post(reverse("account_reset_password"), {"email": email}, REMOTE_ADDR=address)


def test_forgotten_passwords_of_one_account_are_slowed_where_they_are_asked(clock, client, person, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip", "reset_password_here": "2/m/key"}

    codes = [ask_for_a_link(client, email, "203.0.113.9").status_code for email in (KNOWN, KNOWN, KNOWN.upper())]

    assert codes == [302, 302, 429]
    assert ask_for_a_link(client, KNOWN, "198.51.100.7").status_code == 302


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_one_mailbox_is_not_flooded_and_nobody_is_refused(clock, client, person, settings, mailoutbox, email):
    """Over the limit it holds links enough, which all serve: the answer stays the same."""
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip", "reset_password_anywhere": "2/h/key"}

    answers = [ask_for_a_link(client, email, f"203.0.113.{number}") for number in range(4)]

    assert {(each.status_code, each.url) for each in answers} == {(302, reverse("account_reset_password_done"))}
    assert [message.to for message in mailoutbox] == [[email], [email]]


def test_each_link_that_a_mailbox_received_serves(client, person, mailoutbox):
    for _asked in range(2):
        ask_for_a_link(client, KNOWN, "203.0.113.9")

    for message in mailoutbox:
        link = next(word for word in message.body.split() if word.startswith("http://testserver/"))
        assert "password1" in client.get(link, follow=True).content.decode()


def test_reading_a_form_counts_for_nothing(clock, client, person, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip", "login_failed": "2/m/ip"}

    assert {client.get(reverse("account_login")).status_code for _ in range(10)} == {200}


def test_a_forged_forwarding_address_changes_nothing_without_a_proxy_of_ours(clock, client, person, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/m/ip"}
    for number in range(2):
        sign_in(client, KNOWN, WRONG, headers={"X-Forwarded-For": f"203.0.113.{number}"})

    page = sign_in(client, KNOWN, headers={"X-Forwarded-For": "198.51.100.7"}).content.decode()

    assert "Trop d’essais ont échoué" in page


def test_the_limits_of_production_slow_each_way_in(settings):
    """Read from the source: the tests' own settings have none."""
    words = (settings.BASE_DIR / "convergence" / "settings.py").read_text()
    slowed = ["login", "signup", "confirm_email", "reauthenticate", "invite"]
    slowed += [f"{name}{where}" for name in ("login_failed", "reset_password") for where in ("", "_here", "_anywhere")]
    for name in slowed:
        assert re.search(rf'"{name}": "\d+/', words), name
    # By account alone, an anonymous stranger would use up the owner's attempts.
    assert not re.search(r'"(login_failed|reset_password)": ".*key', words)
