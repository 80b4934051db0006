"""When no room is left nothing is half kept, and the same file is taken once there is room.

The kernel refuses the writes for real: past the limit on the size of a file, as on a full disk, write(2) fails.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from evidence.models import Document
from evidence.uploads import InvalidUpload
from jobs.models import Job

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
