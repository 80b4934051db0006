"""Lost messages and killed workers: the sweep sends again what gave no sign of life, and knows when to stop."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone

from jobs.models import Job, JobQuerySet
from jobs.operations import MAX_ATTEMPTS, advance, claim, enqueue, finish
from jobs.tasks import sweep_stale


@pytest.fixture
def much_later(settings):
    """much_later(): in a moment when every job of now is stale."""
    return lambda: time_machine.travel(
        timezone.now() + timedelta(seconds=settings.JOB_STALE_AFTER_SECONDS + 1), tick=False
    )


def test_a_fresh_job_is_left_alone(db, postbox):
    enqueue("evidence.scan", 7)

    assert sweep_stale() == 0
    assert postbox.sent == []


def test_a_lost_message_is_sent_again_once(db, postbox, much_later):
    job = enqueue("evidence.scan", 7)

    with much_later():
        assert sweep_stale() == 1
        assert sweep_stale() == 0

    assert postbox.sent == [("evidence.scan", job.pk)]


def test_the_job_of_a_killed_worker_is_queued_again(db, postbox, much_later):
    job = enqueue("evidence.scan", 7)
    claim(job.pk)

    with much_later():
        sweep_stale()
        taken = claim(job.pk)

    assert postbox.sent == [("evidence.scan", job.pk)]
    assert taken is not None
    assert taken.attempts == 2


def test_a_job_that_is_over_stays_over(db, postbox, much_later):
    finish(enqueue("evidence.scan", 7))

    with much_later():
        assert sweep_stale() == 0
    assert postbox.sent == []


def test_work_that_kills_every_worker_is_given_up(db, postbox, much_later):
    job = enqueue("evidence.scan", 7)
    Job.objects.update(attempts=MAX_ATTEMPTS, state=Job.State.RUNNING)

    with much_later():
        assert sweep_stale() == 0

    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert str(MAX_ATTEMPTS) in job.error
    assert postbox.sent == []


def test_a_job_that_spoke_during_the_sweep_is_not_sent(db, postbox, much_later, monkeypatch):
    """The list was read, then the worker gave a sign of life."""
    job = enqueue("evidence.scan", 7)
    running = claim(job.pk)
    assert running is not None
    with much_later():
        listed = list(Job.objects.stale(timezone.now()))

        def speak_meanwhile(*fields):
            advance(running, 50)
            return listed

        monkeypatch.setattr(JobQuerySet, "stale", lambda *args: SimpleNamespace(order_by=speak_meanwhile))
        assert sweep_stale() == 0

    assert [job.pk for job in listed] == [running.pk]
    assert postbox.sent == []
