"""Three people type in the same questions at the same moments: every text they gave is kept somewhere, whoever wins.

A hypothesis state machine over the operations. Each step is a few acts, started together in threads of their own, each
with its own connection to PostgreSQL.
"""

import uuid
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.models import Membership
from assessments.models import Answer, AnswerRevision, Dossier, Draft
from assessments.operations.answers import Entry, StaleAnswer, give_way, save_answer
from assessments.operations.dossiers import move
from assessments.operations.drafts import drop_draft, keep_draft
from tests.assessments.at_once import at_once
from tests.assessments.saving import open_for, state_of
from tests.factories import ProductFactory, UserFactory

KEYS = ("SEC-GOV-01", "SEC-EXP-04")
SAVE, AGAIN, TYPE = "save", "the same save again", "type what is no answer"
KEEP_MINE, TAKE_THEIRS = "keep mine", "take theirs"
ACTS = (SAVE, SAVE, AGAIN, KEEP_MINE, TAKE_THEIRS, TYPE)
NUMBERS = count(1)


@dataclass
class Screen:
    """One question on one person's screen. `base`: what its text is written from; `seen`: the answer beside it, which
    is another one during a conflict."""

    key: str
    base: int = 0
    seen: int = 0
    text: str = ""
    mutation: uuid.UUID = field(default_factory=uuid.uuid4)


class Team(RuleBasedStateMachine):
    """Nothing is rolled back between two examples: each opens a dossier of its own."""

    @initialize()
    def open(self) -> None:
        product = ProductFactory.create()
        self.people = UserFactory.create_batch(3)
        for person in self.people:
            product.publisher.memberships.create(user=person, role=Membership.Role.CONTRIBUTOR)
        self.dossier: Dossier = open_for(product, by=self.people[0])
        move(self.dossier, Dossier.State.FILLING)
        self.screens = {(number, key): Screen(key) for number in range(len(self.people)) for key in KEYS}
        self.acknowledged: list[str] = []
        # What nobody but its author has: by person and question.
        self.drafted: dict[tuple[int, str], str] = {}

    @rule(
        acts=st.lists(
            st.tuples(st.integers(0, 2), st.sampled_from(KEYS), st.sampled_from(ACTS)),
            min_size=1,
            max_size=4,
            unique_by=lambda act: act[:2],
        )
    )
    def act_together(self, acts: list[tuple[int, str, str]]) -> None:
        outcomes = at_once(*[partial(self._act, *act) for act in acts], refusals=(StaleAnswer,))
        for (person, key, what), outcome in zip(acts, outcomes, strict=True):
            screen = self.screens[person, key]
            if isinstance(outcome, StaleAnswer):
                self._keep(person, screen)
                screen.seen = outcome.current.revision
            elif what == TYPE:
                self.drafted[person, key] = screen.text
            else:
                assert isinstance(outcome, int)
                # Whoever saves follows what was on their screen: nobody's text is covered unseen.
                assert what != SAVE or outcome == screen.base + 1
                assert what != KEEP_MINE or outcome == screen.seen + 1
                self.drafted.pop((person, key), None)
                if screen.text:
                    self.acknowledged.append(screen.text)
                screen.base = screen.seen = state_of(self.dossier, key).revision if what == TAKE_THEIRS else outcome

    def _act(self, person: int, key: str, what: str) -> Any:
        screen, by = self.screens[person, key], self.people[person]
        if what != AGAIN:
            screen.text, screen.mutation = f"{by.full_name} {next(NUMBERS)}", uuid.uuid4()
        match what:
            case "take theirs":
                give_way(
                    dossier=self.dossier,
                    key=key,
                    entry=_entry(screen),
                    seen=screen.seen,
                    by=by,
                    mutation_id=screen.mutation,
                )
            case "type what is no answer":
                self._draft(person, screen)
            case _ if screen.text:
                saved = save_answer(
                    dossier=self.dossier,
                    key=key,
                    entry=_entry(screen),
                    base_revision=screen.seen if what == KEEP_MINE else screen.base,
                    by=by,
                    mutation_id=screen.mutation,
                )
                return saved.after.working.state(key).revision
        return screen.base

    def _keep(self, person: int, screen: Screen) -> None:
        """As the view does of what meets a colleague's answer."""
        self._draft(person, screen)
        self.drafted[person, screen.key] = screen.text

    def _draft(self, person: int, screen: Screen) -> None:
        typed = {"comment": [screen.text]}
        keep_draft(dossier=self.dossier, key=screen.key, typed=typed, base_revision=screen.base, by=self.people[person])

    @rule(person=st.integers(0, 2), key=st.sampled_from(KEYS))
    def give_up(self, person: int, key: str) -> None:
        drop_draft(dossier=self.dossier, key=key, by=self.people[person])
        self.drafted.pop((person, key), None)

    @invariant()
    def what_was_acknowledged_is_in_the_history(self) -> None:
        history = set(self._revisions().values_list("comment", flat=True))
        assert set(self.acknowledged) <= history

    @invariant()
    def what_was_not_is_a_draft_of_its_author(self) -> None:
        drafts = {
            (draft.author_id, draft.question.key): draft.typed["comment"][0]
            for draft in Draft.objects.filter(dossier=self.dossier).select_related("question")
        }
        assert drafts == {(self.people[person].pk, key): text for (person, key), text in self.drafted.items()}

    @invariant()
    def a_draft_is_of_the_revision_that_it_was_written_from(self) -> None:
        for draft in Draft.objects.filter(dossier=self.dossier).select_related("question"):
            person = next(number for number, each in enumerate(self.people) if each.pk == draft.author_id)
            assert draft.base_revision == self.screens[person, draft.question.key].base

    @invariant()
    def the_history_has_no_gap_and_ends_with_the_answer(self) -> None:
        for answer in Answer.objects.filter(assessment__dossier=self.dossier):
            revisions = list(answer.revisions.order_by("number"))
            assert [each.number for each in revisions] == list(range(1, answer.revision + 1))
            assert revisions[-1].comment == answer.comment

    @invariant()
    def a_save_that_came_twice_was_written_once(self) -> None:
        named = self._revisions().exclude(mutation_id=None).values_list("mutation_id", flat=True)
        assert len(named) == len(set(named))

    def _revisions(self) -> Any:
        return AnswerRevision.objects.filter(answer__assessment__dossier=self.dossier).order_by("pk")


def _entry(screen: Screen) -> Entry:
    return Entry(comment=screen.text)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_no_text_is_lost_whoever_types_with_whom():
    profile = settings(
        max_examples=6,
        stateful_step_count=12,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(Team, settings=profile)
