"""The life of a review at random: no verdict is lost, nothing accepted reopens, nothing pending slips in."""

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

from accounts.models import StaffRole
from assessments import policies
from assessments.answer_states import submitted_copy
from assessments.filing import Filing
from assessments.models import Attachment, Dossier, Reply, Submission, SubmissionItem, Verdict
from assessments.operations.answers import Entry, NotOpen, attach, detach, save_answer
from assessments.operations.assignments import ReviewOver, Unfit, assign, recuse, unassign
from assessments.operations.replies import NotAsked, reply
from assessments.operations.reviews import (
    NotExamined,
    NothingToSend,
    NotInCharge,
    RoundOver,
    StaleVerdict,
    give_verdict,
    send_back,
    unexamined,
)
from assessments.operations.submissions import FilesWaiting, Incomplete, NotSettled, NotSubmittable, submit
from questionnaires.queries import published
from results.operations import ExaminedAlone, NotWithReviewers, QuestionsPending, ReviewClosed, close_review
from results.operations import NotExamined as NotAllExamined
from tests.assessments.filled import last_round, submitted_dossier
from tests.assessments.test_life import LEGAL
from tests.evidence.factories import DocumentVersionFactory
from tests.factories import UserFactory

pytestmark = pytest.mark.once

# « non » to the first is a gap and hides the second, which no reviewer has to judge.
PARENT, HIDDEN = "SEC-EXP-04", "SEC-EXP-05"
PROVED = ("SEC-GOV-02", "RGPD-INF-03", PARENT)
EDITS = [(PARENT, "oui"), (PARENT, "non"), ("SEC-EXP-07", "oui"), ("SEC-EXP-07", None), (HIDDEN, ["cnil"])]
JUDGED = (*PROVED, HIDDEN, "SEC-HEB-05")
WHO, DECISIONS = st.integers(0, 2), st.sampled_from(list(Verdict.Decision))


class LifeOfAReview(RuleBasedStateMachine):
    """A team and three reviewers, one of whom leads, do what they like; each example is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.around = transaction.atomic()
        self.around.__enter__()

    @initialize(refused=st.sampled_from([(), ("SEC-GOV-02",), (PARENT, "RGPD-INF-03")]))
    def submit_first(self, refused: tuple[str, ...]) -> None:
        """And, most often, send a first round back: chance alone would seldom reach the second one."""
        self.person = UserFactory.create()
        self.lead = UserFactory.create(staff_role=StaffRole.REVIEW_LEAD)
        self.reviewers = [*UserFactory.create_batch(2, staff_role=StaffRole.REVIEWER), self.lead]
        self.dossier = submitted_dossier(by=self.person)
        self.definition = published(self.dossier.edition).definition
        self.moves: list[str] = [self.dossier.state]
        self.filed: dict[int, Any] = {}
        self.evaluated: dict[int, Any] = {}
        self.told: dict[int, Any] = {}
        self._note()
        for key in refused:
            self.judge(key, Verdict.Decision.REFUSED, 0)
        if refused:
            self.end_the_round(seed=0, refused=0, who=0, sent=True)

    def teardown(self) -> None:
        """Two evaluations of a submission agree, whatever came between."""
        for pk, evaluation in self.evaluated.items():
            assert _evaluation(self.dossier, pk) == evaluation
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)

    # The team ---------------------------------------------------------------------------------

    @rule(edit=st.sampled_from(EDITS), comment=st.sampled_from(["", "Vu."]))
    def edit(self, edit: tuple[str, object], comment: str) -> None:
        key, value = edit
        filing = Filing(self.dossier)
        entry = Entry(value=value, comment=comment)
        saved = self._allowed(
            partial(
                save_answer,
                dossier=self.dossier,
                key=key,
                entry=entry,
                base_revision=filing.working.state(key).revision,
                by=self.person,
            ),
            NotOpen,
        )
        assert saved is (key in policies.open_keys(filing) or entry.is_in(filing.working.state(key)))

    @rule(key=st.sampled_from(PROVED), more=st.booleans())
    def move_a_file(self, key: str, more: bool) -> None:
        on: dict[str, Any] = {"dossier": self.dossier, "key": key, "by": self.person}
        if more:
            version = DocumentVersionFactory.create(clean=True, document__publisher=self.dossier.product.publisher)
            self._allowed(partial(attach, version=version, **on), NotOpen)
            return
        links = Attachment.objects.filter(answer__assessment__dossier=self.dossier, answer__question__key=key)
        if link := links.filter(removed_at=None).first():
            self._allowed(partial(detach, attachment=link, **on), NotOpen)

    @rule(key=st.sampled_from(JUDGED))
    def answer_back(self, key: str) -> None:
        asked = key in Filing(self.dossier).sent_back
        written = self._allowed(
            partial(reply, dossier=self.dossier, key=key, text="Nous maintenons.", by=self.person), NotAsked
        )
        assert written is asked

    @precondition(lambda self: self.dossier.state == Dossier.State.CORRECTIONS_ASKED)
    @rule(settled=st.sampled_from([True, True, False]))
    def submit_again(self, settled: bool) -> None:
        if settled:
            for key in Filing(self.dossier).unsettled:
                reply(dossier=self.dossier, key=key, text="Nous maintenons.", by=self.person)
        filing = Filing(self.dossier)
        known = frozenset(filing.next_evaluation.unmet)
        refusals = (NotSubmittable, NotSettled, Incomplete, FilesWaiting)
        if self._allowed(partial(submit, dossier=self.dossier, by=self.person, acknowledged=known), *refusals):
            self._check_what_left(filing)

    def _check_what_left(self, filing: Filing) -> None:
        """Of what was not sent back nor revealed, exactly what was filed; the accepted keep their verdict."""
        last, previous = self.dossier.submissions.order_by("-number")[:2]
        before, after = self.filed[previous.pk], self.filed[last.pk]
        assert {key for key in after if after[key] != before.get(key)} <= filing.reopened
        assert not set(filing.pending) & {key for key in after if after[key] != before.get(key)}
        carried = {
            verdict.item.question.key: verdict for verdict in last.round.verdicts.select_related("item__question")
        }
        accepted = previous.round.verdicts.standing().filter(decision=Verdict.Decision.ACCEPTED)
        for verdict in accepted.select_related("item__question"):
            key = verdict.item.question.key
            if after.get(key) == before[key]:
                assert (carried[key].decision, carried[key].decided_by_id, carried[key].decided_at) == (
                    verdict.decision,
                    verdict.decided_by_id,
                    verdict.decided_at,
                )
        assert {key for key in carried if after[key] != before.get(key)} == set()

    # The reviewers ----------------------------------------------------------------------------

    @rule(key=st.sampled_from(JUDGED), decision=DECISIONS, who=WHO)
    def judge(self, key: str, decision: str, who: int) -> None:
        current = last_round(self.dossier)
        if item := current.submission.items.filter(question__key=key).first():
            self._give(current, item, decision, who)

    @precondition(lambda self: self.dossier.state in Dossier.WITH_REVIEWERS)
    @rule(seed=st.integers(0, 10_000), refused=st.sampled_from([0, 0.1]), who=WHO, sent=st.booleans())
    def end_the_round(self, seed: int, refused: float, who: int, sent: bool) -> None:
        """Judge what is left in one step, or no example would ever reach the end of a round."""
        current, chance = last_round(self.dossier), random.Random(seed)  # noqa: S311 — dice, no secret
        for item in unexamined(current, self.definition):
            decision = Verdict.Decision.REFUSED if chance.random() < refused else Verdict.Decision.ACCEPTED
            if not self._give(current, item, decision, who, quietly=True):
                break
        self._note()
        if sent:
            self.send(who)

    def _give(self, current: Any, item: Any, decision: str, who: int, *, quietly: bool = False) -> bool:
        standing = current.verdicts.standing().filter(item=item).first()
        give = partial(
            give_verdict,
            round=current,
            item=item,
            decision=decision,
            reason=Verdict.Reason.INCOMPLETE,
            text="À compléter.",
            by=self.reviewers[who],
            seen_at=standing.decided_at if standing else None,
        )
        return self._allowed(give, RoundOver, NotInCharge, StaleVerdict, quietly=quietly)

    def send(self, who: int) -> None:
        send = partial(send_back, round=last_round(self.dossier), definition=self.definition, by=self.reviewers[who])
        self._allowed(send, RoundOver, NotInCharge, NotExamined, NothingToSend)

    @rule(act=st.sampled_from(["assign", "unassign", "recuse"]), who=WHO)
    def change_hands(self, act: str, who: int) -> None:
        review, person = self.dossier.review, self.reviewers[who]
        acts: dict[str, Callable[[], object]] = {
            "assign": partial(assign, review, reviewer=person, by=self.lead),
            "unassign": partial(unassign, review, reviewer=person, by=self.lead),
            # The lead stays, so that somebody is left.
            "recuse": partial(recuse, review, by=self.reviewers[who % 2], reason="Un lien."),
        }
        self._allowed(acts[act], ReviewOver, Unfit)

    @precondition(lambda self: self.dossier.submissions.count() > 1)
    @rule()
    def close(self) -> None:
        refusals = (ReviewClosed, NotWithReviewers, NotAllExamined, QuestionsPending, ExaminedAlone)
        end = partial(close_review, review=self.dossier.review, outcome="not_met", conclusion="Non.", by=self.lead)
        self._allowed(end, *refusals)

    def _allowed(self, act: Callable[[], object], *refusals: type[Exception], quietly: bool = False) -> bool:
        try:
            act()
        except refusals:
            return False
        if not quietly:
            self._note()
        return True

    def _note(self) -> None:
        """Where the dossier is now, what has just been filed, and what has just been told."""
        self.dossier = Dossier.objects.select_related("product", "edition").get(pk=self.dossier.pk)
        if self.dossier.state != self.moves[-1]:
            self.moves.append(self.dossier.state)
        for pk, content in _filed(self.dossier).items():
            if pk not in self.filed:
                self.filed[pk] = content
                self.evaluated[pk] = _evaluation(self.dossier, pk)
        for verdict in Verdict.objects.filter(round__sent_at__isnull=False).values():
            self.told.setdefault(verdict["id"], verdict)

    # What always holds ------------------------------------------------------------------------

    @invariant()
    def the_state_is_declared_and_so_is_each_move(self) -> None:
        assert set(self.moves) <= set(Dossier.State)
        assert set(zip(self.moves, self.moves[1:], strict=False)) <= LEGAL

    @invariant()
    def what_was_told_stands(self) -> None:
        now = {verdict["id"]: verdict for verdict in Verdict.objects.filter(pk__in=self.told).values()}
        assert now == self.told

    @invariant()
    def what_was_filed_is_as_it_was(self) -> None:
        assert _filed(self.dossier) == self.filed

    @invariant()
    def only_what_was_told_is_sent_back_or_replied_to(self) -> None:
        assert set(Reply.objects.values_list("verdict", flat=True)) <= self.told.keys()
        if self.dossier.state == Dossier.State.CORRECTIONS_ASKED:
            filing = Filing(self.dossier)
            assert {verdict.pk for verdict in filing.sent_back.values()} <= self.told.keys()
            assert not set(filing.pending) & filing.reopened


def _filed(dossier: Dossier) -> dict[int, dict[str, tuple[Any, ...]]]:
    """The revision and the files of each item, by submission and key. One query."""
    found: dict[int, dict[str, tuple[Any, ...]]] = {}
    items = SubmissionItem.objects.filter(submission__dossier=dossier).order_by("pk", "evidence__document_version_id")
    columns = ("submission", "question__key", "revision", "evidence__document_version_id")
    for pk, key, *content in items.values_list(*columns):
        of_it = found.setdefault(pk, {})
        of_it[key] = (*of_it.get(key, ()), *content)
    return found


def _evaluation(dossier: Dossier, pk: int) -> Any:
    submission = Submission.objects.get(pk=pk)
    copy = submitted_copy(submission, edition=published(dossier.edition), programme=dossier.programme)
    return copy.evaluate(submission.evaluated_on)


@pytest.mark.django_db
def test_a_review_lives_without_losing_a_verdict_or_reopening_what_was_accepted():
    profile = settings(
        max_examples=5,
        stateful_step_count=20,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(LifeOfAReview, settings=profile)
