"""Closing: what forbids it, what it does, what can never be undone."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from assessments.models import Dossier, Review
from assessments.operations.reviews import RoundOver, give_verdict, send_back
from audit.models import Event
from jobs.models import Job
from notifications.models import Notification
from questionnaires.queries import published
from results.models import Report, Result
from results.operations import (
    RENDER_TASK,
    ConclusionMissing,
    NotExamined,
    NotFavourable,
    NotWithReviewers,
    QuestionsPending,
    ReviewClosed,
    close_review,
)
from results.snapshot import digest
from tests.assessments.filled import examine, item_of, last_round, submitted_dossier
from tests.results.conftest import CONCLUSION, GAP, NOT_APPLICABLE

FILE = "SEC-GOV-02"  # a file question


def close(review, by, outcome="favourable", conclusion=""):
    return close_review(review=review, outcome=outcome, conclusion=conclusion, by=by)


def test_closing_seals_the_result_and_ends_the_dossier_and_its_round(examined, dossier, review_lead):
    result = close(examined, review_lead)

    dossier.refresh_from_db()
    review = Review.objects.get(pk=examined.pk)
    last = last_round(dossier)
    assert dossier.state == Dossier.State.CLOSED
    assert (review.outcome, review.closed_by) == ("favourable", review_lead)
    assert (last.sent_at, last.sent_by) == (review.closed_at, review_lead)
    assert result.sealed_at == review.closed_at
    assert result.content_hash == digest(result.content)


def test_closing_queues_the_report_once_and_tells_the_team(examined, dossier, contributor, review_lead):
    result = close(examined, review_lead)

    job = Job.objects.get(task=RENDER_TASK)
    assert (job.subject_id, job.state) == (result.pk, Job.State.QUEUED)
    assert result.report.job == job
    told = Notification.objects.filter(subject__contains="résultat est disponible")
    assert contributor.pk in told.values_list("recipient", flat=True)
    assert set(told.values_list("path", flat=True)) == {f"/dossiers/{dossier.number}/resultat/"}


def test_closing_leaves_a_trace_with_the_hash_and_no_name(examined, dossier, review_lead):
    result = close(examined, review_lead)

    event = Event.objects.get(verb="review.closed")
    sealed = {"outcome": "favourable", "content_hash": result.content_hash}
    assert event.data == {"dossier": dossier.number, **sealed}
    assert event.actor == review_lead


def test_a_closed_review_is_not_closed_twice(examined, review_lead):
    close(examined, review_lead)

    with pytest.raises(ReviewClosed):
        close(examined, review_lead)
    assert Result.objects.count() == Report.objects.count() == 1


def test_no_verdict_is_given_after_the_closing(examined, dossier, reviewer, review_lead):
    close(examined, review_lead)

    with pytest.raises(RoundOver):
        give_verdict(round=last_round(dossier), item=item_of(dossier, FILE), decision="accepted", by=reviewer)


def test_an_item_without_a_verdict_forbids_the_closing(dossier, reviewer, review_lead):
    review = examine(dossier, by=reviewer, but=[FILE]).review

    with pytest.raises(NotExamined) as raised:
        close(review, review_lead, "not_met", CONCLUSION)
    assert [item.question.key for item in raised.value.items] == [FILE]


def test_a_pending_question_forbids_the_closing(dossier, reviewer, review_lead):
    review = examine(dossier, by=reviewer, asked=[FILE]).review

    with pytest.raises(QuestionsPending) as raised:
        close(review, review_lead, "not_met", CONCLUSION)
    assert raised.value.keys == (FILE,)


def test_a_round_sent_back_waits_for_the_publisher(dossier, reviewer):
    current = examine(dossier, by=reviewer, refused=[FILE])
    send_back(round=current, definition=published(dossier.edition).definition, by=reviewer)

    with pytest.raises(NotWithReviewers):
        close(current.review, reviewer, "not_met", CONCLUSION)


def test_a_withdrawn_dossier_is_not_closed(examined, dossier, review_lead):
    Dossier.objects.filter(pk=dossier.pk).update(state=Dossier.State.WITHDRAWN)

    with pytest.raises(NotWithReviewers):
        close(examined, review_lead)


def test_a_refusal_forbids_a_favourable_outcome(dossier, reviewer, review_lead):
    review = examine(dossier, by=reviewer, refused=[FILE]).review

    with pytest.raises(NotFavourable) as raised:
        close(review, review_lead)
    # The refused file counts as absent: the question is incomplete too.
    assert raised.value.refused == raised.value.gaps == (FILE,)


def test_a_refused_not_applicable_forbids_a_favourable_outcome(dossier, reviewer, review_lead):
    review = examine(dossier, by=reviewer, refused=[NOT_APPLICABLE]).review

    with pytest.raises(NotFavourable) as raised:
        close(review, review_lead)
    assert raised.value.refused == (NOT_APPLICABLE,)


def test_a_declared_gap_forbids_a_favourable_outcome(product, representative, reviewer, review_lead):
    dossier = submitted_dossier(product=product, by=representative, answers={GAP: "non"})
    review = examine(dossier, by=reviewer).review

    with pytest.raises(NotFavourable) as raised:
        close(review, review_lead)
    assert (raised.value.refused, raised.value.gaps) == ((), (GAP,))


@pytest.mark.parametrize("outcome", ["with_reservations", "not_met"])
def test_gaps_and_refusals_may_be_closed_when_explained(dossier, reviewer, outcome, review_lead):
    review = examine(dossier, by=reviewer, refused=[FILE]).review

    with pytest.raises(ConclusionMissing):
        close(review, review_lead, outcome, "  ")
    result = close(review, review_lead, outcome, f" {CONCLUSION} ")
    result.dossier.review.refresh_from_db()
    assert result.dossier.review.conclusion == CONCLUSION


def test_a_refused_closing_changes_nothing(dossier, reviewer, review_lead):
    review = examine(dossier, by=reviewer, refused=[FILE]).review

    with pytest.raises(NotFavourable):
        close(review, review_lead)
    review.refresh_from_db()
    assert not review.is_closed
    assert not Result.objects.exists()


@pytest.mark.parametrize("change", [{"content": "{}"}, {"content_hash": "0" * 64}])
def test_a_sealed_result_cannot_be_changed(result, change):
    with pytest.raises(DatabaseError, match="never changed nor deleted"), transaction.atomic():
        Result.objects.filter(pk=result.pk).update(**change)


def test_a_sealed_result_cannot_be_deleted(result):
    with pytest.raises(DatabaseError, match="never changed nor deleted"), transaction.atomic():
        Result.objects.filter(pk=result.pk)._raw_delete(Result.objects.db)


def test_the_queries_of_a_closing_do_not_grow_with_the_answers(examined, django_assert_max_num_queries, review_lead):
    with django_assert_max_num_queries(70):
        close(examined, review_lead)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_who_close_at_once_one_wins(examined, review_lead):
    outcomes: list[str] = []

    def one() -> None:
        try:
            close(examined, review_lead)
            outcomes.append("closed")
        except ReviewClosed:
            outcomes.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["closed", "late", "late", "late"]
    assert Result.objects.count() == 1
