"""The second factor: agents work with one, everybody may have one, and each code serves once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from cryptography.fernet import InvalidToken
from django.urls import reverse

from accounts.adapter import SecondFactorAdapter
from accounts.second_factors import (
    DEMONSTRATION_SECRET,
    NotADemonstration,
    demonstration_code,
    give_demonstration_secret,
)
from audit.models import Event
from tests.clients import SignedInClient
from tests.factories import PASSWORD, TOTP_SECRET
from tests.passkeys import stored_passkey

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
STEP = timedelta(seconds=30)
AUTHENTICATE = reverse("mfa_authenticate")
WRONG = "Ce code n’est pas le bon, ou il a déjà servi. Saisissez-en un autre."
INSIDE = ("reviews:queue", "privacy:mine", "account_email", "account_change_password", "usersessions_list")


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def code_at(moment, secret=TOTP_SECRET):
    return format_hotp_value(hotp_value(secret, int(moment.timestamp()) // 30))


def halfway(user):
    """A browser in which the password was given, and the second factor is asked for."""
    client = SignedInClient()
    response = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert response.headers["Location"] == AUTHENTICATE, response
    return client


def is_in(client):
    return "_auth_user_id" in client.session


def without_factor(user):
    Authenticator.objects.filter(user=user).delete()
    return user


# --- Agents ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["reviewer", "review_lead", "support", "editor", "gie_officer", "administrator"])
def test_an_agent_without_a_second_factor_is_led_to_choose_one_and_sees_nothing_else(client, request, role):
    client.force_login(without_factor(request.getfixturevalue(role)), second_factor=False)

    for name in INSIDE:
        assert client.get(reverse(name)).url == reverse("mfa_index"), name
    page = client.get(reverse("reviews:queue"), follow=True).content.decode()
    assert "Votre rôle demande un second facteur. Choisissez-en un\u00a0: c’est l’affaire d’une minute." in page


def test_the_administration_is_no_way_around(client, administrator):
    client.force_login(without_factor(administrator), second_factor=False)

    assert client.get(reverse("admin:index")).url == reverse("mfa_index")


def test_a_superuser_of_no_group_is_asked_too(client, mandataire):
    mandataire.is_superuser = mandataire.is_staff = True
    mandataire.save()
    client.force_login(mandataire, second_factor=False)

    assert client.get(reverse("admin:index")).url == reverse("mfa_index")


def test_what_makes_one_is_open_to_an_agent_who_has_none(client, reviewer):
    client.force_login(without_factor(reviewer), second_factor=False)

    for name in ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_logout"):
        assert client.get(reverse(name)).status_code == 200, name


@pytest.mark.parametrize("name", INSIDE)
def test_an_agent_whose_session_was_opened_without_it_is_led_to_give_it(client, reviewer, name):
    client.force_login(reviewer, second_factor=False)

    response = client.get(reverse(name), {"page": "2"})

    assert response.url.startswith(f"{reverse('mfa_reauthenticate')}?next=")
    assert "page%3D2" in response.url


def test_giving_it_leads_to_where_the_agent_was_going(clock, client, reviewer):
    client.force_login(reviewer, second_factor=False)
    queue = reverse("reviews:queue")
    asked = client.get(queue).url

    response = client.post(asked, {"code": code_at(START), "next": queue})

    assert response.url == queue
    assert client.get(queue).status_code == 200


def test_a_wrong_code_leads_nowhere(clock, client, reviewer):
    client.force_login(reviewer, second_factor=False)

    page = client.post(reverse("mfa_reauthenticate"), {"code": "000000"}).content.decode()

    assert WRONG in page
    assert client.get(reverse("reviews:queue")).status_code == 302


@pytest.mark.parametrize("has_one", [True, False])
def test_what_an_agent_posts_without_it_is_forbidden(client, reviewer, has_one):
    client.force_login(reviewer if has_one else without_factor(reviewer), second_factor=False)

    for name in ("privacy:mine", "usersessions_list", "privacy:close"):
        response = client.post(reverse(name), {"email": reviewer.email})
        assert (response.status_code, response.content.decode()) == (403, "Confirmez d’abord votre second facteur.")
    assert not Event.objects.filter(verb="data.export_requested").exists()


def test_a_fragment_is_forbidden_and_not_led_elsewhere(client, reviewer):
    client.force_login(reviewer, second_factor=False)

    response = client.get(reverse("privacy:progress"), headers={"HX-Request": "true"})

    assert response.status_code == 403


def test_public_pages_and_the_way_out_stay_open(client, reviewer):
    client.force_login(reviewer, second_factor=False)

    for name in ("privacy:notice", "legal", "accessibility"):
        assert client.get(reverse(name)).status_code == 200, name
    client.post(reverse("account_logout"))
    assert not is_in(client)


def test_a_password_alone_does_not_add_a_factor_beside_the_one_there_is(client, reviewer):
    """Whoever stole the password would otherwise make a factor of their own."""
    client.force_login(reviewer, second_factor=False)

    for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes", "mfa_download_recovery_codes"):
        assert client.get(reverse(name)).status_code == 302, name
        assert client.post(reverse(name)).status_code == 403, name


def test_an_agent_signs_in_with_password_and_code(clock, reviewer):
    client = halfway(reviewer)
    assert not is_in(client)
    assert client.get(reverse("reviews:queue")).url.startswith(reverse("account_login"))

    client.post(AUTHENTICATE, {"code": code_at(START)})

    assert client.get(reverse("reviews:queue")).status_code == 200
    assert Event.objects.get(verb="session.opened").data == {"methods": ["password", "totp"]}


def passkey_of(user):
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=stored_passkey())


def give_up(client, user, kind):
    factor = Authenticator.objects.get(user=user, type=kind)
    url = reverse("mfa_deactivate_totp") if kind == "totp" else reverse("mfa_remove_webauthn", args=[factor.pk])
    shown = client.get(url)
    return shown, client.post(url)


@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_an_agent_does_not_give_up_the_last_factor(client, reviewer, kind):
    if kind == "webauthn":
        passkey_of(without_factor(reviewer))
    client.force_login(reviewer)

    shown, posted = give_up(client, reviewer, kind)

    for page in (shown, posted):
        assert "ajoutez-en un autre avant de retirer celui-ci" in page.content.decode()
    assert Authenticator.objects.filter(user=reviewer, type=kind).exists()


@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_an_agent_gives_up_one_of_two(client, reviewer, kind):
    passkey_of(reviewer)
    client.force_login(reviewer)

    _shown, posted = give_up(client, reviewer, kind)

    assert posted.status_code == 302
    assert Authenticator.objects.filter(user=reviewer).count() == 1
    assert client.get(reverse("reviews:queue")).status_code == 200


def test_recovery_codes_are_no_factor_to_keep_the_others_by(client, reviewer):
    RecoveryCodes.activate(reviewer)
    client.force_login(reviewer)

    give_up(client, reviewer, "totp")

    assert Authenticator.objects.filter(user=reviewer, type="totp").exists()


def test_a_proof_lasts_no_longer_than_the_factor_that_gave_it(client, reviewer):
    """However the factor went: by the person, or by support on the machine."""
    client.force_login(reviewer)
    assert client.get(reverse("reviews:queue")).status_code == 200

    without_factor(reviewer)

    assert client.get(reverse("reviews:queue")).url == reverse("mfa_index")
    assert client.post(reverse("privacy:mine")).status_code == 403


# --- Teams -------------------------------------------------------------------------------------


def test_a_team_member_is_not_forced(client, contributor):
    client.force_login(contributor)

    for name in ("products:list", "privacy:mine", "account_home", "mfa_index"):
        assert client.get(reverse(name)).status_code == 200, name


def test_a_team_member_who_chose_one_is_asked_for_it_at_sign_in(clock, contributor):
    TOTP.activate(contributor, TOTP_SECRET)

    client = halfway(contributor)
    assert client.get(reverse("products:list")).status_code == 302
    client.post(AUTHENTICATE, {"code": code_at(START)})

    assert client.get(reverse("products:list")).status_code == 200


def test_a_password_that_was_forgotten_does_not_replace_it(contributor, mailoutbox, client):
    TOTP.activate(contributor, TOTP_SECRET)
    client.post(reverse("account_reset_password"), {"email": contributor.email})
    link = next(word for word in mailoutbox[0].body.split() if word.startswith("http://testserver/"))
    form = client.get(link, follow=True)
    new = "une toute nouvelle phrase de passe"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})

    response = client.post(reverse("account_login"), {"login": contributor.email, "password": new})

    assert response.url == AUTHENTICATE
    assert not is_in(client)


@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_giving_a_factor_up_ends_the_sessions_elsewhere(contributor, kind):
    """Some may have been opened with it."""
    TOTP.activate(contributor, TOTP_SECRET)
    passkey_of(contributor)
    here, elsewhere = SignedInClient(), SignedInClient()
    for each in (here, elsewhere):
        each.force_login(contributor)

    give_up(here, contributor, kind)

    assert here.get(reverse("account_home")).status_code == 200
    assert elsewhere.get(reverse("account_home")).headers["Location"].startswith(reverse("account_login"))
    assert Event.objects.filter(verb="session.ended", actor=contributor).exists()


# --- Codes -------------------------------------------------------------------------------------


def test_a_code_serves_once(clock, reviewer):
    first, second = halfway(reviewer), halfway(reviewer)
    first.post(AUTHENTICATE, {"code": code_at(START)})

    page = second.post(AUTHENTICATE, {"code": code_at(START)}).content.decode()

    assert is_in(first)
    assert not is_in(second)
    assert WRONG in page


def test_a_code_serves_once_as_long_as_it_would_be_taken(clock, reviewer):
    """Clocks drift: a code is taken one step before and one after, and must be remembered as long."""
    code = code_at(START + STEP)
    first = halfway(reviewer)
    first.post(AUTHENTICATE, {"code": code})
    assert is_in(first)
    clock.move_to(START + 2 * STEP + timedelta(seconds=1))
    second = halfway(reviewer)

    second.post(AUTHENTICATE, {"code": code})

    assert not is_in(second)


def test_the_code_that_activates_them_serves_no_more(clock, client, contributor):
    """Read over a shoulder while the person types it, it would open a session a moment later."""
    client.force_login(contributor)
    client.get(reverse("mfa_activate_totp"))
    code = code_at(START, client.session[SECRET_SESSION_KEY])
    client.post(reverse("mfa_activate_totp"), {"code": code})
    other = halfway(contributor)

    page = other.post(AUTHENTICATE, {"code": code}).content.decode()

    assert Authenticator.objects.filter(user=contributor, type="totp").exists()
    assert WRONG in page
    assert not is_in(other)


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_drift_by_one_step(clock, reviewer, steps, taken):
    client = halfway(reviewer)

    client.post(AUTHENTICATE, {"code": code_at(START + steps * STEP)})

    assert is_in(client) == taken


@pytest.mark.parametrize("typed", ["000000", "123", "abcdef", "é" * 6, " "])
def test_a_wrong_code_is_refused_with_a_sentence(clock, reviewer, typed):
    client = halfway(reviewer)

    page = client.post(AUTHENTICATE, {"code": typed}).content.decode()

    assert (WRONG in page) or ("Saisissez le code du moment, ou un code de secours." in page)
    assert not is_in(client)


def test_the_code_of_somebody_else_is_refused(clock, reviewer, contributor):
    other = "OTHERSECRETOTHERSECRETOTHERSECRE"
    TOTP.activate(contributor, other)
    client = halfway(reviewer)

    client.post(AUTHENTICATE, {"code": code_at(START, other)})

    assert not is_in(client)


def test_guessing_codes_is_slowed_down_then_goes_on(clock, reviewer, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "100/m/ip", "login_failed_here": "3/300s/key"}
    client = halfway(reviewer)
    for _attempt in range(3):
        client.post(AUTHENTICATE, {"code": "000000"})

    page = client.post(AUTHENTICATE, {"code": code_at(START)}).content.decode()
    assert "Trop d’essais ont échoué" in page
    assert not is_in(client)

    clock.shift(timedelta(seconds=301))
    client = halfway(reviewer)
    client.post(AUTHENTICATE, {"code": code_at(START + timedelta(seconds=301))})
    assert is_in(client)


def test_guessing_codes_elsewhere_keeps_nobody_out(clock, reviewer, settings):
    """Whoever has the password and not the telephone."""
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "100/m/ip", "login_failed_here": "3/300s/key"}
    thief, owner = halfway(reviewer), halfway(reviewer)
    for _attempt in range(5):
        thief.post(AUTHENTICATE, {"code": "000000"}, REMOTE_ADDR="203.0.113.9")

    owner.post(AUTHENTICATE, {"code": code_at(START)}, REMOTE_ADDR="198.51.100.7")

    assert is_in(owner)


def test_guessing_codes_from_everywhere_is_slowed_too(clock, reviewer, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "100/m/ip", "login_failed_anywhere": "3/h/key"}
    client = halfway(reviewer)
    for number in range(3):
        client.post(AUTHENTICATE, {"code": "000000"}, REMOTE_ADDR=f"203.0.{number}.9")

    page = client.post(AUTHENTICATE, {"code": code_at(START)}, REMOTE_ADDR="198.51.100.7").content.decode()

    assert "Trop d’essais ont échoué" in page
    assert not is_in(client)


def test_each_recovery_code_serves_once(clock, reviewer):
    codes = RecoveryCodes.activate(reviewer).get_unused_codes()
    first, second, third = (halfway(reviewer) for _ in range(3))

    first.post(AUTHENTICATE, {"code": codes[0]})
    page = second.post(AUTHENTICATE, {"code": codes[0]}).content.decode()
    third.post(AUTHENTICATE, {"code": codes[1]})

    assert [is_in(each) for each in (first, second, third)] == [True, False, True]
    assert WRONG in page
    left = RecoveryCodes(Authenticator.objects.get(user=reviewer, type="recovery_codes")).get_unused_codes()
    assert left == codes[2:]


def test_new_recovery_codes_put_the_former_ones_out(clock, client, reviewer):
    former = RecoveryCodes.activate(reviewer).get_unused_codes()
    client.force_login(reviewer)
    client.post(reverse("mfa_generate_recovery_codes"))

    other = halfway(reviewer)
    other.post(AUTHENTICATE, {"code": former[0]})

    assert not is_in(other)


# --- Secrets -----------------------------------------------------------------------------------


def test_the_seed_of_the_codes_is_encrypted_in_the_database(reviewer):
    stored = Authenticator.objects.get(user=reviewer).data["secret"]

    assert TOTP_SECRET not in stored
    assert SecondFactorAdapter().decrypt(stored) == TOTP_SECRET


def test_the_same_seed_is_never_written_twice_alike():
    adapter = SecondFactorAdapter()

    assert adapter.encrypt(TOTP_SECRET) != adapter.encrypt(TOTP_SECRET)


def test_recovery_codes_are_encrypted_too(reviewer):
    codes = RecoveryCodes.activate(reviewer).get_unused_codes()

    stored = str(Authenticator.objects.get(user=reviewer, type="recovery_codes").data)
    assert [code for code in codes if code in stored] == []


def test_a_new_key_still_reads_what_the_former_one_wrote(clock, reviewer, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-for-tests-that-is-long-enough-0123456789-0123456789"
    client = halfway(reviewer)

    client.post(AUTHENTICATE, {"code": code_at(START)})

    assert is_in(client)


def test_what_a_new_key_writes_the_former_one_does_not_read(settings):
    former = settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-for-tests-that-is-long-enough-0123456789-0123456789"
    written = SecondFactorAdapter().encrypt(TOTP_SECRET)

    settings.SECRET_KEY = former
    with pytest.raises(InvalidToken):
        SecondFactorAdapter().decrypt(written)


# --- The demonstration -------------------------------------------------------------------------


def test_the_demonstration_s_secret_is_refused_outside_a_demonstration(reviewer):
    with pytest.raises(NotADemonstration):
        give_demonstration_secret(without_factor(reviewer))
    with pytest.raises(NotADemonstration):
        demonstration_code()

    assert not Authenticator.objects.exists()


def test_in_a_demonstration_the_code_of_the_moment_opens(clock, reviewer, settings):
    settings.DEMONSTRATION = True
    give_demonstration_secret(without_factor(reviewer))
    client = halfway(reviewer)

    client.post(AUTHENTICATE, {"code": demonstration_code()})

    assert is_in(client)
    assert demonstration_code() == code_at(START, DEMONSTRATION_SECRET)


def test_in_a_demonstration_whoever_has_codes_of_their_own_is_shown_none(clock, reviewer, contributor, settings):
    settings.DEMONSTRATION = True
    give_demonstration_secret(without_factor(reviewer))
    TOTP.activate(contributor, generate_totp_secret())

    assert "Le code du moment est" in halfway(reviewer).get(AUTHENTICATE).content.decode()
    assert "Le code du moment est" not in halfway(contributor).get(AUTHENTICATE).content.decode()


def test_outside_a_demonstration_no_page_shows_a_code(clock, reviewer):
    page = halfway(reviewer).get(AUTHENTICATE).content.decode()

    assert code_at(START) not in page
    assert code_at(START, DEMONSTRATION_SECRET) not in page
