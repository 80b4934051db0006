"""How long a session lasts, and the list of one's own."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.middleware import NOTED_EVERY_SECONDS, OPENED, SEEN
from accounts.models import StaffRole
from accounts.operations.staff import close_account, end_sessions, reopen_account, take_staff_role
from audit.models import Event
from tests.clients import SignedInClient
from tests.factories import PASSWORD

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PAGE = reverse("home")
OWN = reverse("account_home")
LIST = reverse("usersessions_list")
ENDED = "Votre session est terminée\u00a0: connectez-vous de nouveau."
SECOND = timedelta(seconds=1)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture(params=["team", "staff"])
def side(request):
    return request.param


@pytest.fixture
def limits(settings, side):
    """Shorter than any other limit of a session, so that only these two are judged."""
    settings.SESSION_LIMITS_HOURS = {"staff": {"idle": 2, "total": 12}, "team": {"idle": 3, "total": 24}}
    return {name: timedelta(hours=hours) for name, hours in settings.SESSION_LIMITS_HOURS[side].items()}


@pytest.fixture
def person(request, side):
    return request.getfixturevalue("reviewer" if side == "staff" else "contributor")


def is_in(client):
    return "_auth_user_id" in client.session


def test_a_session_sleeps_no_longer_than_its_limit(clock, client, person, limits):
    client.force_login(person)

    clock.move_to(START + limits["idle"])
    assert client.get(OWN).status_code == 200
    clock.move_to(START + 2 * limits["idle"] + SECOND)
    assert client.get(OWN).url.startswith(reverse("account_login"))
    assert not is_in(client)


def test_a_session_that_never_sleeps_ends_all_the_same(clock, client, person, limits):
    client.force_login(person)
    moment = START
    while moment + limits["idle"] < START + limits["total"]:
        moment += limits["idle"]
        clock.move_to(moment)
        assert client.get(OWN).status_code == 200, moment

    clock.move_to(START + limits["total"])
    assert client.get(OWN).status_code == 200
    clock.move_to(START + limits["total"] + SECOND)
    client.get(OWN)
    assert not is_in(client)


def test_its_end_is_told_in_a_sentence_and_leads_back(clock, client, person, limits):
    client.force_login(person)
    clock.move_to(START + limits["idle"] + SECOND)

    response = client.get(LIST, follow=True)

    assert ENDED in response.content.decode()
    assert response.redirect_chain == [(f"{reverse('account_login')}?next={LIST}", 302)]


def test_what_was_posted_after_the_end_is_not_done(clock, client, contributor, settings):
    settings.SESSION_LIMITS_HOURS = {"staff": {"idle": 2, "total": 12}, "team": {"idle": 3, "total": 24}}
    client.force_login(contributor)
    clock.shift(timedelta(hours=4))

    client.post(reverse("privacy:close"), {"email": contributor.email})

    contributor.refresh_from_db()
    assert contributor.erased_at is None


def test_signing_in_again_opens_a_new_one(clock, client, contributor):
    client.force_login(contributor)
    clock.shift(timedelta(days=30))
    client.get(OWN)
    assert not is_in(client)

    client.post(reverse("account_login"), {"login": contributor.email, "password": PASSWORD})

    assert client.get(OWN).status_code == 200
    assert client.session[OPENED] == time.time()


def test_the_limits_of_staff_are_the_shorter_ones(settings):
    staff, team = settings.SESSION_LIMITS_HOURS["staff"], settings.SESSION_LIMITS_HOURS["team"]

    assert (staff["idle"], staff["total"]) == (2, 12)
    assert staff["idle"] < team["idle"] < team["total"]
    assert staff["total"] < team["total"]
    assert team["total"] * 3600 == settings.SESSION_COOKIE_AGE


def test_a_person_who_becomes_staff_is_held_to_their_limits(clock, client, contributor, reviewer):
    client.force_login(contributor)
    contributor.memberships.all().delete()
    contributor.groups.set(reviewer.groups.all())

    clock.shift(timedelta(hours=2) + SECOND)
    client.get(OWN)

    assert not is_in(client)


def test_the_moment_of_the_last_request_is_not_written_at_each_page(clock, client, contributor):
    client.force_login(contributor)
    clock.shift(timedelta(seconds=NOTED_EVERY_SECONDS))
    client.get(OWN)
    assert client.session[SEEN] == START.timestamp()

    clock.shift(SECOND)
    client.get(OWN)
    assert client.session[SEEN] == START.timestamp() + NOTED_EVERY_SECONDS + 1


def test_a_visitor_has_no_session_to_end(clock, client, db):
    assert client.get(PAGE).status_code == 200
    assert OPENED not in client.session


# --- The list of one's own ---------------------------------------------------------------------


def signed_in(user, browser):
    client = SignedInClient(headers={"user-agent": browser})
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


def test_the_list_shows_where_one_is_signed_in_and_which_is_this_one(contributor, reader):
    here, _elsewhere = signed_in(contributor, FIREFOX), signed_in(contributor, CHROME)
    signed_in(reader, CHROME)

    page = here.get(LIST).content.decode()

    assert "Firefox" in page
    assert "Chrome" in page
    assert page.count("ouverte le") == 2
    assert page.count("Cette session") == 1


def test_ending_the_others_keeps_this_one(contributor, reader):
    here, elsewhere, colleague = (
        signed_in(contributor, FIREFOX),
        signed_in(contributor, CHROME),
        signed_in(reader, CHROME),
    )

    response = here.post(LIST, follow=True)

    assert "Vos autres sessions sont fermées." in response.content.decode()
    assert [is_in(each) for each in (here, elsewhere, colleague)] == [True, False, True]
    assert elsewhere.get(OWN).url.startswith(reverse("account_login"))


def number_of(client):
    return UserSession.objects.get(session_key=client.session.session_key).pk


def test_one_session_is_ended_and_the_others_go_on(contributor):
    here, stolen, elsewhere = (signed_in(contributor, browser) for browser in (FIREFOX, CHROME, CHROME))
    assert f'name="session" value="{number_of(stolen)}"' in here.get(LIST).content.decode()

    response = here.post(LIST, {"session": number_of(stolen)}, follow=True)

    assert "Cette session est fermée." in response.content.decode()
    assert [is_in(each) for each in (here, stolen, elsewhere)] == [True, False, True]
    assert Event.objects.get(verb="session.ended").actor == contributor


def test_this_one_has_no_button_and_is_not_ended_here(contributor):
    here, _elsewhere = signed_in(contributor, FIREFOX), signed_in(contributor, CHROME)

    assert f'name="session" value="{number_of(here)}"' not in here.get(LIST).content.decode()
    assert here.post(LIST, {"session": number_of(here)}).status_code == 404
    assert is_in(here)


@pytest.mark.parametrize("number", ["", "0", "abc", "-1", "²", "9" * 40])
def test_a_session_that_is_no_session_of_one_s_own_does_not_exist(contributor, reader, number):
    here, colleague = signed_in(contributor, FIREFOX), signed_in(reader, CHROME)

    assert here.post(LIST, {"session": number}).status_code == 404
    assert here.post(LIST, {"session": number_of(colleague)}).status_code == 404
    assert is_in(colleague)
    assert not Event.objects.filter(verb="session.ended").exists()


def test_ending_the_others_ends_those_that_are_not_listed_too(contributor):
    """Opened by something else than the sign-in page: no row of the list knows them."""
    here, unlisted = signed_in(contributor, FIREFOX), SignedInClient()
    unlisted.force_login(contributor)
    assert unlisted.get(OWN).status_code == 200

    here.post(LIST)

    assert unlisted.get(OWN).headers["Location"].startswith(reverse("account_login"))
    assert here.get(LIST).content.decode().count("ouverte le") == 1
    assert Event.objects.get(verb="session.ended").data == {"others": 0}


def test_signing_out_is_in_the_trail(contributor):
    here = signed_in(contributor, FIREFOX)

    here.post(reverse("account_logout"))
    here.post(reverse("account_logout"))

    assert list(Event.objects.filter(actor=contributor).order_by("pk").values_list("verb", flat=True)) == [
        "session.opened",
        "session.closed",
    ]


# --- Every session of a person, whatever opened it -----------------------------------------------


def test_a_closed_account_that_is_opened_again_finds_no_session_of_before(contributor, administrator):
    unlisted = SignedInClient()
    unlisted.force_login(contributor)

    close_account(contributor, by=administrator)
    reopen_account(contributor, by=administrator)

    assert unlisted.get(OWN).headers["Location"].startswith(reverse("account_login"))


def test_a_role_that_is_taken_ends_the_sessions(reviewer):
    listed, unlisted = SignedInClient(), SignedInClient()
    for each in (listed, unlisted):
        each.force_login(reviewer)

    take_staff_role(reviewer, StaffRole.REVIEWER, by=None)

    assert [each.get(OWN).status_code for each in (listed, unlisted)] == [302, 302]


def test_a_former_key_of_the_portal_keeps_the_sessions_that_it_signed_and_no_others(contributor, settings):
    kept, ended = SignedInClient(), SignedInClient()
    ended.force_login(contributor)
    end_sessions(contributor)
    kept.force_login(contributor)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-for-tests-that-is-long-enough-0123456789-0123456789"

    assert kept.get(OWN).status_code == 200
    assert ended.get(OWN).status_code == 302


def test_asking_whether_a_session_was_ended_costs_no_query(client, contributor, django_assert_num_queries):
    client.force_login(contributor)
    client.get(reverse("privacy:notice"))

    with django_assert_num_queries(5):  # session, user, team, groups, unread: as before
        client.get(reverse("privacy:notice"))


def test_alone_there_is_nothing_to_end(contributor):
    page = signed_in(contributor, FIREFOX).get(LIST).content.decode()

    assert "C’est la seule." in page
    assert "Fermer mes autres sessions" not in page


def test_reading_the_list_ends_nothing(contributor):
    here, elsewhere = signed_in(contributor, FIREFOX), signed_in(contributor, CHROME)

    here.get(LIST)

    assert is_in(elsewhere)


def test_a_new_password_ends_the_sessions_elsewhere(contributor):
    here, elsewhere = signed_in(contributor, FIREFOX), signed_in(contributor, CHROME)
    new = "une tout autre phrase de passe"

    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert elsewhere.get(OWN).url.startswith(reverse("account_login"))


def test_the_key_of_a_session_changes_when_one_signs_in(client, contributor):
    client.get(reverse("diagnostic:start"))
    session = client.session
    session["from_before"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    before = session.session_key

    client.post(reverse("account_login"), {"login": contributor.email, "password": PASSWORD})

    assert client.session.session_key != before
    assert is_in(client)


def test_what_is_signed_in_is_not_kept_by_the_browser(client, contributor):
    client.force_login(contributor)

    assert client.get(OWN)["Cache-Control"] == "private, no-store"


def test_a_page_that_stayed_open_learns_who_is_signed_in_and_the_token_of_its_forms(client, contributor):
    address = reverse("account_session")
    assert client.get(address).json()["person"] is None
    client.force_login(contributor)

    answer = client.get(address)

    assert answer.json()["person"] == contributor.pk
    assert len(answer.json()["token"]) == 64
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("method", ["get", "post", "patch"])
def test_a_script_whose_session_has_ended_is_told_so_and_led_nowhere(client, method):
    response = getattr(client, method)(reverse("dossiers:list"), headers={"HX-Request": "true"})

    assert (response.status_code, response.content.decode()) == (401, "Connectez-vous de nouveau.")


@pytest.mark.parametrize("header", [{"HX-Request": "true"}, {}])
def test_what_left_before_one_signed_in_again_and_is_answered_after_signs_nobody_out(client, contributor, header):
    client.force_login(contributor)
    Session.objects.all().delete()

    late = client.get(OWN, headers=header)

    assert settings.SESSION_COOKIE_NAME not in late.cookies


def test_the_request_that_ends_a_session_takes_its_cookie_away(client, contributor):
    client.force_login(contributor)
    contributor.set_password("une tout autre phrase de passe")
    contributor.save()

    response = client.get(OWN)

    assert response.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 0
