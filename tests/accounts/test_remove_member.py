"""Taking somebody out of a team: the operation."""

import pytest

from accounts.models import Membership
from accounts.operations.teams import LastMandataire, NoLongerAllowed, remove_member
from audit.models import Event
from notifications.models import Notification
from tests.factories import MembershipFactory


def test_a_member_leaves_and_the_account_stays(mandataire, reader):
    remove_member(reader.memberships.get(), by=mandataire)

    assert not reader.memberships.exists()
    reader.refresh_from_db()
    assert reader.is_active
    event = Event.objects.get()
    assert (event.verb, event.data["user"], event.data["role"]) == ("membership.removed", reader.pk, "reader")


def test_the_last_mandataire_cannot_leave(mandataire, representative):
    with pytest.raises(LastMandataire):
        remove_member(mandataire.memberships.get(), by=mandataire)

    assert mandataire.memberships.exists()
    assert not Event.objects.exists()


def test_two_mandataires_cannot_both_remove_each_other(publisher, mandataire):
    first, second = mandataire.memberships.get(), MembershipFactory.create(publisher=publisher)

    remove_member(second, by=first.user)

    with pytest.raises(NoLongerAllowed):
        remove_member(first, by=second.user)


def test_removing_twice_is_told(mandataire, reader):
    membership = reader.memberships.get()
    stale = Membership.objects.get(pk=membership.pk)
    remove_member(membership, by=mandataire)

    with pytest.raises(Membership.DoesNotExist):
        remove_member(stale, by=mandataire)


def test_whoever_is_taken_out_is_told_and_whoever_leaves_is_not(publisher, mandataire, reader, contributor):
    remove_member(reader.memberships.get(), by=mandataire)
    remove_member(contributor.memberships.get(), by=contributor)

    (notice,) = Notification.objects.all()
    assert notice.recipient == reader
    assert f"Vous ne faites plus partie de l’équipe {publisher}." in notice.body
