"""Hostile and odd files, from their reception to what the publisher reads: refused or neutralised, with a sentence."""

import pytest

from evidence import sandbox
from evidence.models import DocumentVersion
from evidence.operations import mark_scanned, start_scan
from evidence.scanners import DemonstrationScanner
from evidence.scanning import judge
from evidence.sentences import REFUSALS, UPLOADS, about
from evidence.uploads import InvalidUpload
from tests.evidence.corpus import CASES, Case

pytestmark = pytest.mark.django_db

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


def test_an_inspection_that_is_killed_judges_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("evidence.sandbox.sys.executable", str(_program(tmp_path, "kill -KILL $$")))

    assert sandbox.inspect(tmp_path / "x.pdf", "application/pdf").is_unavailable


def test_an_inspection_that_cannot_be_started_judges_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("evidence.sandbox.sys.executable", str(tmp_path / "nobody"))

    assert sandbox.inspect(tmp_path / "x.pdf", "application/pdf").is_unavailable


def test_an_inspection_that_fails_clears_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("evidence.sandbox.sys.executable", str(_program(tmp_path, "echo broken >&2; exit 3")))

    verdict = sandbox.inspect(tmp_path / "x.pdf", "application/pdf")

    assert (verdict.outcome, verdict.refusal) == ("refused", "not_analysable")
    assert "broken" in verdict.detail


def test_the_inspection_sees_no_secret_and_writes_nothing(tmp_path, monkeypatch):
    seen = tmp_path / "seen"
    monkeypatch.setenv("SECRET_KEY", "confidential")
    monkeypatch.setattr("evidence.sandbox.sys.executable", str(_program(tmp_path, f"env > {seen}; exit 1")))

    sandbox.inspect(tmp_path / "x.pdf", "application/pdf")

    assert "confidential" not in seen.read_text()


def _program(folder, script):
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return path
