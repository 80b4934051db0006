"""Asking for work: one row per subject, its message after the commit and never before."""

import pytest
from django.db import transaction

from jobs.models import Job
from jobs.operations import enqueue, finish
from tests.jobs.postbox import Postbox


def test_the_message_leaves_once_the_transaction_has_committed(db, postbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue("evidence.scan", 7)
        assert postbox.sent == []

    assert postbox.sent == [("evidence.scan", job.pk)]
    assert (job.state, job.attempts, job.progress) == (Job.State.QUEUED, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_asks_for_nothing(postbox: Postbox):
    with transaction.atomic():
        enqueue("evidence.scan", 7)
        transaction.set_rollback(True)

    assert not Job.objects.exists()
    assert postbox.sent == []


def test_asking_twice_is_asking_once(db, postbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = enqueue("evidence.scan", 7)
        again = enqueue("evidence.scan", 7)
        other = enqueue("evidence.scan", 8)

    assert again == first != other
    assert [job for _task, job in postbox.sent] == [first.pk, other.pk]


def test_work_that_is_done_can_be_asked_for_again(db):
    first = enqueue("evidence.scan", 7)
    finish(first)

    assert enqueue("evidence.scan", 7) != first
