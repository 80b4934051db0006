"""Rights are judged under the team's lock: what somebody could do when their page was drawn is not enough."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import FormerMembership, Invitation, Membership, StaffRole
from accounts.operations.invitations import InvitationOver, accept, invite, resend, revoke
from accounts.operations.staff import give_staff_role
from accounts.operations.teams import (
    ClosedAccount,
    NoLongerAllowed,
    change_end,
    change_role,
    join,
    remove_member,
)
from audit.models import Event
from tests.accounts.invited import invited
from tests.factories import MembershipFactory, UserFactory


@pytest.fixture
def second(publisher):
    """A mandataire whose page is open, and whose roles were read."""
    person = MembershipFactory.create(publisher=publisher, role="mandataire").user
    assert person.membership_roles
    return person


@pytest.fixture
def removed(second, publisher, mandataire):
    """The same, taken out by a colleague since."""
    remove_member(publisher.memberships.get(user=second), by=mandataire)
    return second


def test_whoever_was_removed_meanwhile_invites_nobody(publisher, removed):
    with pytest.raises(NoLongerAllowed):
        invite(publisher, email="ami@ailleurs.example", role="mandataire", by=removed)

    assert not Invitation.objects.exists()
    assert not Event.objects.filter(verb="invitation.sent").exists()


@pytest.mark.parametrize("act", [resend, revoke])
def test_whoever_was_removed_meanwhile_changes_no_invitation(publisher, mandataire, removed, act):
    waiting = invite(publisher, email="ami@ailleurs.example", role="reader", by=mandataire)

    with pytest.raises(NoLongerAllowed):
        act(waiting, by=removed)

    assert Invitation.objects.get().token_hash == waiting.token_hash
    assert Invitation.objects.get().state == Invitation.State.SENT


def test_whoever_was_removed_meanwhile_changes_nobody_s_place(publisher, contributor, consultant, removed):
    place = publisher.memberships.get(user=contributor)
    beside = publisher.memberships.get(user=consultant)

    with pytest.raises(NoLongerAllowed):
        change_role(place, role="mandataire", by=removed)
    with pytest.raises(NoLongerAllowed):
        remove_member(place, by=removed)
    with pytest.raises(NoLongerAllowed):
        change_end(beside, expires_at=timezone.now() + timedelta(days=300), by=removed)

    assert publisher.memberships.get(user=contributor).role == "contributor"


def test_a_representative_made_contributor_meanwhile_invites_nobody(publisher, representative, mandataire):
    assert representative.membership_roles
    change_role(publisher.memberships.get(user=representative), role="contributor", by=mandataire)

    with pytest.raises(NoLongerAllowed):
        invite(publisher, email="ami@ailleurs.example", role="reader", by=representative)


def test_a_right_that_is_gone_is_a_403(client, publisher, second, mandataire, monkeypatch):
    """The page's own guard passed a moment before."""
    client.force_login(second)
    monkeypatch.setattr(
        "accounts.views.teams.policies.manageable_roles", lambda user, publisher_id: tuple(Membership.Role)
    )
    remove = publisher.memberships.get(user=second)
    change_role(remove, role="reader", by=mandataire)

    response = client.post(
        reverse("accounts:team", args=[publisher.siren]), {"email": "ami@ailleurs.example", "role": "reader"}
    )

    assert response.status_code == 403
    assert not Invitation.objects.exists()


# --- What somebody who leaves had under way -------------------------------------------------------


def test_the_invitations_of_whoever_leaves_are_taken_back(publisher, second, mandataire):
    invitation, _secret = invited(publisher, by=second, email="ami@ailleurs.example", role="mandataire")
    kept, _other = invited(publisher, by=mandataire, email="autre@ailleurs.example", role="reader")
    guest = UserFactory.create(email="ami@ailleurs.example")

    remove_member(publisher.memberships.get(user=second), by=mandataire)

    assert Invitation.objects.get(pk=invitation.pk).state == Invitation.State.REVOKED
    assert Invitation.objects.get(pk=kept.pk).state == Invitation.State.SENT
    with pytest.raises(InvitationOver):
        accept(invitation, by=guest)
    event = Event.objects.get(verb="invitation.revoked")
    assert (event.actor, event.object_id) == (mandataire, str(invitation.pk))


def test_a_lesser_role_takes_back_only_what_it_may_no_longer_give(publisher, second, mandataire):
    beyond, _secret = invited(publisher, by=second, email="ami@ailleurs.example", role="mandataire")
    within, _other = invited(publisher, by=second, email="autre@ailleurs.example", role="reader")

    change_role(publisher.memberships.get(user=second), role="representative", by=mandataire)

    assert Invitation.objects.get(pk=beyond.pk).state == Invitation.State.REVOKED
    assert Invitation.objects.get(pk=within.pk).state == Invitation.State.SENT


def test_a_place_that_ended_is_remembered(publisher, second, mandataire):
    place = publisher.memberships.get(user=second)

    remove_member(place, by=mandataire)

    former = FormerMembership.objects.get()
    assert (former.user, former.publisher, former.role) == (second, publisher, "mandataire")
    assert former.began_at == place.created_at < former.ended_at


# --- Consultants whose time is over, closed accounts ------------------------------------------------


@pytest.fixture
def lapsed(publisher, consultant):
    publisher.memberships.filter(user=consultant).update(expires_at=timezone.now() - timedelta(minutes=1))
    return consultant


def test_a_consultant_whose_time_is_over_may_be_invited_again(publisher, lapsed, mandataire):
    invitation, _secret = invited(publisher, by=mandataire, email=lapsed.email, role="contributor")

    accept(invitation, by=lapsed)

    assert publisher.memberships.get(user=lapsed).role == "contributor"
    assert FormerMembership.objects.get().role == "consultant"


def test_a_consultant_whose_time_is_over_may_work_for_the_state_but_not_on_that_publisher(publisher, lapsed):
    give_staff_role(lapsed, StaffRole.REVIEWER, by=None)

    assert not lapsed.memberships.exists()
    assert FormerMembership.objects.filter(user=lapsed, publisher=publisher).exists()


def test_a_closed_account_joins_no_team(publisher, mandataire):
    gone = UserFactory.create(is_active=False)

    with pytest.raises(ClosedAccount):
        join(publisher, user=gone, role="mandataire", expires_at=None, by=mandataire)
    assert not publisher.memberships.filter(user=gone).exists()
