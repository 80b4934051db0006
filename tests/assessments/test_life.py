"""The whole life of a dossier at random: what the portal acknowledged is never lost, what was filed never moves."""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import StaffRole, User
from assessments import policies
from assessments.filing import Filing
from assessments.models import Answer, AnswerRevision, Attachment, Dossier, SubmissionEvidence, SubmissionItem, Verdict
from assessments.operations.answers import Entry, NotOpen, StaleAnswer, attach, detach, save_answer
from assessments.operations.reviews import (
    NotExamined,
    NothingToSend,
    RoundOver,
    StaleVerdict,
    give_verdict,
    items_to_judge,
    send_back,
    unexamined,
)
from assessments.operations.submissions import (
    FilesWaiting,
    GapsNotAcknowledged,
    Incomplete,
    NotSettled,
    NotSubmittable,
    submit,
)
from evidence.models import DocumentVersion
from questionnaires.queries import published
from results.models import Result
from results.operations import NotExamined as NotAllExamined
from results.operations import NotWithReviewers, QuestionsPending, ReviewClosed, close_review
from tests.assessments.filled import examine, filled_dossier, last_round
from tests.evidence.factories import DocumentVersionFactory
from tests.factories import UserFactory

# « non » to the first is a gap and hides a question; the second is recommended, so it may be left without an answer.
ANSWERS = [("SEC-EXP-04", "oui"), ("SEC-EXP-04", "non"), ("SEC-EXP-07", "oui"), ("SEC-EXP-07", None)]
KEYS = ("SEC-EXP-04", "SEC-EXP-07")
PROVED = ("SEC-GOV-02", "RGPD-INF-03", "SEC-EXP-04")
PEOPLE, ITEMS = st.integers(0, 1), st.integers(0, 10_000)

LEGAL = {
    (Dossier.State.FILLING, Dossier.State.SUBMITTED),
    (Dossier.State.SUBMITTED, Dossier.State.UNDER_REVIEW),
    (Dossier.State.UNDER_REVIEW, Dossier.State.CORRECTIONS_ASKED),
    (Dossier.State.CORRECTIONS_ASKED, Dossier.State.SUBMITTED),
    (Dossier.State.SUBMITTED, Dossier.State.CORRECTIONS_ASKED),
    # Everything was judged in an earlier round.
    (Dossier.State.SUBMITTED, Dossier.State.CLOSED),
    (Dossier.State.UNDER_REVIEW, Dossier.State.CLOSED),
}


class Life(RuleBasedStateMachine):
    """Two people of a team and a reviewer do what they like; each example is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.around = transaction.atomic()
        self.around.__enter__()
        self.acknowledged: list[tuple[str, object, str]] = []
        self.filed: dict[int, list[Any]] = {}
        self.moves: list[str] = []

    @initialize(handed_over=st.sampled_from([True, True, False]))
    def open(self, handed_over: bool) -> None:
        self.people: list[User] = UserFactory.create_batch(2)
        self.reviewer: User = UserFactory.create(staff_role=StaffRole.REVIEWER)
        self.lead: User = UserFactory.create(staff_role=StaffRole.REVIEW_LEAD)
        self.dossier = filled_dossier(by=self.people[0])
        self.definition = published(self.dossier.edition).definition
        self.moves = [self.dossier.state]
        if handed_over:
            self.file(knowing=True, scanned=True)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)

    # What people do ---------------------------------------------------------------------------

    @rule(
        answer=st.sampled_from(ANSWERS),
        comment=st.sampled_from(["", "Vu."]),
        person=PEOPLE,
        lag=st.sampled_from([0, 0, 0, 1]),
    )
    def save(self, answer: tuple[str, object], comment: str, person: int, lag: int) -> None:
        key, value = answer
        filing = Filing(self.dossier)
        copy = filing.working
        may = key in policies.open_keys(filing)
        entry = Entry(value=value, comment=comment)
        try:
            save_answer(
                dossier=self.dossier,
                key=key,
                entry=entry,
                base_revision=copy.state(key).revision - lag,
                by=self.people[person],
            )
        except StaleAnswer:
            assert may and lag
        except NotOpen:
            assert not may
        else:
            assert may or entry.is_in(copy.state(key))
            self.acknowledged.append((key, value, comment))

    @rule(key=st.sampled_from(PROVED), state=st.sampled_from(["clean", "clean", "received", "refused"]))
    def join(self, key: str, state: str) -> None:
        version = DocumentVersionFactory.create(
            document__publisher=self.dossier.product.publisher,
            state=state,
            refusal="virus" if state == "refused" else "",
        )
        if self._allowed(lambda: attach(dossier=self.dossier, key=key, version=version, by=self.people[0]), NotOpen):
            assert Attachment.objects.filter(document_version=version, removed_at=None).count() == 1

    @rule(key=st.sampled_from(PROVED))
    def take_away(self, key: str) -> None:
        attachment = Attachment.objects.filter(
            answer__assessment__dossier=self.dossier, answer__question__key=key, removed_at=None
        ).first()
        if attachment:
            self._allowed(
                partial(detach, dossier=self.dossier, key=key, attachment=attachment, by=self.people[1]), NotOpen
            )

    @rule(knowing=st.sampled_from([True, True, True, False]), scanned=st.sampled_from([True, True, True, False]))
    def file(self, knowing: bool, scanned: bool) -> None:
        if scanned:
            DocumentVersion.objects.filter(state="received").update(state="clean")
        filing = Filing(self.dossier)
        evaluation = filing.next_evaluation
        gaps = frozenset(evaluation.unmet) if knowing else frozenset()
        refusals = (NotSubmittable, NotSettled, Incomplete, FilesWaiting, GapsNotAcknowledged)
        if self._allowed(lambda: submit(dossier=self.dossier, by=self.people[0], acknowledged=gaps), *refusals):
            assert evaluation.can_be_submitted
            assert not filing.unsettled
            assert knowing or not evaluation.unmet

    @precondition(lambda self: self.dossier.submissions.exists())
    @rule(pick=ITEMS, decision=st.sampled_from(list(Verdict.Decision)))
    def judge(self, pick: int, decision: str) -> None:
        current = last_round(self.dossier)
        items = items_to_judge(current.submission, self.definition)
        item = items[pick % len(items)]
        standing = current.verdicts.filter(item=item).first()
        self._allowed(
            lambda: give_verdict(
                round=current,
                item=item,
                decision=decision,
                reason=Verdict.Reason.INCOMPLETE,
                text="À compléter.",
                by=self.reviewer,
                seen_at=standing.decided_at if standing else None,
            ),
            RoundOver,
            StaleVerdict,
        )

    @precondition(lambda self: self.dossier.submissions.exists())
    @rule(seed=ITEMS, refused=st.sampled_from([0, 0.1, 0.5]), sent=st.booleans())
    def judge_all(self, seed: int, refused: float, sent: bool) -> None:
        """The rest of a round in one step, or no example would ever reach its end."""
        current, chance = last_round(self.dossier), random.Random(seed)  # noqa: S311 — dice, no secret
        if self.dossier.state in {Dossier.State.SUBMITTED, Dossier.State.UNDER_REVIEW}:
            waiting = [item.question.key for item in unexamined(current, self.definition)]
            examine(self.dossier, by=self.reviewer, refused=[key for key in waiting if chance.random() < refused])
        if sent:
            send = partial(send_back, round=current, definition=self.definition, by=self.reviewer)
            self._allowed(send, RoundOver, NotExamined, NothingToSend)
        self._note()

    @precondition(lambda self: self.dossier.submissions.exists())
    @rule()
    def close(self) -> None:
        refusals = (ReviewClosed, NotWithReviewers, NotAllExamined, QuestionsPending)
        self._allowed(
            lambda: close_review(review=self.dossier.review, outcome="not_met", conclusion="Non.", by=self.lead),
            *refusals,
        )

    def _allowed(self, act: Callable[[], object], *refusals: type[Exception]) -> bool:
        try:
            act()
        except refusals:
            return False
        finally:
            self._note()
        return True

    def _note(self) -> None:
        """Where the dossier is now, and what has just been filed."""
        # Read anew with its relations: `review` may have been made, or closed, since.
        self.dossier = Dossier.objects.select_related("product", "edition").get(pk=self.dossier.pk)
        if self.dossier.state != self.moves[-1]:
            self.moves.append(self.dossier.state)
        for submission in self.dossier.submissions.all():
            self.filed.setdefault(submission.pk, _content(submission.pk))

    # What always holds ------------------------------------------------------------------------

    @invariant()
    def what_was_acknowledged_is_in_history(self) -> None:
        saved = set(
            AnswerRevision.objects.filter(answer__question__key__in=KEYS).values_list(
                "answer__question__key", "value", "comment"
            )
        )
        assert set(self.acknowledged) <= saved

    @invariant()
    def each_answer_is_its_last_revision(self) -> None:
        for answer in Answer.objects.filter(question__key__in=KEYS).prefetch_related("revisions"):
            revisions = list(answer.revisions.all())
            assert [revision.number for revision in revisions] == list(range(1, answer.revision + 1))
            assert (revisions[-1].value, revisions[-1].comment) == (answer.value, answer.comment)

    @invariant()
    def what_was_filed_is_as_it_was(self) -> None:
        for pk, content in self.filed.items():
            assert _content(pk) == content

    @invariant()
    def only_clean_files_are_filed(self) -> None:
        assert not SubmissionEvidence.objects.exclude(document_version__state="clean").exists()

    @invariant()
    def each_move_is_one_of_the_legal_ones(self) -> None:
        assert set(zip(self.moves, self.moves[1:], strict=False)) <= LEGAL

    @invariant()
    def only_a_closed_dossier_has_a_result(self) -> None:
        closed = bool(self.moves) and self.moves[-1] == Dossier.State.CLOSED
        assert Result.objects.exists() is closed


def _content(submission_id: int) -> list[Any]:
    items = SubmissionItem.objects.filter(submission=submission_id).order_by("pk")
    return list(items.values_list("question_id", "revision_id", "revision__value", "evidence__document_version_id"))


@pytest.mark.django_db
def test_a_dossier_lives_without_losing_or_changing_anything():
    profile = settings(
        max_examples=10,
        stateful_step_count=25,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(Life, settings=profile)
