"""The worker dies while it draws a report, and another takes over."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from jobs.models import Job
from results.models import Report
from results.operations import close_review
from tests.assessments.filled import examine, submitted_dossier
from tests.live import wait_until


@pytest.fixture
def reports() -> Path:
    """Where the worker keeps them: empty. The rows of earlier tests went, their files did not."""
    folder = Path(settings.DATA_DIR) / "reports"
    shutil.rmtree(folder, ignore_errors=True)
    return folder


@pytest.mark.postgresql
def test_a_worker_killed_in_the_middle_of_a_report_yields_it_once_after_its_restart(
    celery_worker, questionnaires, reports, product, contributor, reviewer, review_lead
):
    dossier = submitted_dossier(product=product, by=contributor, everything=True)
    review = examine(dossier, by=reviewer).review
    close_review(review=review, outcome="favourable", conclusion="", by=review_lead)

    def report() -> Report:
        return Report.objects.select_related("job").get(result__dossier=dossier)

    wait_until(lambda: report().job.progress > 0, "the beginning of the drawing")
    celery_worker.kill()
    assert (report().job.state, report().is_ready) == (Job.State.RUNNING, False)

    celery_worker.start()
    wait_until(lambda: report().job.state == Job.State.DONE, "the report, drawn by the second worker", seconds=90)

    (kept,) = [path for path in reports.rglob("*") if path.is_file()]
    assert kept.read_bytes().startswith(b"%PDF-")
    assert kept.name == Path(str(report().file.name)).name
    assert report().job.attempts > 1
    assert Job.objects.filter(task="results.render_report").count() == 1
