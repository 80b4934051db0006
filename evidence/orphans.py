"""Bytes in quarantine that no row names: what a killed process or a rolled-back transaction left behind."""

from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import Storage
from django.utils import timezone

from evidence.models import DocumentVersion, evidence_storage

QUARANTINE = "quarantine"
# Far longer than any request or transaction: what is younger may still be on its way to a row.
ORPHAN_AFTER = timedelta(days=1)


def sweep() -> int:
    """Delete the orphans of quarantine; return how many. Safe to run at any time, any number of times."""
    storage = evidence_storage()
    limit = timezone.now() - ORPHAN_AFTER
    swept = 0
    for folder, names in _folders(storage, QUARANTINE):
        old = {name for name in names if storage.get_modified_time(name) < limit}
        known = DocumentVersion.objects.filter(file__startswith=f"{folder}/").values_list("file", flat=True)
        for name in old.difference(known):
            storage.delete(name)
            swept += 1
    return swept


def _folders(storage: Storage, folder: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each folder under `folder` with the full names of its files."""
    if not storage.exists(folder):
        return
    folders, files = storage.listdir(folder)
    if files:
        yield folder, [f"{folder}/{name}" for name in files]
    for name in folders:
        yield from _folders(storage, f"{folder}/{name}")
