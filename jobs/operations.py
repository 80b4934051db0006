"""Ask for work, claim it, tell how far it is, end it."""

import logging
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from jobs.models import Job

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5


@transaction.atomic
def enqueue(task: str, subject_id: int) -> Job:
    """Write a job row now and send its message when the transaction commits.

    `task` is a Celery task name; the task receives the job's id. Work already waiting or running
    for the same subject is returned as it is.
    """
    job, created = Job.objects.get_or_create(
        task=task,
        subject_id=subject_id,
        state__in=[Job.State.QUEUED, Job.State.RUNNING],
        defaults={"state": Job.State.QUEUED, "alive_at": timezone.now()},
    )
    if created:
        transaction.on_commit(lambda: send(job))
    return job


def send(job: Job) -> None:
    """Give the job's message to the broker. When the broker is away the row stays, and the sweep sends it later."""
    try:
        current_app.send_task(job.task, args=[job.pk])
    except (OperationalError, OSError):
        logger.warning("The broker did not take job %s (%s): the sweep will send it.", job.pk, job.task, exc_info=True)


def claim(job_id: int) -> Job | None:
    """Take the job, or return None when another worker has it or it is over.

    One conditional UPDATE is the lock: it holds on any database, without a transaction kept open
    while the work is done. A running job that gave no sign of life may be taken over.
    """
    now = timezone.now()
    stale = now - timedelta(seconds=settings.JOB_STALE_AFTER_SECONDS)
    free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, alive_at__lt=stale)
    taken = Job.objects.filter(free, pk=job_id).update(
        state=Job.State.RUNNING, alive_at=now, attempts=F("attempts") + 1, progress=0, error=""
    )
    return Job.objects.get(pk=job_id) if taken else None


def advance(job: Job, progress: int) -> None:
    """Tell how far the work is, in percent. Also a sign of life."""
    Job.objects.filter(pk=job.pk).update(progress=progress, alive_at=timezone.now())


def finish(job: Job) -> None:
    """The work is done."""
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, progress=100, alive_at=timezone.now())


def fail(job: Job, error: str) -> None:
    """The work cannot be done; `error` is for the people who run the portal."""
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, error=error[:2000], alive_at=timezone.now())


def release(job: Job) -> None:
    """Give the job back: it will be queued again by the sweep."""
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)


def postpone(job: Job, why: str) -> None:
    """Give the job back because what it needs is not there, and let the sweep try again later.

    Waiting is no failure: the attempt does not count, or a service down for an hour would abandon its jobs.
    `why` is for the people who run the portal.
    """
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts).update(
        state=Job.State.QUEUED, attempts=F("attempts") - 1, error=why[:2000], alive_at=timezone.now()
    )


def requeue_stale() -> int:
    """Send again every job without a sign of life; give up after too many attempts. Returns how many were sent."""
    now = timezone.now()
    sent = 0
    for job in Job.objects.stale(now).order_by("pk"):
        if job.attempts >= MAX_ATTEMPTS:
            fail(job, f"Abandoned after {job.attempts} attempts.")
            continue
        moved = Job.objects.filter(pk=job.pk, alive_at=job.alive_at).update(state=Job.State.QUEUED, alive_at=now)
        if moved:
            send(job)
            sent += 1
    return sent
