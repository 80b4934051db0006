"""What a file goes through when something fails for real: the antivirus stopped, the disk full, the worker killed.

Daemons of these tests' own, that they stop and start. The disk is full by the kernel's limit on the size of a written
file (RLIMIT_FSIZE): writing fails with EFBIG, an OSError, where a full disk fails with ENOSPC, another.
"""

import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Submission
from evidence.models import Document, DocumentVersion
from evidence.pieces import start_upload
from evidence.tasks import scan
from jobs.models import Job
from scripts.with_services import EICAR_HEX, program
from tests.assessments.conftest import blank_dossier, dossier, edition, new_dossier
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import files_of, save, state_of
from tests.dossiers.pages import files_url, text_of
from tests.evidence.samples import EICAR, PDF, TXT, upload
from tests.journey import filling
from tests.journey.conftest import open_browser
from tests.live import Worker, wait_until

__all__ = ["blank_dossier", "dossier", "edition", "new_dossier", "open_browser"]
State = DocumentVersion.State
# Questions that take files.
KEY, TRACED = "SEC-GOV-02", "SEC-TRA-01"
BIG = TXT * 10_000
BIG_PDF = PDF + b"%" * 400_000
ROOM = 100_000


class Clamd:
    """A clamd of our own, at one address: stopped and started again, or held as it is."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "clamd.sock"
        self._configuration = folder / "clamd.conf"
        (folder / "base").mkdir()
        (folder / "base" / "eicar.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR_HEX}\n")
        self._configuration.write_text(
            f"DatabaseDirectory {folder}/base\nLocalSocket {self.socket}\nForeground yes\nAlertExceedsMax yes\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [program("clamd", "clamav-daemon"), "--config-file", str(self._configuration)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(self.socket.exists, "clamd's start")

    def hold(self) -> None:
        """It takes connections, and answers nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        self.socket.unlink(missing_ok=True)


@pytest.fixture
def own_clamd(clamd_socket, tmp_path) -> Iterator[Clamd]:
    clamd = Clamd(tmp_path)
    yield clamd
    clamd.stop()


@pytest.fixture
def worker(celery_worker, own_clamd, tmp_path) -> Iterator[Worker]:
    """The live worker, which knows that clamd alone, with a folder of its own for what is temporary."""
    usual = dict(celery_worker.environment)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    celery_worker.stop()
    celery_worker.environment |= {"CLAMD_SOCKET": str(own_clamd.socket), "TMPDIR": str(temporary)}
    celery_worker.start()
    yield celery_worker
    celery_worker.stop()
    celery_worker.environment = usual


@contextmanager
def full_disk() -> Iterator[None]:
    """Nobody in this process writes a file of more than ROOM bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _job(version: DocumentVersion) -> Job:
    return Job.objects.get(subject_id=version.pk, task="evidence.scan")


# --- The antivirus and the worker ------------------------------------------------------------------


@pytest.mark.postgresql
def test_while_the_antivirus_is_stopped_filling_goes_on_and_the_queue_drains_once_it_is_back(
    worker, own_clamd, product, mandataire, deposit, open_browser
):
    dossier = filled_dossier(product=product, by=mandataire)
    virus = deposit("virus.txt", EICAR)
    page = open_browser(mandataire)
    page.goto(reverse("dossiers:theme", args=[dossier.number, "securite", "tracabilite"]))
    row = page.locator(f"#fichiers-{TRACED} .question__file-list > li").filter(has_text="politique.pdf")

    page.locator(f"#depot-{TRACED}").set_input_files(files=[filling.pdf("politique.pdf", PDF)])
    expect(row).to_contain_text("analyse en attente")
    version = DocumentVersion.objects.get(original_name="politique.pdf")
    wait_until(lambda: "FileNotFoundError" in _job(version).error, "a scan that found nobody")
    filling.comment(page, TRACED, "Écrit pendant la panne.")
    assert state_of(dossier, TRACED).comment == "Écrit pendant la panne."
    submission = open_browser(mandataire)
    submission.goto(reverse("dossiers:submit", args=[dossier.number]))
    expect(submission.locator("main")).to_contain_text("Des fichiers attendent leur analyse")
    submit = submission.get_by_role("button", name="Soumettre le dossier")
    expect(submit).to_be_disabled()

    own_clamd.start()
    expect(row).to_contain_text("sans danger connu", timeout=30_000)
    wait_until(lambda: not DocumentVersion.objects.waiting().exists(), "the verdicts")
    virus.refresh_from_db()
    assert (virus.state, virus.is_readable) == (State.REFUSED, False)
    submission.reload()
    submission.locator("label[for=confirm]").click()
    submit.click()
    expect(submission.locator("main .fr-alert--success")).to_contain_text("Dossier soumis")
    assert Submission.objects.get().dossier == dossier


@pytest.mark.postgresql
def test_a_worker_killed_before_the_verdict_loses_nothing_shows_nothing_and_leaves_nothing(
    worker, own_clamd, deposit, contributor, client, tmp_path
):
    own_clamd.start()
    own_clamd.hold()
    client.force_login(contributor)
    version = deposit("note.txt", TXT)
    address = reverse("evidence:file", args=[version.pk])
    wait_until(lambda: DocumentVersion.objects.get(pk=version.pk).state == State.SCANNING, "the beginning of the scan")

    worker.kill()

    assert DocumentVersion.objects.get(pk=version.pk).state == State.SCANNING
    assert client.get(address).status_code == 403
    assert [path for path in (tmp_path / "temporary").rglob("*") if path.is_file()] == []

    own_clamd.stop()
    own_clamd.start()
    worker.start()
    wait_until(lambda: DocumentVersion.objects.get(pk=version.pk).state == State.CLEAN, "the verdict of the next one")
    assert b"".join(client.get(address).streaming_content) == TXT
    assert _job(version).attempts > 1


# --- The disk ------------------------------------------------------------------------------------------


def test_a_disk_full_at_reception_is_said_in_a_sentence_and_nothing_is_half_done(
    blank_dossier, contributor, client, quarantined
):
    client.force_login(contributor)
    save(blank_dossier, KEY, by=contributor, comment="Signée en mars.")
    file = {f"{KEY}-files": [upload("politique.pdf", BIG_PDF)]}

    with full_disk():
        response = client.post(files_url(blank_dossier, KEY), file)

    assert "Ce fichier n’a pas pu être enregistré" in text_of(response)
    assert not Document.objects.exists() and not Job.objects.exists()
    assert quarantined() == set()
    assert state_of(blank_dossier, KEY).comment == "Signée en mars."

    client.post(files_url(blank_dossier, KEY), {f"{KEY}-files": [upload("politique.pdf", BIG_PDF)]})
    assert DocumentVersion.objects.get(pk__in=files_of(blank_dossier, KEY)).size == len(BIG_PDF)


def test_a_disk_too_full_to_read_a_plain_form_is_said_in_a_sentence(blank_dossier, contributor, client, quarantined):
    """Files of more than 2.5 MB are spooled to the disk before any view sees them."""
    client.force_login(contributor)
    large = upload("politique.pdf", PDF + b"%" * 3_000_000)

    with full_disk():
        response = client.post(files_url(blank_dossier, KEY), {f"{KEY}-files": [large]})

    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "ni ouverts ni déposés" in text_of(response)
    assert quarantined() == set()


def test_a_piece_that_the_disk_does_not_take_may_come_again(publisher, contributor, client, quarantined):
    client.force_login(contributor)
    sent = start_upload(publisher=publisher, name="note.txt", size=len(BIG), by=contributor)
    address = reverse("evidence:piece", args=[sent.pk, 0])

    with full_disk():
        assert client.put(address, BIG, content_type="application/octet-stream").status_code == 503
    assert quarantined() == set()

    assert client.put(address, BIG, content_type="application/octet-stream").status_code == 204


def test_a_disk_full_at_the_scan_makes_the_file_wait(deposit, clamd):
    version = deposit("note.txt", BIG)

    with full_disk():
        scan(_job(version).pk)

    version.refresh_from_db()
    assert (version.state, _job(version).state) == (State.RECEIVED, Job.State.QUEUED)
    assert "File too large" in _job(version).error

    scan(_job(version).pk)
    version.refresh_from_db()
    assert version.state == State.CLEAN
