"""Two people at the same moment: the database decides, and says so."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from accounts.models import Membership, Publisher
from accounts.operations.publishers import PublisherExists, open_publisher
from accounts.operations.teams import NoLongerAllowed, remove_member
from tests.factories import MembershipFactory, UserFactory, siren

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run each act in its own connection, all let go together; return results and exceptions."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait(timeout=10)
        try:
            return act()
        except (PublisherExists, NoLongerAllowed) as refusal:
            return type(refusal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_a_company_opened_by_six_people_at_once_is_opened_once():
    people = UserFactory.create_batch(6)
    company = {"legal_name": "Cœur", "address": "12 rue de la Paix", "postal_code": "75002", "city": "Paris"}

    outcomes = at_once(
        *[lambda by=by: open_publisher(mandataire=by, by=by, siren=siren(1), **company) for by in people]
    )

    assert outcomes.count(PublisherExists) == 5
    assert Publisher.objects.get().memberships.count() == 1


def test_two_mandataires_who_remove_each_other_leave_one():
    first = MembershipFactory.create()
    second = MembershipFactory.create(publisher=first.publisher)

    outcomes = at_once(lambda: remove_member(second, by=first.user), lambda: remove_member(first, by=second.user))

    assert outcomes.count(NoLongerAllowed) == 1
    assert Membership.objects.count() == 1
