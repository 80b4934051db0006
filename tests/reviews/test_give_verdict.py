"""Judging one item."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import StaffRole
from assessments.models import Dossier, Verdict
from assessments.operations.reviews import RoundOver, StaleVerdict, give_verdict, send_back
from audit.models import Event
from notifications.models import Notification
from questionnaires.queries import published
from tests.assessments.filled import examine, item_of, last_round
from tests.factories import MembershipFactory, UserFactory

KEY = "SEC-GOV-02"


def judge(dossier, by, *, key=KEY, decision=Verdict.Decision.ACCEPTED, **values):
    return give_verdict(round=last_round(dossier), item=item_of(dossier, key), decision=decision, by=by, **values)


def test_the_first_verdict_puts_the_dossier_under_review(dossier, reviewer):
    judge(dossier, reviewer)
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.UNDER_REVIEW


def test_a_verdict_can_be_changed_by_whoever_saw_it(dossier, reviewer, colleague, both_in_charge):
    first = judge(dossier, reviewer)
    second = judge(
        dossier, colleague, decision="refused", reason="outdated", text="Signée en 2019.", seen_at=first.decided_at
    )
    assert second.pk == first.pk
    verdict = Verdict.objects.get()
    assert (verdict.decision, verdict.decided_by) == ("refused", colleague)


def test_the_second_of_two_reviewers_is_shown_the_first_verdict(dossier, reviewer, colleague, both_in_charge):
    first = judge(dossier, reviewer, decision="question", text="De quand date-t-elle ?")
    with pytest.raises(StaleVerdict) as stopped:
        judge(dossier, colleague)
    assert stopped.value.current == first
    assert Verdict.objects.get().decided_by == reviewer


def test_a_verdict_based_on_one_that_was_changed_since_is_stale(dossier, reviewer, colleague, both_in_charge):
    seen = judge(dossier, reviewer).decided_at
    judge(dossier, colleague, seen_at=seen)
    with pytest.raises(StaleVerdict):
        judge(dossier, reviewer, seen_at=seen)


def told():
    return list(Notification.objects.filter(subject__contains="prêt à clore").values_list("recipient", flat=True))


def test_the_leads_are_told_once_when_nothing_is_left_but_to_close(dossier, reviewer, review_lead):
    examine(dossier, by=reviewer, but=[KEY, "SEC-HEB-05"])
    judge(dossier, reviewer)
    assert told() == []
    last = judge(dossier, reviewer, key="SEC-HEB-05")
    assert told() == [review_lead.pk]
    judge(dossier, reviewer, key="SEC-HEB-05", text="Relu.", seen_at=last.decided_at)
    judge(dossier, reviewer, key="SEC-GOV-01")
    assert told() == [review_lead.pk]
    notice = Notification.objects.get(recipient=review_lead, subject__contains="prêt à clore")
    assert (dossier.number in notice.body, notice.path) == (True, f"/instruction/{dossier.number}/")


def test_the_leads_are_told_when_the_last_refusal_becomes_an_acceptance(dossier, reviewer, review_lead):
    examine(dossier, by=reviewer, refused=[KEY])
    assert told() == []
    judge(dossier, reviewer, seen_at=Verdict.objects.get(decision="refused").decided_at)
    assert told() == [review_lead.pk]


def test_a_last_verdict_that_sends_back_tells_nobody(dossier, reviewer, review_lead):
    examine(dossier, by=reviewer, but=[KEY])
    judge(dossier, reviewer, decision="question", text="De quand date-t-elle ?")
    assert told() == []


def test_a_lead_who_gives_the_last_verdict_or_must_not_see_the_dossier_is_not_told(dossier, publisher, review_lead):
    tied = UserFactory.create(staff_role=StaffRole.REVIEW_LEAD)
    MembershipFactory.create(user=tied, publisher=publisher)
    examine(dossier, by=review_lead, but=[KEY])
    judge(dossier, review_lead)
    assert told() == []


@pytest.mark.parametrize(
    ("reason", "text"),
    [("", "Il manque la page signée."), ("incomplete", ""), ("", "")],
    ids=["reason", "text", "both"],
)
def test_the_database_refuses_a_refusal_without_its_reason_or_its_text(dossier, reviewer, reason, text):
    with pytest.raises(IntegrityError), transaction.atomic():
        judge(dossier, reviewer, decision="refused", reason=reason, text=text)
    assert not Verdict.objects.exists()


def test_the_database_refuses_a_question_without_its_text(dossier, reviewer):
    with pytest.raises(IntegrityError), transaction.atomic():
        judge(dossier, reviewer, decision="question")


def test_a_reason_is_kept_only_with_a_refusal(dossier, reviewer):
    assert judge(dossier, reviewer, reason="incomplete").reason == ""


def test_no_verdict_is_given_once_the_round_was_sent(dossier, reviewer):
    current = examine(dossier, by=reviewer, refused=[KEY])
    seen = current.verdicts.get(item=item_of(dossier, KEY)).decided_at
    send_back(round=current, definition=published(dossier.edition).definition, by=reviewer)
    with pytest.raises(RoundOver):
        judge(dossier, reviewer, seen_at=seen)


def test_no_verdict_is_given_once_the_review_is_closed(dossier, reviewer):
    current = last_round(dossier)
    current.review.outcome, current.review.closed_at, current.review.closed_by = (
        "not_met",
        current.opened_at,
        reviewer,
    )
    current.review.save()
    with pytest.raises(RoundOver):
        judge(dossier, reviewer)


def test_an_answer_that_is_no_review_item_is_judged_on_demand(dossier, reviewer):
    verdict = judge(dossier, reviewer, key="SEC-GOV-01", decision="question", text="Pouvez-vous préciser ?")
    assert verdict.item.question.key == "SEC-GOV-01"


def test_a_verdict_is_traced_without_its_text(dossier, reviewer):
    judge(dossier, reviewer, decision="question", text="Qui a signé ce document ?")
    event = Event.objects.get(verb="verdict.given")
    assert event.data["decision"] == "question"
    assert "signé" not in str(event.data)


@pytest.mark.postgresql
def test_of_two_verdicts_given_at_once_one_is_kept_and_shown_to_the_other(
    transactional_db, dossier, reviewer, colleague, both_in_charge
):
    def judge_apart(by):
        try:
            return judge(dossier, by)
        except StaleVerdict as error:
            return error.current
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(judge_apart, [reviewer, colleague])
    assert first == second == Verdict.objects.get()
