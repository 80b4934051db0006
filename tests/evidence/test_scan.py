"""A waiting file is judged once by a real scanner, waits while there is none, and survives a killed worker."""

import os
import signal
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from celery import current_app
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Event
from evidence.models import DocumentVersion, evidence_storage
from evidence.operations import mark_scanned, start_scan
from evidence.scanners import Verdict, clean, refused, unavailable
from evidence.sentences import REFUSALS, STATES, about
from evidence.tasks import queue_waiting_scans, scan
from jobs.models import Job
from jobs.operations import MAX_ATTEMPTS, requeue_stale
from tests.evidence.factories import DocumentVersionFactory
from tests.evidence.samples import EICAR, TXT
from tests.live import address_of_the_database, wait_until

State = DocumentVersion.State


def _job(version: DocumentVersion) -> Job:
    return Job.objects.get(subject_id=version.pk, task="evidence.scan")


def _after_a_while() -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(seconds=61), tick=True)


def test_an_ordinary_file_is_cleared(deposit, clamd):
    version = deposit("note.txt", TXT)

    scan(_job(version).pk)

    version.refresh_from_db()
    assert version.state == State.CLEAN
    assert version.is_readable
    assert version.scanned_at is not None
    assert _job(version).state == Job.State.DONE


def test_eicar_is_refused_by_clamd_with_a_sentence_that_says_what_to_do(deposit, clamd):
    version = deposit("note.txt", EICAR)

    scan(_job(version).pk)

    version.refresh_from_db()
    assert (version.state, version.refusal) == (State.REFUSED, "virus")
    assert "déposez une version saine" in about(version.state, version.refusal)
    assert Event.objects.get(verb="evidence.scanned").data["verdict"] == "refused"


def test_eicar_is_refused_by_the_demonstration_scanner_too(deposit, settings):
    settings.EVIDENCE_SCANNER, settings.DEMONSTRATION = "demonstration", True
    version = deposit("note.txt", EICAR)

    scan(_job(version).pk)

    version.refresh_from_db()
    assert (version.state, version.refusal) == (State.REFUSED, "virus")


def test_a_refused_file_stays_in_quarantine(deposit, clamd):
    version = deposit("note.txt", EICAR)

    scan(_job(version).pk)

    assert evidence_storage().exists(version.file.name)


def test_while_the_scanner_is_down_the_file_waits_and_its_attempts_do_not_run_out(deposit, scanner_down):
    version = deposit("note.txt", TXT)

    for _ in range(MAX_ATTEMPTS + 2):
        scan(_job(version).pk)

    version.refresh_from_db()
    assert version.state == State.RECEIVED
    job = _job(version)
    assert (job.state, job.attempts) == (Job.State.QUEUED, 0)
    assert "FileNotFoundError" in job.error


def test_when_the_scanner_is_back_the_queue_drains_by_itself(deposit, scanner_down, clamd_socket):
    versions = [deposit(f"note-{number}.txt", TXT + bytes([65 + number])) for number in range(3)]
    for version in versions:
        scan(_job(version).pk)

    scanner_down.CLAMD_SOCKET = clamd_socket
    with _after_a_while():
        assert requeue_stale() == 3
        for version in versions:
            scan(_job(version).pk)

    assert set(DocumentVersion.objects.values_list("state", flat=True)) == {State.CLEAN}
    assert set(Job.objects.values_list("state", flat=True)) == {Job.State.DONE}


def test_a_waiting_file_that_no_job_remembers_is_asked_for_again(db):
    forgotten, interrupted = DocumentVersionFactory.create(), DocumentVersionFactory.create(state=State.SCANNING)
    DocumentVersionFactory.create(clean=True)
    DocumentVersionFactory.create(refused=True)

    assert queue_waiting_scans() == 2
    assert queue_waiting_scans() == 0
    assert set(Job.objects.values_list("subject_id", flat=True)) == {forgotten.pk, interrupted.pk}


def test_a_task_delivered_twice_scans_once(deposit, clamd):
    version = deposit("note.txt", TXT)
    job = _job(version)

    scan(job.pk)
    first = DocumentVersion.objects.get(pk=version.pk).scanned_at
    scan(job.pk)

    assert DocumentVersion.objects.get(pk=version.pk).scanned_at == first
    assert Event.objects.filter(verb="evidence.scanned").count() == 1


def test_a_job_run_again_after_the_verdict_ends_without_another_scan(deposit, scanner_down):
    version = deposit("note.txt", TXT)
    mark_scanned(version, clean())

    scan(_job(version).pk)

    version.refresh_from_db()
    assert version.state == State.CLEAN
    assert _job(version).state == Job.State.DONE


@pytest.mark.parametrize("late", [refused("virus"), unavailable("slow"), clean()], ids=lambda verdict: verdict.outcome)
def test_a_late_verdict_changes_nothing(deposit, late: Verdict):
    version = mark_scanned(deposit("note.txt", TXT), refused("protected"))

    mark_scanned(version, late)

    version.refresh_from_db()
    assert (version.state, version.refusal) == (State.REFUSED, "protected")


def test_a_refusal_without_a_sentence_is_not_written(deposit):
    version = deposit("note.txt", TXT)

    with pytest.raises(ValueError, match="Unknown refusal"):
        mark_scanned(version, refused("bad_mood"))

    version.refresh_from_db()
    assert version.state == State.RECEIVED


def test_bytes_that_changed_since_they_were_received_are_refused(deposit, clamd):
    version = deposit("note.txt", TXT)
    Path(evidence_storage().path(version.file.name)).write_bytes(TXT[:10])

    scan(_job(version).pk)

    version.refresh_from_db()
    assert (version.state, version.refusal) == (State.REFUSED, "altered")


def test_bytes_that_cannot_be_found_are_never_clean(deposit, clamd):
    version = deposit("note.txt", TXT)
    Path(evidence_storage().path(version.file.name)).unlink()

    scan(_job(version).pk)

    version.refresh_from_db()
    assert version.state == State.RECEIVED
    assert "cannot be read" in _job(version).error


def test_the_database_refuses_another_hash(deposit):
    version = deposit("note.txt", TXT)

    with pytest.raises(IntegrityError, match="evidence_version_bytes_for_life"), transaction.atomic():
        DocumentVersion.objects.filter(pk=version.pk).update(sha256="0" * 64)


def test_every_state_but_the_good_one_says_what_to_expect_or_to_do():
    assert set(STATES) | {State.REFUSED, State.CLEAN} == set(State.values)
    assert all("éposez" in str(sentence) for sentence in REFUSALS.values())


@pytest.mark.postgresql
def test_a_worker_killed_in_the_middle_of_a_scan_loses_nothing(
    transactional_db, deposit, clamd_socket, settings, tmp_path, monkeypatch
):
    """A real process is killed while the scanner thinks; the sweep gives its job to the next one."""
    # The run's live worker may be up: only the process started below is to hear of the job.
    monkeypatch.setattr(current_app, "send_task", lambda *args, **kwargs: None)
    version = deposit("note.txt", TXT)
    job = _job(version)
    with socket.socket(socket.AF_UNIX) as thinking:
        thinking.bind(str(tmp_path / "thinking.sock"))
        thinking.listen()
        worker = _start_worker(job, str(tmp_path / "thinking.sock"))
        wait_until(lambda: DocumentVersion.objects.get(pk=version.pk).state == State.SCANNING, "the scan's start")
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()

    assert _job(version).state == Job.State.RUNNING
    assert start_scan(version.pk) is not None
    scan(job.pk)
    assert DocumentVersion.objects.get(pk=version.pk).state == State.SCANNING, "too early to take the job over"

    settings.EVIDENCE_SCANNER, settings.CLAMD_SOCKET = "clamd", clamd_socket
    with _after_a_while():
        assert requeue_stale() == 1
        scan(job.pk)
    assert DocumentVersion.objects.get(pk=version.pk).state == State.CLEAN
    assert _job(version).state == Job.State.DONE


def _start_worker(job: Job, scanner: str) -> "subprocess.Popen[bytes]":
    """Run the job's task in a process of its own, on the tests' database."""
    code = f"import django; django.setup(); from evidence.tasks import scan; scan({job.pk})"
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=django_settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "convergence.settings",
            "DATABASE_URL": address_of_the_database(),
            "EVIDENCE_SCANNER": "clamd",
            "CLAMD_SOCKET": scanner,
        },
    )


def test_a_deposit_reaches_its_verdict_through_a_live_worker(celery_worker, deposit, clamd_socket):
    version = deposit("note.txt", TXT)
    infected = deposit("recu.txt", EICAR)

    wait_until(lambda: not DocumentVersion.objects.waiting().exists(), "both verdicts")

    assert DocumentVersion.objects.get(pk=version.pk).state == State.CLEAN
    assert DocumentVersion.objects.get(pk=infected.pk).state == State.REFUSED
