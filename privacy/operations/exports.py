"""Ask for one's data, keep the archive for a few days, let go of it."""

import hashlib
from datetime import timedelta
from functools import partial
from typing import IO

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.operations import record
from evidence.orphans import sweep_storage
from jobs.models import Job
from jobs.operations import enqueue
from notifications.operations import notify
from privacy.models import DataExport

EXPORT_TASK = "privacy.export"


class AccountErased(PermissionDenied):
    """The person closed their account a moment ago, elsewhere: a 403, as if they had come a moment later."""


@transaction.atomic
def request_export(user: User) -> DataExport:
    """Ask for the archive. One at a time: what is under way is returned as it is, queued again if it had failed.

    Raises AccountErased.
    """
    # Copies are locked before people: docs/architecture.md.
    DataExport.objects.select_for_update(of=("self",)).filter(user=user, expires_at=None).first()
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.erased_at is not None:
        raise AccountErased
    export, created = DataExport.objects.get_or_create(user=user, expires_at=None)
    if created:
        record("data.export_requested", export, by=user)
    if export.job is None or export.job.state == Job.State.FAILED:
        export.job = enqueue(EXPORT_TASK, export.pk)
        export.save(update_fields=["job"])
    return export


@transaction.atomic
def store_export(export: DataExport, content: IO[bytes]) -> DataExport:
    """Keep the archive, once, and tell the person. What a killed worker left under its name is replaced.

    The row stays locked while the bytes travel: an erasure waits for them, and takes them away. Raises
    DataExport.DoesNotExist when the erasure came first.
    """
    export = DataExport.objects.select_for_update(of=("self",)).select_related("user").get(pk=export.pk)
    if export.expires_at is not None:
        return export
    content.seek(0)
    export.sha256 = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    content.seek(0)
    storage, name = export.file.storage, _archive_name(export)
    storage.delete(name)
    export.file.name = storage.save(name, File(content))
    export.expires_at = timezone.now() + timedelta(days=settings.RETENTION_DAYS["exports"])
    export.save(update_fields=["file", "sha256", "expires_at"])
    notify(
        [export.user],
        subject=_("La copie de vos données est prête"),
        body=_("Téléchargez-la depuis votre compte. Elle y reste %(days)s jours, puis elle est supprimée.")
        % {"days": settings.RETENTION_DAYS["exports"]},
        path=reverse("privacy:mine"),
    )
    return export


def note_download(export: DataExport, *, by: User) -> None:
    """Trace that the archive was taken away."""
    record("data.export_downloaded", export, by=by)


def discard(export: DataExport) -> None:
    """Let go of a copy, whose row is locked: the row now, the archive on commit.

    The archive may be there although the row does not say so: a worker was killed between the two.
    """
    storage = export.file.storage
    for name in {_archive_name(export), str(export.file.name)} - {""}:
        transaction.on_commit(partial(storage.delete, name), robust=True)
    export.delete()


def sweep_archives() -> int:
    """Delete the archives that no row names any more; return how many."""
    return sweep_storage(DataExport._meta.get_field("file").storage, "", DataExport.objects.all())


def _archive_name(export: DataExport) -> str:
    return f"{export.pk}.zip"
