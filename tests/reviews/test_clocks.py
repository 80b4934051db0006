"""Whose turn it is, since when and until when: over the rounds, and on the pages that say it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.clocks import Turn, clock_of, days_late, due_words
from assessments.models import Review, Round
from assessments.operations.reviews import send_back
from questionnaires.queries import published
from results.operations import close_review
from tests.assessments.filled import examine, last_round, submit_again

REFUSED = "SEC-HEB-05"


def at(month, day, hour=10):
    return datetime(2027, month, day, hour, tzinfo=UTC)


def a_round(opened, sent=None, target=None, answer_by=None):
    return Round(opened_at=opened, sent_at=sent, target_on=target, answer_by=answer_by)


def test_the_reviewers_have_the_turn_until_they_send_the_round():
    clock = clock_of([a_round(at(1, 4), target=date(2027, 2, 3))], today=date(2027, 1, 14))
    assert (clock.turn, clock.since, clock.due_on) == (Turn.REVIEWERS, at(1, 4), date(2027, 2, 3))
    assert (clock.reviewers_days, clock.days_late) == (10, 0)


def test_then_the_publisher_has_it_and_the_reviewers_clock_stands_still():
    sent = a_round(at(1, 4), at(1, 14), date(2027, 2, 3), date(2027, 2, 13))
    for today in (date(2027, 1, 14), date(2027, 2, 13)):
        clock = clock_of([sent], today=today)
        assert (clock.turn, clock.since, clock.due_on) == (Turn.PUBLISHER, at(1, 14), date(2027, 2, 13))
        assert (clock.reviewers_days, clock.days_late) == (10, 0)


def test_the_days_of_every_round_add_up_without_the_publishers():
    rounds = [a_round(at(1, 4), at(1, 14)), a_round(at(3, 1), target=date(2027, 3, 31))]
    clock = clock_of(rounds, today=date(2027, 3, 6))
    assert (clock.turn, clock.since, clock.reviewers_days) == (Turn.REVIEWERS, at(3, 1), 15)


def test_a_closed_review_counts_no_more():
    clock = clock_of([a_round(at(1, 4), at(1, 9), date(2027, 1, 5))], today=date(2027, 6, 1), over_since=at(1, 9))
    assert (clock.turn, clock.since, clock.due_on) == (Turn.NOBODY, at(1, 9), None)
    assert (clock.reviewers_days, clock.days_late) == (5, 0)


def test_a_dossier_that_left_while_it_was_examined_stops_the_clock_there():
    clock = clock_of([a_round(at(1, 4))], today=date(2027, 6, 1), over_since=at(1, 9))
    assert clock.reviewers_days == 5


def test_days_are_those_of_paris():
    late_in_the_evening = datetime(2027, 1, 4, 23, 30, tzinfo=UTC)  # the 5th in Paris
    assert clock_of([a_round(late_in_the_evening)], today=date(2027, 1, 6)).reviewers_days == 1


@pytest.mark.parametrize(("today", "late"), [(11, 0), (12, 0), (13, 1), (22, 10)])
def test_the_day_itself_is_in_time(today, late):
    assert days_late(date(2027, 3, 12), today=date(2027, 3, today)) == late


def test_without_a_date_nothing_is_late():
    clock = clock_of([a_round(at(1, 4))], today=date(2030, 1, 1))
    assert (clock.days_late, clock.due_words) == (0, "")


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (0, "Échéance le 12 mars 2027"),
        (1, "En retard de 1 jour (échéance le 12 mars 2027)"),
        (3, "En retard de 3 jours (échéance le 12 mars 2027)"),
    ],
)
def test_the_date_is_told_in_words(late, words):
    assert due_words(date(2027, 3, 12), late) == words


def send(dossier, by):
    current = examine(dossier, by=by, refused=[REFUSED])
    send_back(round=current, definition=published(dossier.edition).definition, by=by)
    dossier.refresh_from_db()


def test_a_submission_sets_the_reviewers_date(dossier, settings):
    current = last_round(dossier)
    assert current.target_on == timezone.localdate() + timedelta(days=settings.REVIEW_TARGET_DAYS)
    review = Review.objects.get()
    assert (review.turn_since, review.due_on) == (current.opened_at, current.target_on)


def test_sending_back_sets_the_publishers_date_and_submitting_again_the_reviewers(
    dossier, reviewer, contributor, settings
):
    settings.CORRECTION_TARGET_DAYS = 10
    send(dossier, reviewer)
    sent = last_round(dossier)
    assert sent.answer_by == timezone.localdate() + timedelta(days=10)
    review = Review.objects.get()
    assert (review.turn_since, review.due_on) == (sent.sent_at, sent.answer_by)
    submit_again(dossier, by=contributor)
    review.refresh_from_db()
    assert (review.turn_since, review.due_on) == (last_round(dossier).opened_at, last_round(dossier).target_on)


def test_closing_stops_the_clock(dossier, reviewer, review_lead):
    review = examine(dossier, by=reviewer).review
    close_review(review=review, outcome="with_reservations", conclusion="Une réserve.", by=review_lead)
    review.refresh_from_db()
    assert (review.turn_since, review.due_on) == (review.closed_at, None)


def test_the_mail_of_a_round_says_by_when_to_answer(dossier, reviewer, contributor):
    send(dossier, reviewer)
    assert "Répondez avant le" in contributor.notifications.latest("pk").body


def publishers_page(client, dossier, contributor):
    client.force_login(contributor)
    return client.get(reverse("dossiers:instruction", args=[dossier.number])).content.decode()


def test_the_publisher_reads_by_when_the_reviewers_mean_to_answer(client, dossier, contributor):
    Round.objects.update(target_on=date(2027, 3, 12))
    shown = publishers_page(client, dossier, contributor)
    assert "Les examinateurs visent une réponse avant le 12 mars 2027." in shown


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2127, 3, 12), "Répondez avant le 12 mars 2127."),
        (date(2020, 3, 12), "Une réponse vous était demandée avant le 12 mars 2020. Vous pouvez encore répondre."),
    ],
)
def test_the_publisher_reads_by_when_to_answer(client, dossier, reviewer, contributor, day, words):
    send(dossier, reviewer)
    Round.objects.update(answer_by=day)
    assert publishers_page(client, dossier, contributor).count(words) == 1


def test_a_reader_is_not_told_to_answer(client, dossier, reviewer, reader):
    send(dossier, reviewer)
    Round.objects.update(answer_by=date(2020, 3, 12))
    page = publishers_page(client, dossier, reader)
    assert "Une réponse était demandée avant le 12 mars 2020." in page
    assert "Vous pouvez encore répondre" not in page


def test_a_closed_dossier_shows_the_publisher_no_date(client, dossier, reviewer, review_lead, contributor):
    review = examine(dossier, by=reviewer).review
    close_review(review=review, outcome="with_reservations", conclusion="Une réserve.", by=review_lead)
    assert "réponse avant le" not in publishers_page(client, dossier, contributor)


def test_the_desk_says_how_late_and_how_long(desk_client, dossier):
    today = timezone.localdate()
    Round.objects.update(opened_at=timezone.now() - timedelta(days=12), target_on=today - timedelta(days=2))
    page = desk_client.get(reverse("reviews:detail", args=[dossier.number])).content.decode()
    assert "En retard de 2 jours (échéance le" in page
    assert "Chez les examinateurs pendant 12 jours en tout" in page
