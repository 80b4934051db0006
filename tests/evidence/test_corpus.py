"""Hostile and odd files, from their reception to what the publisher reads: refused or neutralised, with a sentence."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

from evidence import sandbox
from evidence.models import DocumentVersion
from evidence.operations import mark_scanned, start_scan
from evidence.scanners import DemonstrationScanner
from evidence.scanning import judge
from evidence.sentences import REFUSALS, UPLOADS, about
from evidence.uploads import InvalidUpload
from tests.evidence.corpus import CASES, Case
from tests.live import wait_until

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# `protected` is said at the door of what is not even a ZIP archive, and after the inspection of the rest.
AT_THE_DOOR = "a Word document with a password"
NOT_TAKEN = {
    name: case
    for name, case in CASES.items()
    if case.answer in UPLOADS and (case.answer not in REFUSALS or name == AT_THE_DOOR)
}
JUDGED = {name: case for name, case in CASES.items() if name not in NOT_TAKEN}


def by_name(cases: dict[str, Case]):
    return pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in cases.items()])


@pytest.fixture(autouse=True)
def _an_antivirus_that_knows_none_of_them(settings):
    settings.DEMONSTRATION = True


def judged(version: DocumentVersion) -> DocumentVersion:
    start_scan(version.pk)
    return mark_scanned(version, judge(version, DemonstrationScanner()))


def test_there_are_more_than_sixty_of_them():
    assert len([case for case in CASES.values() if case.answer]) >= 60


@by_name(NOT_TAKEN)
def test_it_is_not_taken_and_leaves_nothing(deposit, quarantined, case):
    with pytest.raises(InvalidUpload) as refusal:
        deposit(case.file_name, case.content())

    assert refusal.value.code == case.answer
    assert refusal.value.sentence
    assert quarantined() == set()


@by_name(JUDGED)
def test_it_is_judged_as_it_must_and_nobody_opens_what_is_refused(deposit, case):
    version = judged(deposit(case.file_name, case.content()))

    assert version.refusal == case.answer
    assert version.is_readable is (case.answer == "")
    assert bool(about(version.state, version.refusal)) is bool(case.answer)


def test_the_pages_of_what_has_some_are_counted(deposit):
    counted = {
        name: judged(deposit(CASES[name].file_name, CASES[name].content())).pages
        for name in ("a PDF of forty pages", "a PNG", "a Word document", "a text in UTF-8")
    }

    assert counted == {"a PDF of forty pages": 40, "a PNG": None, "a Word document": None, "a text in UTF-8": None}


@pytest.mark.parametrize(
    "name", ["a name of three hundred letters", "a name that reads backwards", "a name with a path"]
)
def test_an_odd_name_is_made_harmless(deposit, name):
    version = deposit(CASES[name].file_name, CASES[name].content())

    assert len(version.original_name) <= 150
    assert version.original_name.endswith(".pdf")
    assert not set(version.original_name) & set("/\\\u202e\r\n")


# --- The process that looks ---------------------------------------------------------------------


@pytest.fixture
def some_file():
    with tempfile.TemporaryFile() as file:
        yield file


def test_an_inspection_that_is_killed_judges_nothing(some_file, tmp_path, monkeypatch):
    monkeypatch.setattr("evidence.sandbox.sys.executable", str(_program(tmp_path, "kill -KILL $$")))

    assert sandbox.inspect(some_file, "application/pdf").is_unavailable


def test_an_inspection_that_cannot_be_started_judges_nothing(some_file, tmp_path, monkeypatch):
    monkeypatch.setattr("evidence.sandbox.sys.executable", str(tmp_path / "nobody"))

    assert sandbox.inspect(some_file, "application/pdf").is_unavailable


def test_an_inspection_that_fails_clears_nothing(some_file, tmp_path, monkeypatch):
    monkeypatch.setattr("evidence.sandbox.sys.executable", str(_program(tmp_path, "echo broken >&2; exit 3")))

    verdict = sandbox.inspect(some_file, "application/pdf")

    assert (verdict.outcome, verdict.refusal) == ("refused", "not_analysable")
    assert "broken" in verdict.detail


def test_the_inspection_sees_no_secret_and_writes_nothing(some_file, tmp_path, monkeypatch):
    seen = tmp_path / "seen"
    monkeypatch.setenv("SECRET_KEY", "confidential")
    monkeypatch.setattr("evidence.sandbox.sys.executable", str(_program(tmp_path, f"env > {seen}; exit 1")))

    sandbox.inspect(some_file, "application/pdf")

    assert "confidential" not in seen.read_text()


def test_the_inspection_dies_with_the_process_that_asked(tmp_path):
    """Its file never gives a byte, so that it would wait for ever; the one that asked is killed like a worker."""
    os.mkfifo(tmp_path / "silent")
    code = f"from evidence import sandbox; sandbox.inspect(open('{tmp_path}/silent', 'r+b', buffering=0), 'image/png')"
    asking = subprocess.Popen(
        [sys.executable, "-c", f"import django; django.setup(); {code}"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "convergence.settings"},
    )
    children = Path(f"/proc/{asking.pid}/task/{asking.pid}/children")
    try:
        wait_until(lambda: "evidence.inspection" in _command(children.read_text()), "the inspection")
        inspection = children.read_text().strip()
        wait_until(lambda: _opened(inspection).count(str(tmp_path / "silent")) == 2, "its reading of the file")
    finally:
        asking.kill()
        asking.wait()

    wait_until(lambda: not _command(inspection), "the end of the inspection", 5)


def _command(pid: str) -> str:
    """What this process runs; nothing when it is no more, or not collected yet by whoever inherited it."""
    path = Path(f"/proc/{pid.strip() or 'nobody'}/cmdline")
    return path.read_text().replace("\0", " ") if path.exists() else ""


def _opened(pid: str) -> list[str]:
    """The files that this process holds: the one that it was handed, and the same again once it reads."""
    return [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]


def _program(folder, script):
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return path
