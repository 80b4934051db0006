"""Scans, and the rounds that keep the quarantine in order."""

import logging
from functools import partial

from celery import shared_task

from evidence import operations, orphans, previews, sandbox, scanning
from jobs import operations as jobs

logger = logging.getLogger(__name__)


@shared_task(name=operations.SCAN_TASK)
def scan(job_id: int) -> None:
    """Scan the version that the job names. May run twice; without an antivirus the job waits for the sweep."""
    job = jobs.claim(job_id)
    if job is None:
        return
    verdict = scanning.scan(job.subject_id)
    if verdict is not None and verdict.is_unavailable:
        logger.warning("Version %s was not scanned: %s", job.subject_id, verdict.detail)
        jobs.postpone(job, verdict.detail)
    else:
        jobs.finish(job)


@shared_task(name=operations.PREVIEWS_TASK)
def draw_previews(job_id: int) -> None:
    """Draw the pages of the version that the job names. Killed anywhere and run again, each page is drawn once."""
    job = jobs.claim(job_id)
    if job is None:
        return
    try:
        previews.draw(job.subject_id, partial(jobs.advance, job))
    except OSError as error:  # the storage is away: the sweep tries again
        logger.warning("Version %s was not drawn whole: %s", job.subject_id, error)
        jobs.postpone(job, f"{type(error).__name__}: the storage is away")
    except sandbox.Stopped as error:
        logger.warning("Version %s was not drawn whole: %s", job.subject_id, error)
        if job.attempts < jobs.MAX_ATTEMPTS:
            jobs.release(job)
        else:
            previews.give_up(job.subject_id)
            jobs.fail(job, str(error))
    else:
        jobs.finish(job)


@shared_task(name="evidence.queue_waiting_scans")
def queue_waiting_scans() -> int:
    """Ask for the scans that nobody will do otherwise. Safe to run at any time, any number of times."""
    return operations.queue_waiting_scans()


@shared_task(name="evidence.sweep_orphans")
def sweep_orphans() -> int:
    """Delete the bytes that no row names."""
    return orphans.sweep()
