"""A process that dies between two steps (SIGKILL, as a power cut would) loses nothing, and the next one goes on.

The scan has its own such tests in `test_scan.py` and `test_failures.py`, the pack in `tests/packs`.
"""

import os
import signal
import subprocess
import sys
from functools import partial

import pytest
from django.conf import settings
from django.urls import reverse

from evidence.models import Document, DocumentVersion, Preview, Upload
from evidence.operations import receive
from evidence.pieces import complete, put_piece, start_upload
from jobs.models import Job
from tests.evidence.papers import paper
from tests.evidence.samples import TXT
from tests.live import address_of_the_database, wait_until

pytestmark = pytest.mark.postgresql

PAGES = 25
WHOLE = TXT * 20


def test_a_worker_killed_while_it_draws_leaves_its_pages_and_the_next_one_draws_the_others_once(
    celery_worker, deposit, contributor, client
):
    client.force_login(contributor)
    version = deposit("plan.pdf", paper(*(f"Page {number}" for number in range(1, PAGES + 1))))
    job = Job.objects.filter(subject_id=version.pk, task="evidence.draw_previews")
    drawn = Preview.objects.filter(version=version)
    wait_until(lambda: drawn.count() >= 2, "the first pages")

    celery_worker.kill()

    before = set(drawn.values_list("page", "file"))
    assert 0 < len(before) < PAGES
    assert job.get().state == Job.State.RUNNING
    page = reverse("evidence:preview", args=[version.pk, 1])
    assert b"".join(client.get(page).streaming_content).startswith(b"\xff\xd8")

    celery_worker.start()
    wait_until(lambda: job.get().state == Job.State.DONE, "the other pages", seconds=60)
    after = set(drawn.values_list("page", "file"))
    assert before <= after, "no page is drawn again"
    assert sorted(number for number, _file in after) == list(range(1, PAGES + 1))
    version.refresh_from_db()
    assert version.previews_state == DocumentVersion.PreviewsState.DRAWN


@pytest.mark.parametrize(
    "step",
    [
        pytest.param("evidence.operations._register", id="once the bytes are written"),
        pytest.param("evidence.pieces._finish", id="once the file is received"),
    ],
)
def test_a_process_killed_while_it_completes_an_upload_leaves_the_pieces_and_the_next_one_makes_one_file(
    transactional_db, publisher, contributor, settings, step
):
    settings.EVIDENCE_PIECE_BYTES = 100
    upload = start_upload(publisher=publisher, name="note.txt", size=len(WHOLE), by=contributor)
    for number in range(upload.count):
        put_piece(upload, number, WHOLE[number * 100 : (number + 1) * 100])

    assert _completed_until(step, upload) == -signal.SIGKILL

    upload.refresh_from_db()
    assert upload.version is None
    assert upload.pieces.count() == upload.count
    receiving = partial(receive, publisher=publisher, by=contributor)
    version = complete(upload, keep=lambda file: receiving(file=file))
    with version.file.open("rb") as file:
        assert file.read() == WHOLE
    assert Document.objects.count() == DocumentVersion.objects.count() == 1
    assert not upload.pieces.exists()


def _completed_until(step: str, upload: Upload) -> int:
    """Complete the upload in a process of its own that kills itself at this step; return how it ended."""
    module, _dot, function = step.rpartition(".")
    code = f"""
import importlib, os, signal, django
django.setup()
from evidence.models import Upload
from evidence.operations import receive
from evidence.pieces import complete
setattr(importlib.import_module({module!r}), {function!r}, lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL))
upload = Upload.objects.get(pk={str(upload.pk)!r})
complete(upload, keep=lambda file: receive(publisher=upload.publisher, by=upload.by, file=file))
"""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "convergence.settings",
        "DATABASE_URL": address_of_the_database(),
    }
    return subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, check=False).returncode
