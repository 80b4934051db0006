"""Taking a job: one worker has it, and says how far it is."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from jobs.models import Job
from jobs.operations import advance, claim, enqueue, fail, finish, postpone, release


@pytest.fixture
def job(db) -> Job:
    return enqueue("evidence.scan", 7)


def test_the_first_worker_has_it_and_the_second_goes_home(job):
    taken = claim(job.pk)

    assert taken is not None
    assert (taken.state, taken.attempts) == (Job.State.RUNNING, 1)
    assert claim(job.pk) is None


@pytest.mark.parametrize("end", [finish, lambda job: fail(job, "The disk is full.")])
def test_work_that_is_over_is_not_taken_again(job, end):
    end(job)

    assert claim(job.pk) is None
    job.refresh_from_db()
    assert job.is_over


def test_a_job_that_was_never_asked_for_is_nobodys(db):
    assert claim(404) is None


def test_a_silent_worker_loses_its_job_to_another(job, settings):
    claim(job.pk)

    later = timezone.now() + timedelta(seconds=settings.JOB_STALE_AFTER_SECONDS + 1)
    with time_machine.travel(later, tick=False):
        taken = claim(job.pk)

    assert taken is not None
    assert (taken.attempts, taken.progress) == (2, 0)


def test_progress_is_a_sign_of_life(job, settings):
    running = claim(job.pk)
    assert running is not None
    half = timezone.now() + timedelta(seconds=settings.JOB_STALE_AFTER_SECONDS - 1)
    with time_machine.travel(half, tick=False):
        advance(running, 40)
    with time_machine.travel(half + timedelta(seconds=settings.JOB_STALE_AFTER_SECONDS - 1), tick=False):
        assert claim(job.pk) is None

    job.refresh_from_db()
    assert job.progress == 40


def test_a_job_given_back_can_be_taken(job):
    running = claim(job.pk)
    assert running is not None
    release(running)

    again = claim(job.pk)
    assert again is not None
    assert again.attempts == 2


def test_waiting_for_a_service_is_no_failed_attempt(job):
    running = claim(job.pk)
    assert running is not None
    postpone(running, "The scanner is away.")

    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (Job.State.QUEUED, 0, "The scanner is away.")


def test_a_worker_that_lost_its_job_cannot_postpone_it(job, settings):
    lost = claim(job.pk)
    assert lost is not None
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.JOB_STALE_AFTER_SECONDS + 1), tick=False):
        claim(job.pk)
        postpone(lost, "The scanner is away.")

    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.RUNNING, 2)


def test_a_long_error_is_cut(job):
    fail(job, "x" * 5000)

    job.refresh_from_db()
    assert (job.state, len(job.error)) == (Job.State.FAILED, 2000)


@pytest.mark.parametrize(
    ("change", "rule"), [({"state": "lost"}, "jobs_job_state_known"), ({"progress": 101}, "jobs_job_progress_percent")]
)
def test_the_database_refuses_nonsense(job, change, rule):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**change)
