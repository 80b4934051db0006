"""Bytes that no row names: what a killed process or a rolled-back transaction left behind."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.core.files.storage import Storage
from django.db.models import QuerySet
from django.utils import timezone

from evidence.models import DocumentVersion, Preview, UploadPiece, evidence_storage
from evidence.operations import FORGOTTEN
from evidence.pieces import FOLDER, sweep_abandoned
from evidence.storage import PrivateBucket

QUARANTINE, PREVIEWS = "quarantine", "previews"
# Far longer than any request or transaction: what is younger may still be on its way to a row.
ORPHAN_AFTER = timedelta(days=1)
# Names asked of the database at once: SQLite takes no more than so many values in a statement.
BATCH = 500


def sweep() -> int:
    """Delete the orphans of the evidence storage and what is left of abandoned uploads; return how many went.

    Safe to run at any time, any number of times: a piece whose upload lives has a row. What was forgotten while the
    storage failed has a row too, and goes. Raises StorageUnavailable.
    """
    storage = evidence_storage()
    swept = sweep_abandoned()
    if isinstance(storage, PrivateBucket):
        swept += storage.give_up_parts(timezone.now() - ORPHAN_AFTER)
    for folder, rows in (
        (FOLDER, UploadPiece.objects.all()),
        (QUARANTINE, DocumentVersion.objects.exclude(refusal=FORGOTTEN)),
        (PREVIEWS, Preview.objects.all()),
    ):
        swept += sweep_storage(storage, folder, rows)
    return swept


def sweep_storage(storage: Storage, folder: str, rows: QuerySet[Any]) -> int:
    """Delete what is old under `folder` (blank: the whole storage) and named by the `file` of none of `rows`."""
    limit = timezone.now() - ORPHAN_AFTER
    old = (name for name, written_at in _files(storage, folder) if written_at < limit)
    swept = 0
    while batch := set(islice(old, BATCH)):
        # Asked once the names are known: a row that came meanwhile is seen.
        for name in batch.difference(rows.filter(file__in=batch).values_list("file", flat=True)):
            storage.delete(name)
            swept += 1
    return swept


def _files(storage: Storage, folder: str) -> Iterator[tuple[str, datetime]]:
    """Yield each file under `folder`, by its full name, with when it was written."""
    if isinstance(storage, PrivateBucket):
        yield from storage.walk(folder)
        return
    if not storage.exists(folder):
        return
    folders, names = storage.listdir(folder)
    for name in names:
        yield _within(folder, name), storage.get_modified_time(_within(folder, name))
    for name in folders:
        yield from _files(storage, _within(folder, name))


def _within(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
