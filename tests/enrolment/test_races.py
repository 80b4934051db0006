"""Two decisions at the same moment: one publisher at most, and one decision for each request."""

from functools import partial

import pytest

from accounts.models import Publisher, StaffRole, User
from accounts.operations.staff import MemberOfPublisher, give_staff_role
from accounts.operations.teams import StaffMember
from audit.models import Event
from enrolment.models import AccountRequest
from enrolment.operations import AlreadyAsked, NotNow, approve, ask_more, expire, refuse, submit
from tests.assessments.at_once import at_once
from tests.enrolment.asked import SIREN, again, drafted, sent, with_proof
from tests.factories import UserFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

State = AccountRequest.State


def test_one_request_approved_six_times_at_once_opens_one_publisher(alice, support):
    request = sent(by=alice)

    outcomes = at_once(*[lambda: approve(again(request), by=support)] * 6, refusals=(NotNow,))

    assert sum(isinstance(each, NotNow) for each in outcomes) == 5
    assert Publisher.objects.get().memberships.get().user == alice
    assert Event.objects.filter(verb="account_request.approved").count() == 1


@pytest.mark.parametrize("turn", range(5))
def test_two_requests_for_one_company_approved_at_once_open_it_once(alice, support, administrator, turn):
    bob = UserFactory.create()
    requests = [sent(by=person) for person in (alice, bob)]

    at_once(
        partial(approve, requests[0], by=support),
        partial(approve, requests[1], by=administrator),
        refusals=(),
    )

    publisher = Publisher.objects.get(siren=SIREN)
    assert sorted(again(each).state for each in requests) == [State.APPROVED, State.DUPLICATE]
    assert {again(each).publisher for each in requests} == {publisher}
    (approved,) = [each for each in requests if again(each).state == State.APPROVED]
    assert publisher.memberships.get().user_id == approved.requester_id


@pytest.mark.parametrize("turn", range(5))
def test_approved_and_refused_at_once_is_one_or_the_other(alice, support, administrator, turn):
    request = sent(by=alice)

    outcomes = at_once(
        lambda: approve(request, by=support),
        lambda: refuse(request, by=administrator, reason="Non."),
        refusals=(NotNow,),
    )

    assert sum(isinstance(each, NotNow) for each in outcomes) == 1
    assert (again(request).state == State.APPROVED) is Publisher.objects.exists()
    assert (again(request).state == State.REFUSED) is not Publisher.objects.exists()


@pytest.mark.parametrize("turn", range(3))
def test_approved_while_precisions_are_asked_is_one_or_the_other(alice, support, administrator, turn):
    request = sent(by=alice)

    at_once(
        lambda: approve(request, by=support),
        lambda: ask_more(request, by=administrator, text="Quoi ?"),
        refusals=(NotNow,),
    )

    assert (again(request).state == State.MORE_ASKED) is again(request).messages.exists()
    assert (again(request).state == State.APPROVED) is Publisher.objects.exists()


@pytest.mark.parametrize("turn", range(5))
def test_a_staff_role_given_while_the_request_is_approved_makes_nobody_both(alice, support, turn):
    request = sent(by=alice)

    outcomes = at_once(
        lambda: approve(request, by=support),
        lambda: give_staff_role(User.objects.get(pk=alice.pk), StaffRole.REVIEWER, by=None),
        refusals=(StaffMember, MemberOfPublisher),
    )

    assert sum(isinstance(each, StaffMember | MemberOfPublisher) for each in outcomes) == 1
    assert alice.memberships.exists() is not alice.groups.exists()


def test_a_request_sent_six_times_at_once_leaves_once(alice, support):
    request = with_proof(by=alice)

    outcomes = at_once(*[lambda: submit(request, by=alice)] * 6, refusals=(NotNow,))

    assert sum(isinstance(each, NotNow) for each in outcomes) == 5
    assert Event.objects.filter(verb="account_request.submitted").count() == 1


def test_a_request_sent_while_it_goes_out_is_one_or_the_other(alice, support):
    request = with_proof(by=alice)

    outcomes = at_once(lambda: submit(request, by=alice), lambda: expire(request), refusals=(NotNow,))

    assert sum(isinstance(each, NotNow) for each in outcomes) == 1
    assert again(request).state in {State.SUBMITTED, State.EXPIRED}


def test_begun_six_times_at_once_is_begun_once(alice):
    outcomes = at_once(*[lambda: drafted(by=alice)] * 6, refusals=(AlreadyAsked,))

    request = AccountRequest.objects.get()
    assert [each.request for each in outcomes if isinstance(each, AlreadyAsked)] == [request] * 5
