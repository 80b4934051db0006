"""Submitting: an immutable copy of what is shown, or the reason why not."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from celery import current_app

from assessments.answer_states import submitted_copy, working_copy
from assessments.models import AnswerRevision, Attachment, Dossier, Submission, SubmissionEvidence
from assessments.operations.answers import attach
from assessments.operations.dossiers import move
from assessments.operations.submissions import (
    FilesWaiting,
    GapsNotAcknowledged,
    Incomplete,
    NotSubmittable,
    submit,
)
from audit.models import Event
from evidence.models import DocumentVersion
from notifications.models import Notification
from questionnaires.queries import published
from tests.assessments.filled import filled_dossier, submit_again, submitted_dossier
from tests.assessments.saving import evaluation_of, save

# Obligatory and always asked; « non » is a gap and hides SEC-EXP-05.
KEY, REVEALED = "SEC-EXP-04", "SEC-EXP-05"


def filed_keys(dossier, submission):
    keys = published(dossier.edition).keys
    return {keys[pk] for pk in submission.items.values_list("question_id", flat=True)}


def test_a_complete_dossier_is_handed_over(dossier, mandataire):
    submission = submit(dossier=dossier, by=mandataire)

    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.SUBMITTED
    assert (submission.number, submission.submitted_by, submission.acknowledged_gaps) == (1, mandataire, 0)
    assert submission.round.number == 1
    event = Event.objects.get(verb="dossier.submitted")
    assert (event.actor, event.data) == (mandataire, {"dossier": dossier.number, "submission": 1, "gaps": 0})


def test_the_copy_holds_what_is_shown_at_its_current_revision(dossier, contributor, mandataire):
    save(dossier, KEY, "non", by=contributor)
    save(dossier, KEY, "oui", by=contributor, comment="Exercice annuel.")

    submission = submit(dossier=dossier, by=mandataire)

    shown = {key for key, result in evaluation_of(dossier).questions.items() if result.shown}
    assert filed_keys(dossier, submission) == shown
    revision = submission.items.get(question__key=KEY).revision
    assert (revision.number, revision.value, revision.comment) == (3, "oui", "Exercice annuel.")
    newest = AnswerRevision.objects.filter(answer=revision.answer).latest("number")
    assert revision == newest


def test_a_hidden_answer_is_kept_and_not_filed(dossier, contributor):
    save(dossier, KEY, "non", by=contributor)

    submit_again(dossier, by=contributor)

    submission = dossier.submissions.get()
    assert REVEALED not in filed_keys(dossier, submission)
    assert working_copy(dossier).state(REVEALED).value is not None


def test_a_filed_dossier_evaluates_as_its_working_copy_did(dossier, mandataire):
    before = evaluation_of(dossier)

    submission = submit(dossier=dossier, by=mandataire)

    copy = submitted_copy(submission, edition=published(dossier.edition), programme=dossier.programme)
    assert copy.evaluate(submission.evaluated_on) == before


def test_clean_files_are_filed_and_refused_ones_are_not(dossier, contributor, mandataire, new_file):
    (proof,) = working_copy(dossier).state("SEC-GOV-02").files
    attach(dossier=dossier, key="SEC-GOV-02", version=new_file(refused=True), by=contributor)

    submission = submit(dossier=dossier, by=mandataire)

    filed = SubmissionEvidence.objects.filter(item__submission=submission, item__question__key="SEC-GOV-02")
    assert [each.document_version_id for each in filed] == [proof.pk]


def test_a_removed_file_is_not_filed(dossier, contributor, mandataire, new_file):
    extra = attach(dossier=dossier, key="SEC-GOV-02", version=new_file(clean=True), by=contributor)
    Attachment.objects.filter(pk=extra.pk).update(removed_at=extra.attached_at, removed_by=contributor)

    submission = submit(dossier=dossier, by=mandataire)

    assert not SubmissionEvidence.objects.filter(
        item__submission=submission, document_version=extra.document_version
    ).exists()


@pytest.mark.parametrize(
    "filling", [{"answers": {KEY: None}}, {"without_evidence": ["SEC-GOV-02"]}], ids=["answer", "evidence"]
)
def test_something_missing_stops_the_submission_and_is_named(contributor, filling):
    dossier = filled_dossier(by=contributor, **filling)

    with pytest.raises(Incomplete) as caught:
        submit(dossier=dossier, by=contributor)

    assert caught.value.keys in {(KEY,), ("SEC-GOV-02",)}
    assert not Submission.objects.exists()
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.FILLING


def test_a_recommended_question_may_stay_without_answer(contributor):
    dossier = filled_dossier(answers={"SEC-EXP-07": None}, by=contributor)

    assert "SEC-EXP-07" in filed_keys(dossier, submit(dossier=dossier, by=contributor))


def test_a_file_that_waits_for_its_scan_makes_the_submission_wait(dossier, contributor, new_file):
    attach(dossier=dossier, key=KEY, version=new_file(), by=contributor)

    with pytest.raises(FilesWaiting) as caught:
        submit(dossier=dossier, by=contributor)

    assert caught.value.keys == (KEY,)
    DocumentVersion.objects.filter(state="received").update(state="clean")
    assert submit(dossier=dossier, by=contributor).number == 1


def test_a_waiting_file_of_a_hidden_question_stops_nothing(dossier, contributor, new_file):
    attach(dossier=dossier, key=REVEALED, version=new_file(), by=contributor)
    save(dossier, KEY, "non", by=contributor)

    submission = submit(dossier=dossier, by=contributor, acknowledged=frozenset({KEY}))

    assert submission.acknowledged_gaps == 1


def test_gaps_are_filed_only_by_somebody_who_was_shown_each_of_them(dossier, contributor):
    save(dossier, KEY, "non", by=contributor)
    save(dossier, "SEC-EXP-09", "non", by=contributor)

    with pytest.raises(GapsNotAcknowledged) as caught:
        submit(dossier=dossier, by=contributor, acknowledged=frozenset({KEY}))
    assert caught.value.keys == ("SEC-EXP-09",)

    submission = submit(dossier=dossier, by=contributor, acknowledged=frozenset({KEY, "SEC-EXP-09"}))
    assert submission.acknowledged_gaps == 2


def test_a_gap_acknowledged_and_mended_since_is_no_gap(dossier, contributor):
    assert submit(dossier=dossier, by=contributor, acknowledged=frozenset({KEY})).acknowledged_gaps == 0


SUBMITTABLE = (Dossier.State.FILLING, Dossier.State.CORRECTIONS_ASKED)


@pytest.mark.parametrize("state", [state for state in Dossier.State if state not in SUBMITTABLE])
def test_a_dossier_that_is_not_being_filled_is_not_submitted(dossier, contributor, state):
    move(dossier, state)

    with pytest.raises(NotSubmittable):
        submit(dossier=dossier, by=contributor)

    assert not Submission.objects.exists()


def test_today_is_that_of_paris(dossier, mandataire):
    with time_machine.travel(datetime(2026, 12, 3, 23, 30, tzinfo=UTC)):
        submission = submit(dossier=dossier, by=mandataire)

    assert submission.evaluated_on == date(2026, 12, 4)


def test_active_reviewers_are_told(dossier, mandataire, reviewer, editor, gie_officer):
    submit(dossier=dossier, by=mandataire)

    notification = Notification.objects.exclude(recipient__in=dossier.team()).get()
    assert notification.recipient == reviewer
    assert dossier.number in notification.subject
    assert notification.path == f"/instruction/{dossier.number}/"


def test_a_reviewer_who_left_is_not_told(dossier, mandataire, reviewer):
    reviewer.is_active = False
    reviewer.save()

    submit(dossier=dossier, by=mandataire)

    assert not Notification.objects.filter(recipient=reviewer).exists()


def test_the_team_is_told_that_it_was_submitted_but_not_its_readers(dossier, mandataire, contributor, reader):
    submit(dossier=dossier, by=mandataire)

    told = Notification.objects.filter(subject=f"Dossier {dossier.number} soumis")
    assert {notification.recipient for notification in told} == {mandataire, contributor}


def test_the_mail_leaves_after_the_commit_and_only_then(
    dossier, mandataire, reviewer, monkeypatch, django_capture_on_commit_callbacks
):
    sent: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args: sent.append(name))

    with django_capture_on_commit_callbacks(execute=True):
        submit(dossier=dossier, by=mandataire)
        assert sent == []

    # The reviewer, and the two of the team who are not readers.
    assert sent == ["notifications.send_mail"] * 3


def test_a_submission_costs_the_same_few_and_many_answers(django_assert_max_num_queries, contributor):
    """Bulk writes go in batches on SQLite: the bound leaves room for them, not for a query per answer."""
    dossier = filled_dossier(everything=True, by=contributor)

    with django_assert_max_num_queries(40):
        submit(dossier=dossier, by=contributor)

    assert dossier.submissions.get().items.count() >= 200


def test_what_was_filed_does_not_move_when_the_file_or_the_answer_does(contributor, reviewer):
    dossier = submitted_dossier(by=contributor)
    submission = dossier.submissions.get()
    edition = published(dossier.edition)
    before = submitted_copy(submission, edition=edition, programme=dossier.programme)
    move(dossier, Dossier.State.FILLING)

    save(dossier, KEY, "non", by=contributor)
    Attachment.objects.update(removed_at=submission.submitted_at, removed_by=contributor)

    after = submitted_copy(submission, edition=edition, programme=dossier.programme)
    assert after.states == before.states
