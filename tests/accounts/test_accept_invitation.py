"""Accepting an invitation: the operation."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import Invitation, StaffRole
from accounts.operations.invitations import AnotherAddress, InvitationOver, accept, invite, revoke
from accounts.operations.teams import AlreadyMember, StaffMember, join
from audit.models import Event
from notifications.models import Notification
from tests.accounts.invited import BOB
from tests.factories import UserFactory


@pytest.fixture
def invitation(publisher, mandataire):
    return invite(publisher, email=BOB, role="contributor", by=mandataire)


@pytest.fixture
def bob(db):
    return UserFactory.create(email=BOB)


def test_accepting_gives_the_role_that_was_offered(publisher, invitation, bob):
    membership = accept(invitation, by=bob)

    assert (membership.publisher, membership.user, membership.role) == (publisher, bob, "contributor")
    assert membership.expires_at is None
    invitation.refresh_from_db()
    assert (invitation.state, invitation.accepted_by) == (Invitation.State.ACCEPTED, bob)


def test_a_consultant_comes_in_until_the_day_that_was_said(publisher, mandataire, bob):
    until = timezone.now() + timedelta(days=30)
    invitation = invite(publisher, email=BOB, role="consultant", access_until=until, by=mandataire)

    assert accept(invitation, by=bob).expires_at == until
    with time_machine.travel(until, tick=False):
        assert not bob.memberships.current().exists()


def test_accepting_is_traced_in_the_journal_of_the_publisher(publisher, invitation, bob):
    accept(invitation, by=bob)

    traced = Event.objects.filter(actor=bob, publisher_id=publisher.pk)
    assert set(traced.values_list("verb", "acting_as")) == {
        ("membership.added", "contributor"),
        ("invitation.accepted", "contributor"),
    }


def test_an_address_of_theirs_that_is_not_the_main_one_will_do(invitation):
    person = UserFactory.create(email="robert@maison.example")
    EmailAddress.objects.create(user=person, email=BOB.title(), verified=True, primary=False)

    assert accept(invitation, by=person).user == person


@pytest.mark.parametrize("confirmed", [None, False])
def test_who_has_not_confirmed_the_invited_address_stays_out(publisher, invitation, confirmed):
    person = UserFactory.create(email="carole@editeur.example")
    if confirmed is not None:
        EmailAddress.objects.create(user=person, email=BOB, verified=confirmed, primary=False)

    with pytest.raises(AnotherAddress):
        accept(invitation, by=person)

    assert not person.memberships.exists()


def test_an_invitation_serves_once(publisher, invitation, bob):
    accept(invitation, by=bob)
    bob.memberships.all().delete()

    with pytest.raises(InvitationOver):
        accept(invitation, by=bob)

    assert not bob.memberships.exists()


def test_what_was_taken_back_opens_nothing(invitation, mandataire, bob):
    revoke(invitation, by=mandataire)

    with pytest.raises(InvitationOver):
        accept(invitation, by=bob)


@pytest.mark.parametrize(("seconds", "opens"), [(-1, True), (0, False), (1, False)])
def test_an_invitation_lasts_until_its_very_end(invitation, bob, seconds, opens):
    with time_machine.travel(invitation.expires_at + timedelta(seconds=seconds), tick=False):
        if opens:
            assert accept(invitation, by=bob).user == bob
        else:
            with pytest.raises(InvitationOver):
                accept(invitation, by=bob)


@pytest.mark.parametrize("person", [{"staff_role": role} for role in StaffRole] + [{"is_superuser": True}], ids=str)
def test_nobody_of_the_states_side_joins_a_publisher(invitation, person):
    bob = UserFactory.create(email=BOB, **person)

    with pytest.raises(StaffMember):
        accept(invitation, by=bob)

    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.SENT
    assert not bob.memberships.exists()


def test_a_member_keeps_their_role_and_the_invitation_waits(publisher, mandataire, invitation, bob):
    """They confirmed the invited address after they had joined by another."""
    join(publisher, user=bob, role="mandataire", expires_at=None, by=mandataire)

    with pytest.raises(AlreadyMember):
        accept(invitation, by=bob)

    assert bob.memberships.get().role == "mandataire"
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.SENT


def test_whoever_invited_is_told_who_came(publisher, mandataire, invitation, bob):
    accept(invitation, by=bob)

    notice = Notification.objects.get(recipient=mandataire)
    assert notice.about == bob
    team = f"l’équipe {publisher}"
    assert f"{bob} a accepté votre invitation et fait partie de {team}, comme contributeur." in notice.body


def test_whoever_invited_a_consultant_is_reminded_to_open_dossiers(publisher, mandataire, bob):
    until = timezone.now() + timedelta(days=30)
    accept(invite(publisher, email=BOB, role="consultant", access_until=until, by=mandataire), by=bob)

    assert "ouvrez-lui maintenant les dossiers" in Notification.objects.get(recipient=mandataire).body
