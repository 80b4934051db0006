"""clamd stops for real: files wait, nobody opens them, and the queue drains by itself once clamd is back."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from evidence.models import DocumentVersion
from evidence.tasks import queue_waiting_scans, scan
from jobs.models import Job
from jobs.operations import requeue_stale
from scripts.with_services import start_clamd
from tests.evidence.samples import EICAR, TXT
from tests.evidence.test_scan import _after_a_while

pytestmark = pytest.mark.services

State = DocumentVersion.State


@pytest.fixture
def own_clamd(settings) -> Iterator[Callable[[], ExitStack]]:
    """own_clamd(): start this test's clamd, always at the same address; close what it returns to stop it."""
    folder = Path(tempfile.mkdtemp())  # short: the path of a socket has at most 107 bytes
    settings.EVIDENCE_SCANNER = "clamd"
    settings.CLAMD_SOCKET = str(folder / "clamd.sock")
    with ExitStack() as running:

        def _start() -> ExitStack:
            shutil.rmtree(folder / "clamav", ignore_errors=True)
            services = running.enter_context(ExitStack())
            start_clamd(services, folder)
            return services

        yield _start
    shutil.rmtree(folder)


def _scan_all() -> None:
    for job in Job.objects.filter(task="evidence.scan", state=Job.State.QUEUED):
        scan(job.pk)


def test_files_wait_while_clamd_is_stopped_and_are_judged_once_it_is_back(deposit, own_clamd):
    own_clamd().close()
    harmless, virus = deposit("note.txt", TXT), deposit("virus.txt", EICAR)

    _scan_all()

    for version in (harmless, virus):
        version.refresh_from_db()
        assert version.state == State.RECEIVED
        assert not version.is_readable
    own_clamd()
    with _after_a_while():
        requeue_stale()
        queue_waiting_scans()
        _scan_all()
    harmless.refresh_from_db()
    virus.refresh_from_db()
    assert harmless.state == State.CLEAN
    assert (virus.state, virus.is_readable) == (State.REFUSED, False)
