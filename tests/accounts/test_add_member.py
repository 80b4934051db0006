"""Adding somebody to a team: the operation."""

import pytest
from django.core import mail

from accounts.models import Membership
from accounts.operations import AlreadyMember, add_member
from audit.models import Event
from notifications.models import Notification
from tests.factories import UserFactory


def test_a_confirmed_account_joins_with_the_role(publisher, mandataire):
    bob = UserFactory.create(email="bob@editeur.example")

    membership = add_member(publisher, by=mandataire, email=" Bob@Editeur.example", role="reader")

    assert membership is not None
    assert membership.user == bob
    assert membership.role == Membership.Role.READER


def test_joining_is_traced_and_told_to_the_person(publisher, mandataire):
    bob = UserFactory.create()

    add_member(publisher, by=mandataire, email=bob.email, role="contributor")

    event = Event.objects.get(verb="membership.added")
    assert event.actor == mandataire
    assert event.data == {"publisher": publisher.pk, "user": bob.pk, "role": "contributor"}
    assert Notification.objects.get().recipient == bob


@pytest.mark.parametrize(
    "person",
    [{"confirmed": False}, {"is_active": False}, {"staff_role": "reviewer"}, {"is_superuser": True}],
    ids=["not confirmed", "closed account", "reviewer", "superuser"],
)
def test_nobody_is_added_who_should_not_be(publisher, mandataire, person):
    bob = UserFactory.create(**person)

    assert add_member(publisher, by=mandataire, email=bob.email, role="reader") is None
    assert not bob.memberships.exists()
    assert not Event.objects.exists()
    assert not mail.outbox


def test_an_unknown_address_adds_nobody(publisher, mandataire):
    assert add_member(publisher, by=mandataire, email="personne@nulle.example", role="reader") is None
    assert publisher.memberships.count() == 1


def test_a_member_keeps_their_role_when_added_again(publisher, mandataire, reader):
    with pytest.raises(AlreadyMember):
        add_member(publisher, by=mandataire, email=reader.email, role="mandataire")

    assert reader.memberships.get().role == Membership.Role.READER
