"""Asking for a study and keeping what it finds: once, whole, of the draft as it was read."""

import pytest
from django.db import IntegrityError, transaction

from assessments import tasks
from assessments.models import Dossier, ImpactBlocker, ImpactLine, ImpactScore, ImpactStudy
from assessments.operations.impact import IMPACT_TASK, NothingOpen, request_study, store_study
from audit.models import Event
from jobs.models import Job
from jobs.operations import enqueue
from questionnaires.engine import DefinitionErrors
from questionnaires.operations.drafts import NotADraft
from questionnaires.operations.publishing import publish_edition
from questionnaires.queries import drafted
from tests.impact.small import (
    GAINS,
    LOSES,
    NEW,
    SAME,
    dossier_of,
    first_edition,
    rewrite,
    second_content,
    second_edition,
    without_map,
)
from tests.live import wait_until

pytestmark = pytest.mark.once


@pytest.fixture
def first(db):
    return first_edition()


@pytest.fixture
def draft(first):
    return second_edition()


@pytest.fixture
def dossiers(first, contributor):
    return [dossier_of(first, answers, by=contributor) for answers in (GAINS, SAME, LOSES)]


def made(study):
    """As the worker makes it."""
    tasks.study_impact(study.job_id)
    study.refresh_from_db()
    return study


def content_of(study):
    """All that a study says, apart from its rows' ids."""
    return [
        (
            (line.place, line.dossier_id, line.programme, line.to_reconfirm, line.to_answer, line.new),
            list(line.scores.values_list("code", "title", "before", "after")),
            list(line.blockers.values_list("question_key", "gained")),
        )
        for line in study.lines.all()
    ]


def test_a_study_has_a_line_for_each_dossier_being_filled(first, draft, dossiers, editor, contributor):
    dossier_of(first, SAME, by=contributor, state=Dossier.State.UNDER_REVIEW)
    dossier_of(first, SAME, by=contributor, state=Dossier.State.CLOSED)

    study = made(request_study(draft, by=editor))

    assert study.is_finished
    assert {line.dossier_id for line in study.lines.all()} == {dossier.pk for dossier in dossiers}
    assert [line.place for line in study.lines.all()] == [1, 2, 3]
    assert study.staying == 1
    assert ImpactBlocker.objects.filter(question_key=NEW, gained=True).count() == 3
    assert study.content_hash == drafted(draft).definition.hash


def test_asking_is_told_in_the_trail_once_while_it_is_under_way(draft, dossiers, editor, administrator):
    first, again = request_study(draft, by=editor), request_study(draft, by=administrator)

    assert first == again
    event = Event.objects.get(verb="edition.impact_studied")
    assert (event.actor, event.data["edition"]) == (editor, "E2")
    assert Job.objects.filter(task=IMPACT_TASK).count() == 1


def test_made_again_after_a_kill_it_is_the_same_and_once(draft, dossiers, editor, monkeypatch):
    study = request_study(draft, by=editor)

    def killed(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ImpactBlocker.objects, "bulk_create", killed)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            tasks.study_impact(study.job_id)
    assert not ImpactLine.objects.exists()

    whole = content_of(made(study))
    again = enqueue(IMPACT_TASK, study.pk)
    tasks.study_impact(again.pk)

    assert len(whole) == 3
    assert content_of(study) == whole


def test_the_next_one_takes_the_place_of_the_last(draft, dossiers, editor):
    old = made(request_study(draft, by=editor))

    new = request_study(draft, by=editor)
    assert ImpactStudy.objects.filter(pk=old.pk).exists()
    made(new)

    assert ImpactStudy.objects.get() == new
    assert ImpactLine.objects.count() == 3
    assert ImpactScore.objects.count() == 3


def test_a_draft_that_cannot_be_tried_starts_nothing(draft, dossiers, editor):
    rewrite(draft, without_map(second_content()))

    with pytest.raises(DefinitionErrors):
        request_study(draft, by=editor)

    assert not ImpactStudy.objects.exists()
    assert not Job.objects.exists()


def test_a_draft_that_breaks_meanwhile_ends_the_study_and_the_next_one_begins_anew(draft, dossiers, editor):
    study = request_study(draft, by=editor)
    rewrite(draft, without_map(second_content()))

    made(study)

    study = ImpactStudy.objects.select_related("job").get()
    assert (study.has_failed, study.is_finished) == (True, False)
    rewrite(draft, second_content())
    assert made(request_study(draft, by=editor)).is_finished
    assert ImpactStudy.objects.count() == 1


def test_an_edition_that_is_published_is_not_studied_any_more(draft, dossiers, editor):
    publish_edition(draft, by=None)

    with pytest.raises(NotADraft):
        request_study(draft, by=editor)


def test_without_a_dossier_there_is_nothing_to_study(draft, editor):
    with pytest.raises(NothingOpen):
        request_study(draft, by=editor)


def test_a_study_given_up_meanwhile_keeps_nothing(draft, dossiers, editor):
    study = request_study(draft, by=editor)
    ImpactStudy.objects.filter(pk=study.pk).delete()

    with pytest.raises(ImpactStudy.DoesNotExist):
        store_study(study, [], content_hash="x")
    tasks.study_impact(study.job_id)

    assert Job.objects.get().state == Job.State.DONE


def test_the_database_holds_one_study_under_way_for_an_edition(draft, dossiers, editor):
    request_study(draft, by=editor)

    with pytest.raises(IntegrityError, match=r"one_under_way|UNIQUE"), transaction.atomic():
        ImpactStudy.objects.create(edition=draft, asked_by=editor)


@pytest.mark.postgresql
def test_a_worker_killed_halfway_leaves_nothing_and_the_next_one_makes_it_whole(
    celery_worker, draft, first, editor, contributor
):
    for number in range(150):
        dossier_of(first, (GAINS, SAME, LOSES)[number % 3], by=contributor)
    study = request_study(draft, by=editor)
    job = Job.objects.filter(task=IMPACT_TASK, subject_id=study.pk)
    wait_until(lambda: job.get().progress > 0, "the first dossiers")

    celery_worker.kill()

    study.refresh_from_db()
    assert (job.get().state, study.is_finished, study.lines.count()) == (Job.State.RUNNING, False, 0)

    celery_worker.start()
    wait_until(lambda: job.get().state == Job.State.DONE, "the study, made by the second worker", seconds=60)
    study.refresh_from_db()
    assert study.lines.count() == 150
    assert study.is_finished
    assert job.get().attempts > 1
