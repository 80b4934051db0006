"""Requests left alone go out, and what led nowhere is deleted with the bytes of its proof."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from accounts.models import Publisher
from audit.models import Event
from enrolment.models import AccountRequest, RequestMessage
from enrolment.operations import approve, ask_more, delete_old, expire, expire_old, refuse, submit
from evidence.models import DocumentVersion
from evidence.operations import FORGOTTEN
from tests.enrolment.asked import DECLARED, SIREN, again, drafted, proof_of, sent, with_proof
from tests.factories import UserFactory, siren

State = AccountRequest.State
LIMIT = timedelta(days=settings.ACCOUNT_REQUEST_DAYS)
LATER = timedelta(days=400)


def test_what_its_author_left_alone_goes_out_and_what_waits_for_staff_never_does(alice, support):
    draft = drafted(by=alice, siren=siren(50_000_010))
    asked = ask_more(sent(by=alice, siren=siren(50_000_011)), by=support, text="Quoi ?")
    waiting = sent(by=alice, siren=siren(50_000_012))

    assert expire_old(timezone.now() + LIMIT) == 2
    assert [again(each).state for each in (draft, asked, waiting)] == [State.EXPIRED, State.EXPIRED, State.SUBMITTED]
    events = Event.objects.filter(verb="account_request.expired")
    assert {event.object_id for event in events} == {str(draft.pk), str(asked.pk)}
    assert {event.actor for event in events} == {None}


def test_a_day_before_its_time_a_draft_stays(alice):
    draft = drafted(by=alice)

    assert expire_old(timezone.now() + LIMIT - timedelta(days=1)) == 0
    assert again(draft).state == State.DRAFT


def test_going_out_twice_is_going_out_once(alice):
    drafted(by=alice)
    later = timezone.now() + LIMIT

    assert [expire_old(later), expire_old(later)] == [1, 0]


def test_the_clock_of_a_request_starts_when_precisions_were_asked(alice, support):
    now = timezone.now()
    with time_machine.travel(now - LIMIT, tick=False):
        request = sent(by=alice)
    ask_more(request, by=support, text="Quoi ?")

    assert expire_old(timezone.now() + timedelta(days=1)) == 0


def test_what_led_nowhere_is_deleted_with_its_messages_and_the_bytes_of_its_proof(
    alice, support, django_capture_on_commit_callbacks
):
    request = ask_more(sent(by=alice), by=support, text="Quoi ?")
    proof = refuse(request, by=support, reason="Non.").proof

    with django_capture_on_commit_callbacks(execute=True):
        assert delete_old(timezone.now() + LATER) == 1

    assert not AccountRequest.objects.exists()
    assert not RequestMessage.objects.exists()
    assert DocumentVersion.objects.get(pk=proof.pk).refusal == FORGOTTEN
    assert not proof.file.storage.exists(str(proof.file.name))
    assert Event.objects.filter(verb="account_request.refused").exists()


def test_a_request_that_opened_a_publisher_stays_without_the_bytes_of_its_proof(
    alice, support, django_capture_on_commit_callbacks
):
    request = approve(sent(by=alice), by=support)

    with django_capture_on_commit_callbacks(execute=True):
        assert delete_old(timezone.now() + LATER) == 0

    request = again(request)
    assert (request.state, request.publisher) == (State.APPROVED, Publisher.objects.get())
    assert proof_of(request).refusal == FORGOTTEN
    assert not proof_of(request).file.storage.exists(str(proof_of(request).file.name))


def test_a_request_that_opened_a_publisher_forgets_who_bound_it_and_what_was_said(alice, support):
    request = submit(ask_more(sent(by=alice), by=support, text="Quoi ?"), by=alice, answer="Cela.")
    request = approve(request, by=support)
    day = timedelta(days=1)

    delete_old(request.state_since - day)
    assert (again(request).signatory_name, request.messages.count()) == (DECLARED["signatory_name"], 2)

    delete_old(request.state_since)
    request = again(request)
    assert (request.signatory_name, request.signatory_role, request.messages.count()) == ("", "", 0)
    assert (request.legal_name, request.siren) == (DECLARED["legal_name"], SIREN)


def test_a_request_forgotten_once_is_left_alone_afterwards(alice, support, django_assert_num_queries):
    approve(sent(by=alice), by=support)
    delete_old(timezone.now() + LATER)

    with django_assert_num_queries(1):
        delete_old(timezone.now() + LATER)


def test_a_draft_that_went_out_without_a_proof_is_deleted_too(alice):
    expire(drafted(by=alice))

    assert delete_old(timezone.now() + LATER) == 1


def test_what_is_under_way_or_recent_is_never_deleted(alice, support):
    with_proof(by=alice)
    sent(by=UserFactory.create())
    refuse(sent(by=UserFactory.create()), by=support, reason="Non.")

    assert delete_old(timezone.now() - timedelta(days=1)) == 0
    assert AccountRequest.objects.count() == 3


@pytest.mark.parametrize("times", [1, 2])
def test_deleting_again_changes_nothing(alice, support, times):
    approve(sent(by=alice), by=support)
    refuse(sent(by=UserFactory.create(), siren=siren(50_000_013)), by=support, reason="Non.")

    deleted = [delete_old(timezone.now() + LATER) for _ in range(times)]
    assert deleted == [1, 0][:times]
    assert Event.objects.filter(verb="evidence.forgotten").count() == 2
