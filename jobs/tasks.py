"""The sweep that makes lost messages and killed workers harmless."""

from celery import shared_task

from jobs import operations


@shared_task(name="jobs.sweep_stale")
def sweep_stale() -> int:
    """Queue again the jobs that gave no sign of life. Safe to run at any time, any number of times."""
    return operations.requeue_stale()
