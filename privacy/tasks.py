"""Archives are made, and retention applied, by a worker."""

import tempfile

from celery import shared_task
from django.utils import timezone

from jobs.operations import advance, claim, finish, postpone
from privacy.archive import write_archive
from privacy.models import DataExport
from privacy.operations.exports import EXPORT_TASK, store_export
from privacy.operations.retention import apply_retention


@shared_task(name=EXPORT_TASK)
def export(job_id: int) -> None:
    """Make a person's archive. Killed anywhere and run again, it yields the archive once."""
    job = claim(job_id)
    if job is None:
        return
    asked = DataExport.objects.select_related("user").filter(pk=job.subject_id, expires_at=None).first()
    if asked is None:  # ready already, or erased with its account
        finish(job)
        return
    try:
        with tempfile.TemporaryFile() as content:
            write_archive(asked.user, content, lambda percent: advance(job, percent))
            store_export(asked, content)
    except OSError:
        postpone(job, "A storage is away.")
        raise
    except DataExport.DoesNotExist:
        pass  # erased with its account meanwhile: nothing is kept
    finish(job)


@shared_task(name="privacy.apply_retention")
def retention() -> dict[str, int]:
    """Once a day. Safe to run at any time, any number of times."""
    counts: dict[str, int] = apply_retention(timezone.now()).counts
    return counts
