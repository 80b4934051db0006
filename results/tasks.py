"""The report is drawn by a worker. WeasyPrint is imported here, once, when the worker starts."""

from celery import shared_task

from jobs.operations import advance, claim, finish, postpone
from results.models import Result
from results.operations import RENDER_TASK, store_report
from results.reading import read
from results.report import draw, lay_out, write_html


@shared_task(name=RENDER_TASK)
def render_report(job_id: int) -> None:
    """Draw and keep the report of a result. Killed anywhere and run again, it yields the report once."""
    job = claim(job_id)
    if job is None:
        return
    result = Result.objects.select_related("report", "dossier").get(pk=job.subject_id)
    if result.report.is_ready:
        finish(job)
        return
    html = write_html(read(result.content))
    advance(job, 15)
    pages = lay_out(html)
    advance(job, 60)
    pdf = draw(pages)
    advance(job, 90)
    try:
        store_report(result.report, pdf)
    except OSError:
        # The storage is away: the sweep tries again.
        postpone(job, "The report storage is away.")
        raise
    finish(job)
