"""When no room is left nothing is half kept, nothing is judged, and everything goes on once there is room.

The kernel refuses the writes for real: past the limit on the size of a file, as on a full disk, write(2) fails.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from evidence.models import Document, DocumentVersion
from evidence.tasks import scan
from evidence.uploads import InvalidUpload
from jobs.models import Job
from jobs.operations import requeue_stale
from tests.evidence.test_scan import _after_a_while

State = DocumentVersion.State
ROOM = 500_000
LARGE = "Une ligne de la procédure.\n".encode() * 100_000


@contextmanager
def no_room() -> Iterator[None]:
    """Until the end of the block this process can write no file past ROOM bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_for_which_no_room_is_left_is_not_taken_and_leaves_nothing(deposit, quarantined):
    with no_room(), pytest.raises(InvalidUpload) as refusal:
        deposit("journal.txt", LARGE)

    assert refusal.value.code == "not_kept"
    assert not quarantined()
    assert not Document.objects.exists()
    assert not Job.objects.exists()


def test_the_same_file_is_taken_once_there_is_room(deposit):
    with no_room(), pytest.raises(InvalidUpload):
        deposit("journal.txt", LARGE)

    version = deposit("journal.txt", LARGE)

    assert version.file.size == version.size == len(LARGE)


def test_a_file_that_the_scan_has_no_room_to_copy_waits_then_is_cleared(deposit, settings):
    settings.DEMONSTRATION = True
    settings.EVIDENCE_SCANNER = "demonstration"
    version = deposit("journal.txt", LARGE)
    job = Job.objects.get(subject_id=version.pk)

    with no_room():
        scan(job.pk)

    version.refresh_from_db()
    assert version.state == State.RECEIVED
    assert not version.is_readable
    with _after_a_while():
        requeue_stale()
        scan(job.pk)
    version.refresh_from_db()
    assert version.state == State.CLEAN
