"""Changing somebody's role: the operation."""

import pytest

from accounts.models import Membership
from accounts.operations.teams import LastMandataire, change_role
from audit.models import Event
from notifications.models import Notification
from tests.factories import MembershipFactory


def test_a_member_takes_another_role(mandataire, reader):
    change_role(reader.memberships.get(), by=mandataire, role="contributor")

    assert reader.memberships.get().role == Membership.Role.CONTRIBUTOR
    event = Event.objects.get()
    assert (event.verb, event.actor) == ("membership.role_changed", mandataire)
    assert (event.data["before"], event.data["after"]) == ("reader", "contributor")


def test_the_last_mandataire_keeps_the_role(mandataire):
    with pytest.raises(LastMandataire):
        change_role(mandataire.memberships.get(), by=mandataire, role="reader")

    assert mandataire.memberships.get().role == Membership.Role.MANDATAIRE


def test_a_mandataire_may_step_down_when_another_stays(publisher, mandataire):
    MembershipFactory.create(publisher=publisher)

    change_role(mandataire.memberships.get(), by=mandataire, role="reader")

    assert mandataire.memberships.get().role == Membership.Role.READER


def test_a_mandataire_whose_account_is_closed_does_not_count(publisher, mandataire):
    MembershipFactory.create(publisher=publisher, user__is_active=False)

    with pytest.raises(LastMandataire):
        change_role(mandataire.memberships.get(), by=mandataire, role="reader")


def test_a_mandataire_of_another_publisher_does_not_count(mandataire, stranger):
    with pytest.raises(LastMandataire):
        change_role(mandataire.memberships.get(), by=mandataire, role="reader")


def test_the_same_role_leaves_no_trace(mandataire, reader):
    change_role(reader.memberships.get(), by=mandataire, role="reader")

    assert not Event.objects.exists()


def test_the_person_is_told_unless_they_did_it_themselves(publisher, mandataire, reader):
    second = MembershipFactory.create(publisher=publisher)

    change_role(reader.memberships.get(), by=mandataire, role="contributor")
    change_role(second, by=second.user, role="reader")

    (notice,) = Notification.objects.all()
    assert notice.recipient == reader
    assert f"Votre rôle a changé dans l’équipe {publisher}\u00a0: contributeur." in notice.body
