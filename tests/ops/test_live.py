"""The fixtures that run real things do run them."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from jobs.models import Job
from jobs.operations import MAX_ATTEMPTS
from tests.factories import UserFactory
from tests.live import accessibility_problems, sign_in, wait_until


def a_job_that_was_tried_too_often() -> Job:
    long_ago = timezone.now() - timedelta(hours=1)
    return Job.objects.create(task="tests.nothing", subject_id=1, attempts=MAX_ATTEMPTS, alive_at=long_ago)


def is_given_up(job: Job) -> bool:
    job.refresh_from_db()
    return job.state == Job.State.FAILED


def test_the_worker_sweeps_the_database_of_the_tests(celery_worker):
    job = a_job_that_was_tried_too_often()

    wait_until(lambda: is_given_up(job), "the sweep of a live worker")


def test_a_killed_worker_works_again_once_started(celery_worker):
    celery_worker.kill()
    job = a_job_that_was_tried_too_often()
    assert not is_given_up(job)

    celery_worker.start()

    wait_until(lambda: is_given_up(job), "the sweep of a worker that was started again")


def test_the_browser_opens_a_page_as_somebody(page, live_server):
    somebody = UserFactory.create()
    sign_in(page, live_server, somebody)

    page.goto(f"{live_server.url}/compte/")

    expect(page.locator("main")).to_contain_text(somebody.email)


def test_the_browser_sees_what_is_not_accessible(page):
    page.set_content("<!doctype html><html lang='fr'><title>Image</title><main><h1>Image</h1><img src='data:,'></main>")

    assert [problem.partition(":")[0] for problem in accessibility_problems(page)] == ["image-alt"]
