"""Bytes without a row go, after a while; bytes with a row never do."""

import os
import time
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction

from evidence.models import DocumentVersion, evidence_storage
from evidence.tasks import sweep_orphans
from tests.evidence.factories import PreviewFactory
from tests.evidence.samples import JPEG, TXT

TWO_DAYS = 2 * 24 * 3600


def _age(name: str) -> None:
    path = Path(evidence_storage().path(name))
    os.utime(path, (time.time() - TWO_DAYS,) * 2)


def test_old_bytes_that_no_row_names_are_deleted(db):
    name = evidence_storage().save("quarantine/2026/01/orphan", ContentFile(TXT))
    _age(name)

    assert sweep_orphans() == 1

    assert not evidence_storage().exists(name)
    assert sweep_orphans() == 0


def test_bytes_still_on_their_way_to_a_row_are_left_alone(db):
    name = evidence_storage().save("quarantine/2026/01/young", ContentFile(TXT))

    assert sweep_orphans() == 0

    assert evidence_storage().exists(name)
    evidence_storage().delete(name)


def test_old_evidence_stays(deposit):
    version = deposit("note.txt", TXT)
    _age(version.file.name)

    assert sweep_orphans() == 0

    assert evidence_storage().exists(version.file.name)


def test_what_the_caller_rolled_back_is_swept_in_the_end(deposit):
    with transaction.atomic():
        name = deposit("note.txt", TXT).file.name
        transaction.set_rollback(True)
    assert not DocumentVersion.objects.exists()
    _age(name)

    assert sweep_orphans() == 1
    assert not evidence_storage().exists(name)


def test_pictures_that_no_row_names_go_and_the_others_stay(db):
    orphan = evidence_storage().save("previews/2026/01/orphan.jpg", ContentFile(JPEG))
    kept = str(PreviewFactory.create().file.name)
    for name in (orphan, kept):
        _age(name)

    assert sweep_orphans() == 1

    assert not evidence_storage().exists(orphan)
    assert evidence_storage().exists(kept)
