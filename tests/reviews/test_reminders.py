"""Reminders of the dates of an examination: to whom, when, and once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Dossier, Reminder, Round
from assessments.operations.assignments import assign, recuse
from assessments.operations.reminders import remind
from assessments.operations.reviews import send_back
from assessments.tasks import remind as task
from audit.models import Event
from notifications.models import Notification
from questionnaires.queries import published
from results.operations import close_review
from tests.assessments.filled import examine, last_round, submit_again

REFUSED = "SEC-HEB-05"


@pytest.fixture(autouse=True)
def delays(settings):
    settings.REMINDER_DAYS_BEFORE, settings.REMINDER_DAYS_AFTER = 7, 3


def days_from(day, days):
    return day + timedelta(days=days)


def subjects_of(user, since):
    return [each.subject for each in user.notifications.filter(pk__gt=since).order_by("pk")]


@pytest.fixture
def since(dossier):
    """What was written before the test counts for nothing."""
    return max(Notification.objects.values_list("pk", flat=True), default=0)


@pytest.fixture
def sent_back(dossier, reviewer) -> Round:
    current = examine(dossier, by=reviewer, refused=[REFUSED])
    send_back(round=current, definition=published(dossier.edition).definition, by=reviewer)
    dossier.refresh_from_db()
    return last_round(dossier)


@pytest.mark.parametrize(
    ("days", "kinds"),
    [
        (-8, []),
        (-7, ["review_soon"]),
        (0, ["review_soon"]),
        (1, []),
        (2, []),
        (3, ["review_late"]),
        (90, ["review_late"]),
    ],
)
def test_the_reviewers_are_reminded_before_and_after_their_date(dossier, review_lead, days, kinds):
    remind(days_from(last_round(dossier).target_on, days))
    assert list(Reminder.objects.values_list("kind", flat=True)) == kinds


@pytest.mark.parametrize(("days", "kinds"), [(-8, []), (-7, ["answer_soon"]), (2, []), (3, ["answer_late"])])
def test_the_publisher_is_reminded_before_and_after_theirs(sent_back, days, kinds):
    remind(days_from(sent_back.answer_by, days))
    assert list(Reminder.objects.values_list("kind", flat=True)) == kinds


def test_each_reminder_leaves_once_however_often_the_task_runs(dossier, since, review_lead):
    day = days_from(last_round(dossier).target_on, -7)
    assert remind(day) == 1
    assert remind(day) == remind(days_from(day, 1)) == 0
    assert len(subjects_of(review_lead, since)) == 1
    assert remind(days_from(day, 10)) == 1
    assert len(subjects_of(review_lead, since)) == 2
    assert Event.objects.filter(verb="reminder.sent", data__kind="review_late").count() == 1


def test_the_database_keeps_one_reminder_of_a_kind(dossier):
    current, now = last_round(dossier), timezone.now()
    Reminder.objects.create(round=current, kind="review_soon", sent_at=now)
    with pytest.raises(IntegrityError, match="reminder"), transaction.atomic():
        Reminder.objects.create(round=current, kind="review_soon", sent_at=now)


def test_those_in_charge_are_told_and_nobody_else(dossier, reviewer, colleague, review_lead):
    assign(dossier.review, reviewer=colleague, by=review_lead)
    before = max(Notification.objects.values_list("pk", flat=True))
    remind(days_from(last_round(dossier).target_on, 3))
    assert subjects_of(colleague, before) == [f"Dossier {dossier.number}\u00a0: l’examen est en retard"]
    assert subjects_of(reviewer, before) == subjects_of(review_lead, before) == []


def test_the_leads_are_told_when_nobody_is_in_charge(dossier, since, reviewer, review_lead):
    remind(days_from(last_round(dossier).target_on, 3))
    assert len(subjects_of(review_lead, since)) == 1
    assert subjects_of(reviewer, since) == []


def test_a_reminder_that_would_reach_nobody_waits_for_somebody(dossier, request):
    day = days_from(last_round(dossier).target_on, 3)
    assert remind(day) == 0
    assert not Reminder.objects.exists()
    request.getfixturevalue("review_lead")
    assert remind(day) == 1


def test_a_lead_who_stepped_back_is_not_told(dossier, review_lead):
    recuse(dossier.review, by=review_lead, reason="Un proche y travaille.")
    before = max(Notification.objects.values_list("pk", flat=True), default=0)
    remind(days_from(last_round(dossier).target_on, 3))
    assert subjects_of(review_lead, before) == []


def test_the_team_is_told_with_the_address_of_its_page(dossier, sent_back, contributor, reviewer):
    before = max(Notification.objects.values_list("pk", flat=True))
    remind(days_from(sent_back.answer_by, 3))
    (written,) = contributor.notifications.filter(pk__gt=before)
    assert written.path == f"/dossiers/{dossier.number}/instruction/"
    assert "vous pouvez encore répondre" in written.body
    assert subjects_of(reviewer, before) == []


def test_the_reviewers_are_left_in_peace_while_the_publisher_corrects(sent_back):
    remind(days_from(sent_back.target_on, 3) if sent_back.target_on < sent_back.answer_by else sent_back.target_on)
    assert not Reminder.objects.filter(kind__startswith="review").exists()


def test_a_round_that_was_answered_is_over_for_the_publisher(dossier, sent_back, contributor):
    submit_again(dossier, by=contributor)
    remind(days_from(sent_back.answer_by, 3))
    assert not Reminder.objects.filter(round=sent_back).exists()


def test_nothing_is_reminded_of_once_closed(dossier, reviewer, review_lead):
    review = examine(dossier, by=reviewer).review
    close_review(review=review, outcome="with_reservations", conclusion="Une réserve.", by=review_lead)
    assert remind(days_from(last_round(dossier).target_on, 30)) == 0


def test_nothing_closes_by_itself(dossier, sent_back):
    remind(days_from(sent_back.answer_by, 900))
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.CORRECTIONS_ASKED


def test_rounds_without_dates_are_left_alone(dossier):
    Round.objects.update(target_on=None)
    assert remind(days_from(timezone.localdate(), 900)) == 0


def test_the_daily_task_reminds(dossier, review_lead):
    Round.objects.update(target_on=timezone.localdate())
    assert task() == 1
