"""Inviting somebody by e-mail, sending it again, taking it back: the operations."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Invitation
from accounts.operations.invitations import (
    AccessPast,
    InvitationOver,
    NotTheirsToReplace,
    hashed,
    invite,
    resend,
    revoke,
)
from accounts.operations.teams import AlreadyMember
from audit.models import Event
from notifications.models import Notification
from tests.accounts.invited import BOB, invited, path_in, send_mails
from tests.factories import UserFactory

State = Invitation.State


def test_an_invitation_waits_for_its_reader(publisher, mandataire):
    invitation = invite(publisher, email=" Bob@Editeur.example", role="reader", by=mandataire)

    assert (invitation.email, invitation.role, invitation.state) == (BOB, "reader", State.SENT)
    assert invitation.expires_at - invitation.sent_at == timedelta(days=14)
    assert not publisher.memberships.filter(role="reader").exists()


def test_how_long_it_waits_is_a_setting(publisher, mandataire, settings):
    settings.INVITATION_DAYS = 3

    invitation = invite(publisher, email=BOB, role="reader", by=mandataire)

    assert invitation.expires_at - invitation.sent_at == timedelta(days=3)


def test_no_invitation_outlives_the_access_that_it_gives(publisher, mandataire):
    tomorrow = timezone.now() + timedelta(days=1)

    invitation = invite(publisher, email=BOB, role="consultant", access_until=tomorrow, by=mandataire)

    assert invitation.expires_at == tomorrow


def test_the_message_says_who_invites_to_what_and_until_when(publisher, mandataire):
    sent = invited(publisher, by=mandataire, role="contributor")

    (message,) = mail.outbox
    assert message.to == [BOB]
    assert message.subject == f"[Convergence] {publisher} vous invite sur Convergence"
    assert mandataire.full_name in message.body
    assert "contributeur" in message.body
    assert sent.path in message.body


def test_nobody_who_reads_the_database_can_follow_the_link(publisher, mandataire):
    sent = invited(publisher, by=mandataire)

    assert sent.invitation.token_hash == hashed(sent.token)
    assert len(sent.token) >= 43  # 256 bits
    kept = [*Invitation.objects.values_list(), *Notification.objects.values_list(), *Event.objects.values_list()]
    assert sent.token not in str(kept)


def test_a_message_that_could_not_leave_still_waits_with_its_link(publisher, mandataire):
    invite(publisher, email=BOB, role="reader", by=mandataire)
    assert mail.outbox == []

    send_mails()

    assert path_in(str(mail.outbox[0].body))


@pytest.mark.parametrize("person", [None, {}, {"is_active": False}, {"staff_role": "reviewer"}])
def test_whoever_has_that_address_the_same_happens(publisher, mandataire, person):
    """What is answered must not tell whether an account exists, nor whose it is."""
    if person is not None:
        UserFactory.create(email=BOB, **person)

    sent = invited(publisher, by=mandataire)

    assert sent.invitation.state == State.SENT
    assert [message.to for message in mail.outbox] == [[BOB]]


def test_an_invitation_is_traced_without_the_address(publisher, mandataire):
    invitation = invite(publisher, email=BOB, role="reader", by=mandataire)

    event = Event.objects.get()
    assert (event.verb, event.actor, event.publisher_id) == ("invitation.sent", mandataire, publisher.pk)
    assert (event.acting_as, event.object_id) == ("mandataire", str(invitation.pk))
    assert "bob" not in str(event.data)


def test_a_member_is_not_invited(publisher, mandataire, reader):
    with pytest.raises(AlreadyMember):
        invite(publisher, email=reader.email.upper(), role="mandataire", by=mandataire)

    assert not Invitation.objects.exists()


def test_inviting_again_replaces_what_waits(publisher, mandataire):
    first = invited(publisher, by=mandataire, role="reader")
    second = invited(publisher, by=mandataire, role="contributor", email=BOB.upper())

    first.invitation.refresh_from_db()
    assert first.invitation.state == State.REVOKED
    assert publisher.invitations.get(state=State.SENT) == second.invitation


def test_a_representative_does_not_put_aside_what_a_mandataire_decided(publisher, mandataire, representative):
    waiting = invite(publisher, email=BOB, role="mandataire", by=mandataire)

    with pytest.raises(NotTheirsToReplace):
        invite(publisher, email=BOB, role="reader", by=representative)

    assert publisher.invitations.get() == waiting
    assert publisher.invitations.get().state == State.SENT


def test_two_publishers_may_invite_the_same_person(publisher, mandataire, stranger):
    invite(publisher, email=BOB, role="reader", by=mandataire)
    invite(stranger.memberships.get().publisher, email=BOB, role="reader", by=stranger)

    assert Invitation.objects.filter(state=State.SENT).count() == 2


def test_the_database_refuses_a_second_one_that_waits(publisher, mandataire):
    invitation = invite(publisher, email=BOB, role="reader", by=mandataire)
    invitation.pk, invitation.token_hash, invitation.email = None, "0" * 64, BOB.title()

    with pytest.raises(IntegrityError, match="accounts_invitation_one_waiting"):
        invitation.save(force_insert=True)


def test_sending_again_makes_a_new_link_and_kills_the_former(publisher, mandataire):
    sent = invited(publisher, by=mandataire)

    with time_machine.travel(timezone.now() + timedelta(days=20), tick=False):
        again = resend(sent.invitation, by=mandataire)
        assert again.expires_at == timezone.now() + timedelta(days=14)
    send_mails()

    new_path = path_in(str(mail.outbox[1].body))
    assert new_path != sent.path
    assert not Invitation.objects.filter(token_hash=hashed(sent.token)).exists()
    assert Event.objects.filter(verb="invitation.resent", publisher_id=publisher.pk).exists()


def test_what_is_over_is_not_sent_again(publisher, mandataire):
    invitation = revoke(invite(publisher, email=BOB, role="reader", by=mandataire), by=mandataire)

    with pytest.raises(InvitationOver):
        resend(invitation, by=mandataire)


def test_an_access_that_would_be_over_is_not_sent_again(publisher, mandataire):
    soon = timezone.now() + timedelta(days=2)
    invitation = invite(publisher, email=BOB, role="consultant", access_until=soon, by=mandataire)

    with time_machine.travel(soon, tick=False), pytest.raises(AccessPast):
        resend(invitation, by=mandataire)


def test_taking_back_is_traced_once(publisher, mandataire):
    invitation = invite(publisher, email=BOB, role="reader", by=mandataire)

    revoke(invitation, by=mandataire)
    revoke(invitation, by=mandataire)

    assert Invitation.objects.get().state == State.REVOKED
    assert Event.objects.filter(verb="invitation.revoked", publisher_id=publisher.pk).count() == 1
