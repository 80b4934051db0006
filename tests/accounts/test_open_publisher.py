"""Opening a publisher: the operation."""

import pytest
from django.db import IntegrityError

from accounts.models import Membership, Publisher
from accounts.operations.publishers import PublisherExists, open_publisher
from audit.models import Event
from tests.factories import UserFactory, siren

COMPANY = {"legal_name": "Cœur et Compagnie", "address": "12 rue de la Paix", "postal_code": "75002", "city": "Paris"}


def test_whoever_opens_a_publisher_is_its_mandataire(db):
    alice = UserFactory.create()

    publisher = open_publisher(mandataire=alice, by=alice, siren=siren(1), **COMPANY)

    assert list(publisher.memberships.values_list("user", "role")) == [(alice.pk, Membership.Role.MANDATAIRE)]


def test_opening_leaves_a_trace_without_names(db):
    alice = UserFactory.create()

    publisher = open_publisher(mandataire=alice, by=alice, siren=siren(1), **COMPANY)

    assert set(Event.objects.values_list("verb", "actor")) == {
        ("publisher.opened", alice.pk),
        ("membership.added", alice.pk),
    }
    written = str(list(Event.objects.values_list("data", flat=True)))
    assert publisher.legal_name not in written
    assert alice.email not in written


def test_a_siren_is_taken_once(publisher):
    other = UserFactory.create()

    with pytest.raises(PublisherExists):
        open_publisher(mandataire=other, by=other, siren=publisher.siren, **COMPANY)

    assert not other.memberships.exists()
    assert not Event.objects.exists()


def test_another_broken_rule_is_not_taken_for_a_known_siren(db):
    by = UserFactory.create()
    with pytest.raises(IntegrityError):
        open_publisher(mandataire=by, by=by, siren="12", **COMPANY)


def test_a_person_may_belong_to_several_publishers(mandataire):
    second = open_publisher(mandataire=mandataire, by=mandataire, siren=siren(1), **COMPANY)

    assert Publisher.objects.visible_to(mandataire).count() == 2
    assert second.memberships.get().user == mandataire
