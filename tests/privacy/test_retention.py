"""What has lasted long enough goes, once, and not a day before."""

import io
import os
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.models import Invitation, Membership, StaffRole, User
from accounts.operations.invitations import accept, invite
from accounts.operations.staff import close_account, take_staff_role
from accounts.operations.teams import remove_member
from assessments.models import Diagnostic
from assessments.operations.diagnostics import claim_diagnostic, run_diagnostic
from audit.models import Event
from enrolment.models import AccountRequest
from enrolment.operations import approve, refuse
from jobs.models import Job
from jobs.operations import enqueue, fail, finish
from notifications.models import Notification
from notifications.operations import notify
from privacy.models import DataExport, InactivityNotice, RetentionRun
from privacy.operations import retention
from privacy.operations.erasure import erase_account
from privacy.operations.exports import request_export, store_export
from privacy.operations.retention import RULES, apply_retention
from privacy.tasks import retention as retention_task
from tests.clients import SignedInClient
from tests.diagnostic.conftest import published
from tests.enrolment.asked import drafted, sent
from tests.factories import PASSWORD, MembershipFactory, UserFactory

__all__ = ["published"]

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
INACTIVE = timedelta(days=settings.RETENTION_DAYS["inactive_accounts"])
NOTICE = timedelta(days=settings.INACTIVITY_NOTICE_DAYS)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def kept(kind):
    return timedelta(days=settings.RETENTION_DAYS[kind])


def apply(clock, moment):
    """Apply the rules at a moment; return what each did."""
    clock.move_to(moment)
    return apply_retention(moment).counts


def before_and_after(clock, rule, end):
    """How many the rule deletes a second before the end, at the end, and once more."""
    return [apply(clock, moment)[rule] for moment in (end - timedelta(seconds=1), end, end)]


# --- One rule after another --------------------------------------------------------------------


def test_an_archive_goes_with_its_file_when_its_time_is_over(
    clock, contributor, exported, exports_folder, django_capture_on_commit_callbacks
):
    exported(contributor)
    assert list(exports_folder.rglob("*.zip"))

    with django_capture_on_commit_callbacks(execute=True):
        assert before_and_after(clock, "exports", START + kept("exports")) == [0, 1, 0]
    assert not list(exports_folder.rglob("*.zip"))
    assert not DataExport.objects.exists()


def test_a_copy_that_its_owner_may_no_longer_take_away_goes_too(clock, contributor, mandataire, exported):
    exported(contributor)
    assert apply(clock, START + DAY)["exports"] == 0

    remove_member(Membership.objects.get(user=contributor), by=mandataire)

    assert apply(clock, START + DAY)["exports"] == 1


def aged(path, moment):
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"PK")
    os.utime(path, (moment.timestamp(),) * 2)
    return path


def test_an_archive_that_no_row_names_goes_after_a_day(clock, contributor, exported, exports_folder):
    """Left by a worker that was killed, or by a transaction that was rolled back."""
    stray, deeper = (aged(exports_folder / name, START) for name in ("987.zip", "2026/988.zip"))
    kept_one = aged(exports_folder / exported(contributor).file.name, START)

    assert before_and_after(clock, "stray_archives", START + DAY + timedelta(seconds=1)) == [0, 2, 0]
    assert [path.exists() for path in (stray, deeper, kept_one)] == [False, False, True]


def test_an_archive_that_is_being_kept_at_this_moment_is_not_taken_for_one_never_made(clock, contributor, monkeypatch):
    """The worker comes back after a week and keeps the archive between the rule's two looks."""
    export = request_export(contributor)
    clock.move_to(START + kept("exports"))
    look = retention._discard

    def keep_then_look(over, pk):
        store_export(export, io.BytesIO(b"PK"))
        return look(over, pk)

    monkeypatch.setattr(retention, "_discard", keep_then_look)

    assert apply(clock, START + kept("exports"))["exports"] == 0
    assert DataExport.objects.get().is_ready


def test_an_archive_that_was_never_made_goes_too(clock, contributor):
    request_export(contributor)

    assert before_and_after(clock, "exports", START + kept("exports")) == [0, 1, 0]


def test_an_anonymous_diagnostic_goes(clock, published):
    run_diagnostic(published=published, answers={"DIA-01": "oui", "DIA-02": "ouvert"})

    end = START + kept("anonymous_diagnostics")
    assert before_and_after(clock, "anonymous_diagnostics", end) == [0, 1, 0]


def test_a_diagnostic_that_somebody_kept_stays(clock, published, mandataire):
    diagnostic = run_diagnostic(published=published, answers={"DIA-01": "oui", "DIA-02": "ouvert"})
    claim_diagnostic(diagnostic.token, mandataire)

    assert apply(clock, START + kept("anonymous_diagnostics") + DAY)["anonymous_diagnostics"] == 0
    assert Diagnostic.objects.exists()


def test_an_invitation_without_an_answer_goes_after_its_end(clock, publisher, mandataire):
    invitation = invite(publisher, email="bob@editeur.example", role="reader", by=mandataire)

    assert before_and_after(clock, "invitations", invitation.expires_at + kept("invitations")) == [0, 1, 0]


def test_an_accepted_invitation_says_how_a_member_came_in_and_stays(clock, publisher, mandataire):
    bob = UserFactory.create(email="bob@editeur.example")
    accept(invite(publisher, email=bob.email, role="reader", by=mandataire), by=bob)

    clock.move_to(START + kept("invitations") * 4)
    User.objects.update(last_login=START + kept("invitations") * 4)
    assert apply(clock, START + kept("invitations") * 4)["invitations"] == 0
    assert Invitation.objects.exists()


def test_a_refused_request_goes(clock, support):
    refuse(sent(by=UserFactory.create()), by=support, reason="Non.")

    assert before_and_after(clock, "account_requests", START + kept("account_requests")) == [0, 1, 0]


def test_an_accepted_request_forgets_who_bound_the_company(clock, support):
    approve(sent(by=UserFactory.create()), by=support)
    User.objects.update(last_login=START + kept("account_requests"))
    end = START + kept("account_requests")

    apply(clock, end - timedelta(seconds=1))
    assert AccountRequest.objects.get().signatory_name == "Alix Signataire"
    apply(clock, end)
    request = AccountRequest.objects.get()
    assert (request.signatory_name, request.signatory_role) == ("", "")


def test_a_draft_left_alone_goes_out_then_goes(clock, db):
    drafted(by=UserFactory.create())
    out = START + timedelta(days=settings.ACCOUNT_REQUEST_DAYS)

    apply(clock, out - timedelta(seconds=1))
    assert AccountRequest.objects.get().state == AccountRequest.State.DRAFT
    apply(clock, out)
    assert AccountRequest.objects.get().state == AccountRequest.State.EXPIRED
    assert before_and_after(clock, "account_requests", out + kept("account_requests")) == [0, 1, 0]


def test_a_message_goes(clock, mandataire):
    notify([mandataire], subject="Bonjour", body="Lisez.")

    assert before_and_after(clock, "notifications", START + kept("notifications")) == [0, 1, 0]
    assert not Notification.objects.filter(subject="Bonjour").exists()


@pytest.mark.parametrize("end", [finish, lambda job: fail(job, "no")])
def test_finished_work_goes(clock, db, end):
    end(enqueue("tests.nothing", 1))

    assert before_and_after(clock, "jobs", START + kept("jobs")) == [0, 1, 0]


def test_work_that_waits_stays(clock, db):
    enqueue("tests.nothing", 1)

    assert apply(clock, START + kept("jobs") * 2)["jobs"] == 0


def test_the_work_of_an_archive_goes_with_the_archive_only(clock, contributor, exported):
    job = exported(contributor).job
    DataExport.objects.update(expires_at=START + kept("jobs") * 2)

    apply(clock, START + kept("jobs") + DAY)
    assert Job.objects.filter(pk=job.pk).exists()
    apply(clock, START + kept("jobs") * 2)
    assert not Job.objects.filter(pk=job.pk).exists()


def test_a_session_that_lapsed_goes(clock, contributor):
    SignedInClient().post(reverse("account_login"), {"login": contributor.email, "password": PASSWORD})
    end = Session.objects.get().expire_date

    apply(clock, end - timedelta(seconds=1))
    assert Session.objects.exists()
    apply(clock, end + timedelta(seconds=1))
    assert not Session.objects.exists()


def test_the_network_address_of_a_session_goes_with_it(clock, contributor):
    SignedInClient().post(reverse("account_login"), {"login": contributor.email, "password": PASSWORD})
    assert UserSession.objects.exists()

    apply(clock, Session.objects.get().expire_date + DAY)

    assert not UserSession.objects.exists()


def test_more_than_a_batch_goes_at_once(clock, mandataire, monkeypatch):
    monkeypatch.setattr("privacy.operations.retention.BATCH", 3)
    notify([mandataire] * 10, subject="Bonjour", body="Lisez.")

    assert apply(clock, START + kept("notifications"))["notifications"] == 10


# --- Accounts never confirmed ------------------------------------------------------------------


def test_an_account_whose_address_was_never_confirmed_is_erased(clock, db):
    user = UserFactory.create(confirmed=False)

    assert before_and_after(clock, "unconfirmed_accounts", START + kept("unconfirmed_accounts")) == [0, 1, 0]
    assert User.objects.get().erased_at is not None
    assert not EmailAddress.objects.filter(user=user).exists()


def test_a_confirmed_one_stays_even_if_nobody_signed_in(clock, db):
    UserFactory.create()

    assert apply(clock, START + kept("unconfirmed_accounts") + DAY)["unconfirmed_accounts"] == 0


def test_an_agent_who_never_confirmed_stays(clock, reviewer):
    EmailAddress.objects.update(verified=False)

    assert apply(clock, START + kept("unconfirmed_accounts") + DAY)["unconfirmed_accounts"] == 0


# --- Accounts that nobody uses -----------------------------------------------------------------


@pytest.fixture
def sleeper(clock, db):
    """Signed in for the last time at START."""
    return UserFactory.create(last_login=START, email="dormeur@editeur.example")


def test_a_warning_comes_first_and_once(clock, sleeper):
    counts = [apply(clock, START + INACTIVE - NOTICE + delay) for delay in (-timedelta(seconds=1), timedelta(0), DAY)]

    assert [each["inactivity_warnings"] for each in counts] == [0, 1, 0]
    message = Notification.objects.get(recipient=sleeper)
    assert message.subject == "Votre compte sera bientôt effacé"
    assert message.path == reverse("account_login")
    assert InactivityNotice.objects.get().user == sleeper


def test_the_warning_says_until_when(clock, sleeper):
    apply(clock, START + INACTIVE - NOTICE)

    assert "avant le 1 mars 2029" in Notification.objects.get(recipient=sleeper).body


def test_the_account_is_erased_at_its_time_after_the_warning(clock, sleeper):
    apply(clock, START + INACTIVE - NOTICE)

    assert before_and_after(clock, "inactive_accounts", START + INACTIVE) == [0, 1, 0]
    assert User.objects.get(pk=sleeper.pk).erased_at == START + INACTIVE
    assert not InactivityNotice.objects.exists()


def test_nobody_is_erased_without_the_whole_notice(clock, sleeper):
    """The worker was away for years: the warning is sent late, and the notice runs from it."""
    late = START + INACTIVE + timedelta(days=200)

    assert apply(clock, late)["inactive_accounts"] == 0
    assert Notification.objects.filter(recipient=sleeper).count() == 1
    assert before_and_after(clock, "inactive_accounts", late + NOTICE) == [0, 1, 0]


def test_signing_in_after_the_warning_saves_the_account(clock, client, sleeper):
    apply(clock, START + INACTIVE - NOTICE)
    back = START + INACTIVE - DAY
    clock.move_to(back)
    client.post(reverse("account_login"), {"login": sleeper.email, "password": PASSWORD})

    counts = apply(clock, START + INACTIVE + DAY)

    assert (counts["inactive_accounts"], counts["inactivity_warnings"]) == (0, 0)
    assert User.objects.get(pk=sleeper.pk).full_name == sleeper.full_name


def test_one_who_came_back_is_warned_again_before_the_next_time(clock, client, sleeper):
    apply(clock, START + INACTIVE - NOTICE)
    back = START + INACTIVE - DAY
    clock.move_to(back)
    client.post(reverse("account_login"), {"login": sleeper.email, "password": PASSWORD})

    counts = apply(clock, back + INACTIVE)

    assert (counts["inactivity_warnings"], counts["inactive_accounts"]) == (1, 0)
    assert apply(clock, back + INACTIVE + NOTICE)["inactive_accounts"] == 1


def test_one_who_never_signed_in_counts_from_the_opening_of_the_account(clock, db):
    UserFactory.create()

    assert apply(clock, START + INACTIVE - NOTICE)["inactivity_warnings"] == 1
    assert apply(clock, START + INACTIVE)["inactive_accounts"] == 1


def test_one_who_signs_in_while_others_are_erased_is_left_alone(clock, client, sleeper, monkeypatch):
    """The list of those who are due is read first: a long one takes minutes to go through."""
    others = UserFactory.create_batch(2, last_login=START - DAY)
    apply(clock, START + INACTIVE - NOTICE)

    def erase_while_one_signs_in(person, **how):
        client.post(reverse("account_login"), {"login": sleeper.email, "password": PASSWORD})
        return erase_account(person, **how)

    monkeypatch.setattr(retention, "erase_account", erase_while_one_signs_in)

    assert apply(clock, START + INACTIVE)["inactive_accounts"] == len(others)
    back = User.objects.get(pk=sleeper.pk)
    assert (back.erased_at, back.last_login) == (None, START + INACTIVE)


def test_one_who_confirms_their_address_while_others_are_erased_is_left_alone(clock, db, monkeypatch):
    late = UserFactory.create(confirmed=False)
    UserFactory.create(confirmed=False, date_joined=START - DAY)

    def erase_while_one_confirms(person, **how):
        EmailAddress.objects.filter(user=late).update(verified=True)
        return erase_account(person, **how)

    monkeypatch.setattr(retention, "erase_account", erase_while_one_confirms)

    assert apply(clock, START + kept("unconfirmed_accounts"))["unconfirmed_accounts"] == 1
    assert User.objects.get(pk=late.pk).erased_at is None


@pytest.fixture
def closed_agent(clock, administrator, reviewer):
    """Last signed in at START; an administrator closed the account since."""
    User.objects.update(last_login=START + INACTIVE)
    User.objects.filter(pk=reviewer.pk).update(last_login=START)
    close_account(reviewer, by=administrator)
    return User.objects.get(pk=reviewer.pk)


def test_a_closed_agent_who_has_no_role_any_more_is_warned_in_other_words_and_erased(clock, closed_agent):
    take_staff_role(closed_agent, StaffRole.REVIEWER, by=None)

    assert apply(clock, START + INACTIVE - NOTICE)["inactivity_warnings"] == 1
    message = Notification.objects.get(recipient=closed_agent)
    assert message.subject == "Votre compte fermé sera bientôt effacé"
    assert "connectez-vous" not in message.body
    assert settings.PRIVACY_CONTACT in message.body
    assert apply(clock, START + INACTIVE)["inactive_accounts"] == 1
    assert User.objects.get(pk=closed_agent.pk).erased_at == START + INACTIVE


@pytest.mark.parametrize("role", ["reviewer", "administrator"])
def test_agents_are_neither_warned_nor_erased(clock, request, role):
    request.getfixturevalue(role)

    assert apply(clock, START + INACTIVE - NOTICE)["inactivity_warnings"] == 0
    assert apply(clock, START + INACTIVE + NOTICE)["inactive_accounts"] == 0


def test_a_superuser_is_left_alone(clock, db):
    UserFactory.create(is_superuser=True)

    assert apply(clock, START + INACTIVE)["inactivity_warnings"] == 0


def test_the_last_mandataire_is_left_alone_until_another_is_named(clock, mandataire, publisher):
    User.objects.exclude(pk=mandataire.pk).update(last_login=START + INACTIVE)
    apply(clock, START + INACTIVE - NOTICE)

    assert apply(clock, START + INACTIVE)["inactive_accounts"] == 0
    assert Membership.objects.filter(user=mandataire).exists()

    MembershipFactory.create(publisher=publisher)
    assert apply(clock, START + INACTIVE + DAY)["inactive_accounts"] == 1


def test_a_colleague_who_is_awake_stays(clock, sleeper):
    awake = UserFactory.create(last_login=START + DAY)
    apply(clock, START + INACTIVE - NOTICE)

    assert apply(clock, START + INACTIVE)["inactive_accounts"] == 1
    assert User.objects.get(pk=awake.pk).erased_at is None


# --- As a whole --------------------------------------------------------------------------------


def test_running_twice_at_the_same_moment_changes_nothing(clock, sleeper, published, support):
    run_diagnostic(published=published, answers={"DIA-01": "oui", "DIA-02": "ouvert"})
    refuse(sent(by=sleeper), by=support, reason="Non.")
    apply(clock, START + INACTIVE - NOTICE)
    first = apply(clock, START + INACTIVE)
    assert sum(first.values()) > 0
    events = Event.objects.exclude(verb="retention.applied").count()

    second = apply(clock, START + INACTIVE)

    assert second == dict.fromkeys(RULES, 0)
    assert Event.objects.exclude(verb="retention.applied").count() == events


def test_what_each_rule_did_is_kept_and_traced_without_a_name(clock, sleeper):
    apply(clock, START + INACTIVE - NOTICE)
    counts = apply(clock, START + INACTIVE)

    run = RetentionRun.objects.latest("pk")
    assert (run.counts, run.started_at) == (counts, START + INACTIVE)
    assert set(run.counts) == set(RULES)
    event = Event.objects.filter(verb="retention.applied").latest("pk")
    assert (event.actor, event.data) == (None, counts)
    assert Event.objects.get(verb="account.erased").actor is None


def test_the_task_applies_the_rules_of_now(clock, db):
    run_id = uuid.uuid4()
    notify([UserFactory.create()], subject=str(run_id), body="Lisez.")
    clock.move_to(START + kept("notifications"))

    assert retention_task()["notifications"] == 1
    assert RetentionRun.objects.get().started_at == START + kept("notifications")


def test_every_duration_has_a_rule():
    assert set(settings.RETENTION_DAYS) <= set(RULES)
