"""Invitations, roles and closings at the same moment: nobody comes in twice nor on both sides, no team is orphaned."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Invitation, Membership, StaffRole, User
from accounts.operations.invitations import InvitationOver, accept, invite, resend, revoke
from accounts.operations.staff import MemberOfPublisher, close_account, give_staff_role
from accounts.operations.teams import (
    AlreadyMember,
    LastMandataire,
    NoLongerAllowed,
    StaffMember,
    change_role,
    remove_member,
)
from audit.models import Event
from tests.accounts.invited import BOB
from tests.assessments.at_once import at_once
from tests.factories import MembershipFactory, UserFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner():
    return MembershipFactory.create()


def test_an_invitation_accepted_six_times_at_once_opens_once(owner):
    invitation = invite(owner.publisher, email=BOB, role="reader", by=owner.user)
    bob = UserFactory.create(email=BOB)

    outcomes = at_once(*[lambda: accept(invitation, by=bob)] * 6, refusals=(InvitationOver, AlreadyMember))

    assert sum(isinstance(each, InvitationOver) for each in outcomes) == 5
    assert bob.memberships.count() == 1
    assert Event.objects.filter(verb="membership.added").count() == 1


@pytest.mark.parametrize("turn", range(5))
def test_a_staff_role_given_while_an_invitation_is_accepted_makes_nobody_both(owner, turn):
    invitation = invite(owner.publisher, email=BOB, role="reader", by=owner.user)
    bob = UserFactory.create(email=BOB)

    outcomes = at_once(
        lambda: accept(invitation, by=User.objects.get(pk=bob.pk)),
        lambda: give_staff_role(bob, StaffRole.REVIEWER, by=None),
        refusals=(StaffMember, MemberOfPublisher),
    )

    assert sum(isinstance(each, StaffMember | MemberOfPublisher) for each in outcomes) == 1
    assert bob.memberships.exists() is not bob.groups.exists()


def test_six_invitations_of_the_same_person_at_once_leave_one_that_waits(owner):
    outcomes = at_once(*[lambda: invite(owner.publisher, email=BOB, role="reader", by=owner.user)] * 6, refusals=())

    assert len(outcomes) == 6
    assert Invitation.objects.filter(state=Invitation.State.SENT).count() == 1


@pytest.mark.parametrize("turn", range(5))
def test_an_invitation_taken_back_while_it_is_accepted_is_one_or_the_other(owner, turn):
    invitation = invite(owner.publisher, email=BOB, role="reader", by=owner.user)
    bob = UserFactory.create(email=BOB)

    at_once(lambda: accept(invitation, by=bob), lambda: revoke(invitation, by=owner.user), refusals=(InvitationOver,))

    invitation.refresh_from_db()
    assert (invitation.state == Invitation.State.ACCEPTED) is bob.memberships.exists()


def test_sending_again_and_inviting_again_at_once_never_deadlock(owner):
    invitation = invite(owner.publisher, email=BOB, role="reader", by=owner.user)

    at_once(
        lambda: resend(invitation, by=owner.user),
        lambda: invite(owner.publisher, email=BOB, role="contributor", by=owner.user),
        lambda: resend(invitation, by=owner.user),
        refusals=(InvitationOver,),
    )

    assert Invitation.objects.get(state=Invitation.State.SENT).role == "contributor"


@pytest.mark.parametrize("turn", range(5))
def test_two_mandataires_closed_demoted_and_removed_at_once_leave_one(owner, turn):
    second = MembershipFactory.create(publisher=owner.publisher)
    administrator = UserFactory.create(staff_role=StaffRole.ADMINISTRATOR)

    outcomes = at_once(
        lambda: close_account(owner.user, by=administrator),
        lambda: change_role(Membership.objects.get(pk=second.pk), by=owner.user, role="reader"),
        lambda: close_account(second.user, by=administrator),
        lambda: remove_member(Membership.objects.get(pk=owner.pk), by=second.user),
        refusals=(LastMandataire, NoLongerAllowed, Membership.DoesNotExist),
    )

    assert any(isinstance(each, LastMandataire | NoLongerAllowed) for each in outcomes)
    managing = Membership.objects.filter(publisher=owner.publisher, role="mandataire", user__is_active=True)
    assert managing.count() == 1


def test_a_consultant_is_invited_and_accepts_once_too(owner):
    until = timezone.now() + timedelta(days=30)
    invitation = invite(owner.publisher, email=BOB, role="consultant", access_until=until, by=owner.user)
    bob = UserFactory.create(email=BOB)

    at_once(*[lambda: accept(invitation, by=bob)] * 2, refusals=(InvitationOver, AlreadyMember))

    assert bob.memberships.get().expires_at == until
