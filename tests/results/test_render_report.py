"""The task that draws the report: once, however often it runs and wherever it is killed."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from jobs.models import Job
from jobs.operations import MAX_ATTEMPTS, claim, fail
from results import operations, tasks
from results.models import Report
from results.operations import request_report, store_report
from results.tasks import render_report

PDF = b"%PDF-1.7 a first drawing"
OTHER = b"%PDF-1.7 a second drawing"


pytestmark = pytest.mark.usefixtures("reports_folder")


@pytest.fixture(autouse=True)
def short_report(request, monkeypatch):
    """One page, drawn for real, in place of thirty: the task is the same and ends sooner."""
    if "whole_report" not in request.fixturenames:
        monkeypatch.setattr(tasks, "write_html", lambda reading: f"<title>{reading.number}</title><p>Rapport</p>")


@pytest.fixture
def whole_report():
    """Asks for the real document."""


class Killed(BaseException):
    """What a worker dies of: nothing catches it."""


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def stale(job):
    """As the sweep finds it: running, without a sign of life."""
    Job.objects.filter(pk=job.pk).update(alive_at=timezone.now() - timedelta(hours=1))


def fresh(result):
    return Report.objects.select_related("job").get(result=result)


def test_the_report_is_drawn_and_the_job_done(result, dossier, reports_folder, whole_report):
    render_report(result.report.job_id)

    report = fresh(result)
    assert report.is_ready
    assert (report.job.state, report.job.progress) == (Job.State.DONE, 100)
    with report.file.open() as pdf:
        assert pdf.read(5) == b"%PDF-"
    assert dossier.number in report.file.name
    assert len(files(reports_folder)) == 1


def test_run_twice_it_draws_once(result, reports_folder, monkeypatch):
    render_report(result.report.job_id)
    first = fresh(result)
    monkeypatch.setattr(tasks, "lay_out", None)  # would fail if it were called

    render_report(result.report.job_id)
    Job.objects.filter(pk=first.job_id).update(state=Job.State.QUEUED)
    render_report(result.report.job_id)

    assert fresh(result).sha256 == first.sha256
    assert fresh(result).job.state == Job.State.DONE
    assert len(files(reports_folder)) == 1


@pytest.mark.parametrize("step", ["write_html", "lay_out", "draw", "store_report"])
def test_killed_before_any_step_it_yields_the_report_at_the_next_run(result, reports_folder, monkeypatch, step):
    def die(*args: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(tasks, step, die)
        with pytest.raises(Killed):
            render_report(result.report.job_id)
    assert not fresh(result).is_ready
    stale(result.report.job)

    render_report(result.report.job_id)

    assert fresh(result).is_ready
    assert len(files(reports_folder)) == 1


def test_killed_between_the_file_and_the_row_it_leaves_no_stray_file(result, reports_folder, monkeypatch):
    def die(*args: object, **kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Report, "save", die)
        with pytest.raises(Killed):
            store_report(result.report, PDF)
    assert len(files(reports_folder)) == 1

    store_report(result.report, OTHER)

    (kept,) = files(reports_folder)
    assert kept.read_bytes() == OTHER


def test_a_second_drawing_is_thrown_away(result, reports_folder):
    first = store_report(result.report, PDF)

    second = store_report(result.report, OTHER)

    assert (second.sha256, second.rendered_at) == (first.sha256, first.rendered_at)
    (kept,) = files(reports_folder)
    assert kept.read_bytes() == PDF


def test_a_storage_that_is_away_makes_the_job_wait_for_the_sweep(result, monkeypatch):
    def away(*args: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(tasks, "store_report", away)
    with pytest.raises(OSError, match="no space"):
        render_report(result.report.job_id)

    assert fresh(result).job.state == Job.State.QUEUED
    assert not fresh(result).is_ready


def test_a_job_that_another_worker_holds_is_left_alone(result, monkeypatch):
    claim(result.report.job_id)
    monkeypatch.setattr(tasks, "read", None)  # would fail if it were called

    render_report(result.report.job_id)

    assert fresh(result).job.attempts == 1


def test_progress_is_told_at_real_steps(result, monkeypatch):
    told: list[int] = []
    monkeypatch.setattr(tasks, "advance", lambda job, progress: told.append(progress))

    render_report(result.report.job_id)

    assert told == sorted(told)
    assert len(told) == 3


def test_a_failed_report_may_be_asked_for_again(result):
    failed = result.report.job
    fail(failed, f"Abandoned after {MAX_ATTEMPTS} attempts.")

    report = request_report(result)

    assert report.job_id != failed.pk
    assert report.job.state == Job.State.QUEUED
    render_report(report.job_id)
    assert fresh(result).is_ready


@pytest.mark.parametrize("prepare", ["under way", "ready"])
def test_a_report_under_way_or_ready_is_not_asked_for_again(result, prepare):
    if prepare == "ready":
        render_report(result.report.job_id)
    before = result.report.job_id

    assert request_report(result).job_id == before
    assert Job.objects.filter(task=operations.RENDER_TASK).count() == 1
