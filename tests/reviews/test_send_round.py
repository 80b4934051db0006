"""Sending a round back, and what the next one keeps."""

import pytest

from assessments.answer_states import submitted_copy, working_copy
from assessments.filing import Filing
from assessments.models import Dossier, Round
from assessments.operations.answers import Entry, attach, save_answer
from assessments.operations.reviews import (
    NotExamined,
    NothingToSend,
    RoundOver,
    give_verdict,
    rulings_of,
    send_back,
)
from notifications.models import Notification
from questionnaires.queries import published
from tests.assessments.filled import examine, item_of, last_round, submit_again
from tests.evidence.factories import DocumentVersionFactory
from tests.reviews.conftest import NOT_APPLICABLE

REFUSED = "SEC-GOV-02"  # a file question
KEPT = "SEC-HEB-05"


def definition_of(dossier):
    return published(dossier.edition).definition


def sent(dossier, by, **verdicts):
    current = examine(dossier, by=by, **verdicts)
    send_back(round=current, definition=definition_of(dossier), by=by, message="Merci de compléter.")
    dossier.refresh_from_db()
    return dossier


def verdict_on(dossier, key):
    return last_round(dossier).verdicts.filter(item=item_of(dossier, key)).first()


def new_file(dossier):
    return DocumentVersionFactory.create(clean=True, document__publisher=dossier.product.publisher)


def test_a_round_with_unexamined_items_stays_and_names_them(dossier, reviewer):
    current = examine(dossier, by=reviewer, refused=[REFUSED], but=[KEPT])
    with pytest.raises(NotExamined) as stopped:
        send_back(round=current, definition=definition_of(dossier), by=reviewer)
    assert [item.question.key for item in stopped.value.items] == [KEPT]
    assert Round.objects.get().sent_at is None


def test_a_round_where_all_is_accepted_is_not_sent(dossier, reviewer):
    current = examine(dossier, by=reviewer)
    with pytest.raises(NothingToSend):
        send_back(round=current, definition=definition_of(dossier), by=reviewer)


def test_a_round_is_sent_once(dossier, reviewer, colleague):
    sent(dossier, reviewer, refused=[REFUSED])
    with pytest.raises(RoundOver):
        send_back(round=last_round(dossier), definition=definition_of(dossier), by=colleague)


def test_the_team_is_told_and_reviewers_told_nothing(dossier, reviewer, contributor, representative, reader):
    before = Notification.objects.count()
    sent(dossier, reviewer, refused=[REFUSED], asked=[KEPT])
    told = Notification.objects.order_by("pk")[before:]
    assert {each.recipient for each in told} == {contributor, representative}
    assert all("2 corrections" in each.body for each in told)


def test_nothing_is_told_before_the_round_is_sent(dossier, reviewer):
    before = Notification.objects.count()
    examine(dossier, by=reviewer, but=[REFUSED])
    give_verdict(
        round=last_round(dossier),
        item=item_of(dossier, REFUSED),
        decision="refused",
        reason="incomplete",
        text="…",
        by=reviewer,
    )
    assert Notification.objects.count() == before


def test_only_what_was_refused_or_asked_about_is_sent_back(dossier, reviewer):
    sent(dossier, reviewer, refused=[REFUSED], asked=[NOT_APPLICABLE])
    assert dossier.state == Dossier.State.CORRECTIONS_ASKED
    assert Filing(dossier).reopened == {REFUSED, NOT_APPLICABLE}


def test_an_answer_asked_about_on_demand_is_sent_back_too(dossier, reviewer):
    give_verdict(
        round=last_round(dossier),
        item=item_of(dossier, "SEC-GOV-01"),
        decision="question",
        text="Pouvez-vous préciser ?",
        by=reviewer,
    )
    sent(dossier, reviewer)
    assert Filing(dossier).reopened == {"SEC-GOV-01"}


def test_an_accepted_item_keeps_its_verdict_when_nothing_changed(dossier, reviewer, colleague, contributor):
    sent(dossier, reviewer, refused=[REFUSED])
    first = verdict_on(dossier, KEPT)
    attach(dossier=dossier, key=REFUSED, version=new_file(dossier), by=contributor)
    submit_again(dossier, by=contributor)
    carried = verdict_on(dossier, KEPT)
    assert carried.carried_from == first
    assert (carried.decision, carried.decided_by, carried.decided_at) == ("accepted", reviewer, first.decided_at)
    assert verdict_on(dossier, REFUSED) is None
    assert last_round(dossier).number == 2


def test_a_refused_item_that_comes_back_unchanged_is_examined_again(dossier, reviewer, contributor):
    sent(dossier, reviewer, refused=[REFUSED])
    submit_again(dossier, by=contributor)
    assert verdict_on(dossier, REFUSED) is None


@pytest.mark.parametrize("change", ["file", "answer"])
def test_an_accepted_item_keeps_its_verdict_though_the_working_copy_changed(dossier, reviewer, contributor, change):
    """What was accepted is filed again as it was: the change stays behind."""
    sent(dossier, reviewer, refused=[REFUSED])
    if change == "file":
        attach(dossier=dossier, key=KEPT, version=new_file(dossier), by=contributor)
    else:
        comment = Entry(value=working_copy(dossier).state(KEPT).value, comment="Et davantage.")
        save_answer(dossier=dossier, key=KEPT, entry=comment, base_revision=1, by=contributor)
    submit_again(dossier, by=contributor)
    assert verdict_on(dossier, KEPT).carried_from.decision == "accepted"


@pytest.mark.parametrize("change", ["file", "answer"])
def test_an_item_that_was_sent_back_and_changed_is_examined_again(dossier, reviewer, contributor, change):
    sent(dossier, reviewer, refused=[KEPT])
    if change == "file":
        attach(dossier=dossier, key=KEPT, version=new_file(dossier), by=contributor)
    else:
        comment = Entry(value=working_copy(dossier).state(KEPT).value, comment="Et davantage.")
        save_answer(dossier=dossier, key=KEPT, entry=comment, base_revision=1, by=contributor)
    submit_again(dossier, by=contributor)
    assert verdict_on(dossier, KEPT) is None


def test_a_verdict_carried_twice_still_names_the_round_that_gave_it(dossier, reviewer, contributor):
    for _ in range(2):
        sent(dossier, reviewer, refused=[REFUSED])
        submit_again(dossier, by=contributor)
    assert last_round(dossier).number == 3
    assert verdict_on(dossier, KEPT).carried_from.round.number == 1


def test_a_refused_proof_is_absent_and_a_refused_na_is_unanswered(dossier, reviewer):
    current = examine(dossier, by=reviewer, refused=[REFUSED, NOT_APPLICABLE])
    edition = published(dossier.edition)
    copy = submitted_copy(current.submission, edition=edition, programme=dossier.programme)
    verdicts = current.verdicts.select_related("item__revision")
    judged = copy.evaluate(current.submission.evaluated_on, rulings_of(verdicts, edition.keys)).questions
    assert judged[REFUSED].state == "unanswered"
    assert judged[NOT_APPLICABLE].state == "unanswered"
