"""An erasure at the same moment as what lets the person in, decides on them or copies their data.

Nobody waits for ever, and nothing of them is left. PostgreSQL only: SQLite has one writer.
"""

import time
from collections.abc import Callable
from threading import Event as Signal
from typing import Any

import pytest
from celery import current_app
from django.utils import timezone

from accounts.models import Invitation, Membership, StaffRole, User
from accounts.operations import invitations
from accounts.operations.invitations import InvitationOver, accept, invite
from accounts.operations.teams import ClosedAccount, LastMandataire, join
from enrolment import operations as enrolment
from enrolment.models import AccountRequest
from enrolment.operations import NotNow, Stale, approve, delete_old, deposit_proof, refuse, submit
from evidence.models import DocumentVersion
from evidence.operations import FORGOTTEN
from jobs.models import Job
from notifications.models import Notification
from privacy.models import DataExport
from privacy.operations import erasure
from privacy.operations.erasure import erase_account
from privacy.operations.exports import AccountErased, request_export
from privacy.tasks import export as export_task
from tests.assessments.at_once import at_once
from tests.enrolment.asked import SIREN, again, drafted, proof_file, sent, with_proof
from tests.factories import MembershipFactory, PublisherFactory, UserFactory
from tests.privacy.asked import queued

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

# Longer than PostgreSQL waits before it looks for a deadlock.
LONG = 1.5


@pytest.fixture
def person():
    return UserFactory.create(email="hyacinthe@ailleurs.example", full_name="Hyacinthe Unique")


@pytest.fixture
def support():
    return UserFactory.create(staff_role=StaffRole.SUPPORT)


@pytest.fixture
def waiting(person):
    """An invitation for the person."""
    owner = MembershipFactory.create()
    return invite(owner.publisher, email=person.email, role="reader", by=owner.user)


@pytest.fixture
def copy_asked_for(person, monkeypatch) -> Job:
    """The work that would make the person's copy: the run's live worker, which may be up, does not hear of it."""
    monkeypatch.setattr(current_app, "send_task", lambda *args, **kwargs: None)
    return queued(person)


@pytest.fixture
def lingering(monkeypatch) -> Callable[[Any, str], Signal]:
    """lingering(module, "name"): the first call of that function takes a while, after it was made; says when it was."""

    def patch(where: Any, name: str) -> Signal:
        reached, real = Signal(), getattr(where, name)

        def linger(*args: Any, **kwargs: Any) -> Any:
            result = real(*args, **kwargs)
            if not reached.is_set():
                reached.set()
                time.sleep(LONG)
            return result

        monkeypatch.setattr(where, name, linger)
        return reached

    return patch


def erase(user, *, after: Signal | None = None) -> User:
    if after is not None:
        assert after.wait(10)
    return erase_account(User.objects.get(pk=user.pk), by=None)


def fresh(user):
    return User.objects.get(pk=user.pk)


def act_after(signal: Signal, act: Callable[[], object]) -> object:
    assert signal.wait(10)
    return act()


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


# --- Coming in ----------------------------------------------------------------------------------


def test_an_erasure_while_an_invitation_is_accepted_takes_the_new_place_too(person, waiting, lingering):
    accepting = lingering(invitations, "holds")

    at_once(lambda: accept(waiting, by=fresh(person)), lambda: erase(person, after=accepting), refusals=())

    assert fresh(person).erased_at is not None
    assert not Membership.objects.filter(user=person).exists()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.email) == (Invitation.State.ACCEPTED, fresh(person).email)


def test_an_invitation_accepted_while_the_account_is_erased_opens_nothing(person, waiting, lingering):
    erasing = lingering(erasure, "_locked")

    outcomes = at_once(
        lambda: erase(person),
        lambda: act_after(erasing, lambda: accept(waiting, by=person)),
        refusals=(InvitationOver,),
    )

    assert isinstance(outcomes[1], InvitationOver)
    assert not Membership.objects.filter(user=person).exists()


@pytest.mark.parametrize("turn", range(5))
def test_accepted_and_erased_at_once_is_erased_without_a_place(person, waiting, turn):
    at_once(
        lambda: accept(waiting, by=fresh(person)),
        lambda: erase(person),
        refusals=(InvitationOver, ClosedAccount, invitations.AnotherAddress),
    )

    assert fresh(person).erased_at is not None
    assert not Membership.objects.filter(user=person).exists()


# --- Account requests ---------------------------------------------------------------------------


def test_an_erasure_while_the_request_is_approved_is_refused_since_nobody_else_would_manage_the_team(
    person, support, lingering
):
    request = sent(by=person)
    approving = lingering(enrolment, "_locked")

    outcomes = at_once(
        lambda: approve(request, by=support), lambda: erase(person, after=approving), refusals=(LastMandataire,)
    )

    assert isinstance(outcomes[1], LastMandataire)
    assert Membership.objects.get(user=person).role == Membership.Role.MANDATAIRE
    assert fresh(person).erased_at is None


def test_a_request_approved_while_the_account_is_erased_opens_nothing(person, support, lingering):
    request = sent(by=person)
    erasing = lingering(erasure, "_locked")

    outcomes = at_once(
        lambda: erase(person),
        lambda: act_after(erasing, lambda: approve(request, by=support)),
        refusals=(NotNow,),
    )

    assert isinstance(outcomes[1], NotNow)
    assert again(request).state == AccountRequest.State.EXPIRED
    assert not Membership.objects.exists()


@pytest.mark.parametrize("turn", range(5))
def test_approved_and_erased_at_once_is_one_or_the_other(person, support, turn):
    request = sent(by=person)

    outcomes = at_once(
        lambda: approve(request, by=support), lambda: erase(person), refusals=(NotNow, Stale, LastMandataire)
    )

    assert sum(isinstance(each, Exception) for each in outcomes) == 1
    assert (fresh(person).erased_at is None) is Membership.objects.filter(user=person).exists()


def test_a_request_led_to_the_team_that_its_author_has_joined_is_decided_beside_their_erasure(
    person, support, lingering
):
    """The erasure holds the team and wants the request; the decision holds the request and names the team."""
    request = sent(by=person)
    publisher = PublisherFactory.create(siren=SIREN)
    owner = MembershipFactory.create(publisher=publisher).user
    join(publisher, user=person, role="reader", expires_at=None, by=owner)
    deciding = lingering(enrolment, "_locked")

    at_once(lambda: approve(request, by=support), lambda: erase(person, after=deciding), refusals=(NotNow,))

    assert fresh(person).erased_at is not None
    assert again(request).state == AccountRequest.State.DUPLICATE
    assert again(request).legal_name == ""


@pytest.mark.parametrize("turn", range(5))
def test_sent_and_erased_at_once_is_forgotten_all_the_same(person, support, turn):
    request = with_proof(by=person)

    at_once(lambda: submit(request, by=fresh(person)), lambda: erase(person), refusals=(NotNow,))

    assert not AccountRequest.objects.exclude(signatory_name="").exists()
    assert not AccountRequest.objects.open().exists()
    assert not Notification.objects.filter(about=person).exists()


@pytest.mark.parametrize("turn", range(5))
def test_a_proof_deposited_while_the_account_is_erased_is_not_kept(person, turn):
    request = drafted(by=person)

    at_once(
        lambda: deposit_proof(request, file=proof_file(), by=fresh(person)), lambda: erase(person), refusals=(NotNow,)
    )

    assert not AccountRequest.objects.exists()
    assert not DocumentVersion.objects.exclude(refusal=FORGOTTEN).exists()


@pytest.mark.parametrize("turn", range(3))
def test_forgotten_by_the_clock_and_by_its_author_at_once_goes_once(person, support, turn):
    refuse(sent(by=person), by=support, reason="Non.")

    at_once(lambda: delete_old(timezone.now()), lambda: erase(person), refusals=())

    assert not AccountRequest.objects.exclude(signatory_name="").exists()


# --- Copies of personal data --------------------------------------------------------------------


def test_an_erasure_while_the_archive_is_kept_takes_it_away(person, copy_asked_for, lingering, exports_folder):
    keeping = lingering(DataExport._meta.get_field("file").storage, "save")

    at_once(lambda: export_task(copy_asked_for.pk), lambda: erase(person, after=keeping), refusals=())

    assert not DataExport.objects.exists()
    assert files(exports_folder) == []
    assert not Notification.objects.filter(recipient=person).exists()


def test_an_archive_kept_while_the_account_is_erased_is_not_kept(person, copy_asked_for, lingering, exports_folder):
    erasing = lingering(erasure, "_locked")

    at_once(lambda: erase(person), lambda: act_after(erasing, lambda: export_task(copy_asked_for.pk)), refusals=())

    assert not DataExport.objects.exists()
    assert files(exports_folder) == []


@pytest.mark.parametrize("turn", range(5))
def test_asked_for_made_and_erased_at_once_leaves_nothing(person, copy_asked_for, exports_folder, turn):
    at_once(
        lambda: export_task(copy_asked_for.pk),
        lambda: erase(person),
        lambda: request_export(fresh(person)),
        refusals=(AccountErased,),
    )

    assert not DataExport.objects.exists()
    assert files(exports_folder) == []
