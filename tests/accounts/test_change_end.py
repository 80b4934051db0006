"""Lengthening and shortening a consultant's access: the operation."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.operations.teams import RoleChanged, change_end, change_role, remove_member
from audit.models import Event
from tests.factories import MembershipFactory


@pytest.fixture
def consultancy(publisher):
    until = timezone.now() + timedelta(days=10)
    return MembershipFactory.create(publisher=publisher, role="consultant", expires_at=until)


def test_the_end_moves_and_the_trail_says_from_when_to_when(publisher, mandataire, consultancy):
    before, after = consultancy.expires_at, timezone.now() + timedelta(days=90)

    change_end(consultancy, by=mandataire, expires_at=after)

    consultancy.refresh_from_db()
    assert consultancy.expires_at == after
    event = Event.objects.get(verb="membership.end_changed", publisher_id=publisher.pk)
    assert (event.data["before"], event.data["after"]) == (before.isoformat(), after.isoformat())


def test_an_access_that_has_lapsed_can_be_given_again(mandataire, consultancy):
    consultancy.expires_at = timezone.now() - timedelta(days=1)
    consultancy.save()
    assert not consultancy.user.memberships.current().exists()

    change_end(consultancy, by=mandataire, expires_at=timezone.now() + timedelta(days=1))

    assert consultancy.user.memberships.current().exists()


def test_who_was_made_a_mandataire_meanwhile_is_not_touched(publisher, mandataire, representative, reader):
    """The representative's page was opened while the person was still a reader."""
    seen = reader.memberships.get()
    change_role(reader.memberships.get(), by=mandataire, role="mandataire")

    with pytest.raises(RoleChanged):
        change_role(seen, by=representative, role="reader")
    with pytest.raises(RoleChanged):
        remove_member(seen, by=representative)

    assert reader.memberships.get().role == "mandataire"
