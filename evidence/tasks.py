"""Scans, and the rounds that keep the quarantine in order."""

import logging

from celery import shared_task

from evidence import operations, orphans, scanning
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


@shared_task(name="evidence.queue_waiting_scans")
def queue_waiting_scans() -> int:
    """Ask for the scans that nobody will do otherwise. Safe to run at any time, any number of times."""
    return operations.queue_waiting_scans()


@shared_task(name="evidence.sweep_orphans")
def sweep_orphans() -> int:
    """Delete the bytes that no row names."""
    return orphans.sweep()
