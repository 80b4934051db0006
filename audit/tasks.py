"""The chain grows in the background."""

from celery import shared_task

from audit import operations


@shared_task(name="audit.extend_chain")
def extend_chain() -> int:
    """Seal the events of the last moments. Safe to run at any time, any number of times."""
    return operations.extend_chain()
