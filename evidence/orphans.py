"""Bytes that no row names: what a killed process or a rolled-back transaction left behind."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.files.storage import Storage
from django.db.models import QuerySet
from django.utils import timezone

from evidence.models import DocumentVersion, Preview, UploadPiece, evidence_storage
from evidence.pieces import FOLDER, sweep_abandoned

QUARANTINE, PREVIEWS = "quarantine", "previews"
# Far longer than any request or transaction: what is younger may still be on its way to a row.
ORPHAN_AFTER = timedelta(days=1)


def sweep() -> int:
    """Delete the orphans of the evidence storage and what is left of abandoned uploads; return how many went.

    Safe to run at any time, any number of times: a piece whose upload lives has a row.
    """
    storage = evidence_storage()
    swept = sweep_abandoned()
    for folder, rows in (
        (FOLDER, UploadPiece.objects.all()),
        (QUARANTINE, DocumentVersion.objects.all()),
        (PREVIEWS, Preview.objects.all()),
    ):
        swept += sweep_storage(storage, folder, rows)
    return swept


def sweep_storage(storage: Storage, folder: str, rows: QuerySet[Any]) -> int:
    """Delete what is old under `folder` (blank: the whole storage) and named by the `file` of none of `rows`."""
    limit = timezone.now() - ORPHAN_AFTER
    swept = 0
    for inside, names in _folders(storage, folder):
        old = {name for name in names if storage.get_modified_time(name) < limit}
        known = rows.filter(file__startswith=_within(inside, "")).values_list("file", flat=True)
        for name in old.difference(known):
            storage.delete(name)
            swept += 1
    return swept


def _folders(storage: Storage, folder: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each folder under `folder`, itself included, with the full names of its files."""
    if not storage.exists(folder):
        return
    folders, files = storage.listdir(folder)
    if files:
        yield folder, [_within(folder, name) for name in files]
    for name in folders:
        yield from _folders(storage, _within(folder, name))


def _within(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
