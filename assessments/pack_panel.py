"""What a page shows of the evidence pack of a submission."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assessments.models import EvidencePack, Submission
from jobs.models import Job


def pack_panel(submission: Submission, *, space: str) -> dict[str, object]:
    """The context of `dossiers/_pack.html`. One query. `space`: `dossiers` or `reviews`, whose addresses are used."""
    over = Q(expires_at__lt=timezone.now())  # and not swept yet
    pack = EvidencePack.objects.filter(submission=submission).exclude(over).select_related("job").first()
    number = submission.dossier.number
    return {
        "pack": pack,
        "pack_job": pack.job if pack else None,
        "pack_has_failed": bool(pack and pack.job and pack.job.state == Job.State.FAILED),
        "pack_url": reverse(f"{space}:pack", args=[number]),
        "pack_file_url": reverse(f"{space}:pack-file", args=[number]),
    }
