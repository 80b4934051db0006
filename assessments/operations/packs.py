"""Ask for the evidence pack of a submission, keep it for a few days, let go of it."""

import hashlib
from datetime import timedelta
from functools import partial
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments.models import EvidencePack, Submission
from audit.operations import record
from evidence.models import evidence_storage
from evidence.orphans import sweep_storage
from jobs.models import Job
from jobs.operations import enqueue

PACK_TASK = "assessments.pack_evidence"


@transaction.atomic
def request_pack(submission: Submission, *, by: User) -> EvidencePack:
    """Ask for the archive. What is under way or ready is returned as it is; what failed is queued again."""
    pack, created = EvidencePack.objects.select_for_update(of=("self",)).get_or_create(submission=submission)
    if pack.is_ready:
        return pack
    if pack.expires_at is not None:
        _discard(pack)
        return request_pack(submission, by=by)
    if created:
        record(
            "evidence.pack_requested",
            submission.dossier,
            by=by,
            publisher=submission.dossier.publisher_id,
            dossier=submission.dossier.number,
            submission=submission.number,
        )
    if pack.job is None or pack.job.state == Job.State.FAILED:
        pack.job = enqueue(PACK_TASK, pack.pk)
        pack.save(update_fields=["job"])
    return pack


@transaction.atomic
def store_pack(pack: EvidencePack, content: IO[bytes]) -> EvidencePack:
    """Keep the archive, once. What a killed worker left under its name is replaced.

    Raises EvidencePack.DoesNotExist when its time was over meanwhile.
    """
    pack = EvidencePack.objects.select_for_update(of=("self",)).get(pk=pack.pk)
    if pack.expires_at is not None:
        return pack
    content.seek(0)
    pack.sha256 = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    pack.size = content.tell()
    content.seek(0)
    storage, name = pack.file.storage, _name(pack)
    storage.delete(name)
    pack.file.name = storage.save(name, File(content))
    pack.expires_at = timezone.now() + timedelta(days=settings.EVIDENCE_PACK_DAYS)
    pack.save(update_fields=["file", "size", "sha256", "expires_at"])
    return pack


def note_taking(pack: EvidencePack, *, by: User) -> None:
    """Trace that the archive was taken away: it opens every file of the submission."""
    dossier = pack.submission.dossier
    record(
        "evidence.pack_taken",
        dossier,
        by=by,
        publisher=dossier.publisher_id,
        dossier=dossier.number,
        submission=pack.submission.number,
    )


def expire_packs() -> int:
    """Let go of the archives whose time is over, and of bytes that no row names. Returns how many went."""
    gone = 0
    for pack_id in EvidencePack.objects.filter(expires_at__lt=timezone.now()).values_list("pk", flat=True):
        with transaction.atomic():
            pack = EvidencePack.objects.select_for_update(of=("self",)).filter(pk=pack_id).first()
            if pack is not None:
                _discard(pack)
                gone += 1
    return gone + sweep_storage(evidence_storage(), EvidencePack.FOLDER, EvidencePack.objects.all())


def _discard(pack: EvidencePack) -> None:
    """The row now, the archive on commit; the row is locked."""
    transaction.on_commit(partial(pack.file.storage.delete, str(pack.file.name)), robust=True)
    pack.delete()


def _name(pack: EvidencePack) -> str:
    return f"{EvidencePack.FOLDER}/{pack.pk}.zip"
