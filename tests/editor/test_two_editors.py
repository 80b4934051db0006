"""Two editors write in one draft in any order: whatever anybody saved stays, ranks count from one, nothing is
overwritten unseen.
"""

from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from questionnaires import engine
from questionnaires.models import QuestionRevision
from questionnaires.operations.questions import (
    EditedMeanwhile,
    KeyTaken,
    QuestionGone,
    bring_back,
    move_question,
    restore_question,
    save_question,
    take_out,
)
from tests.editor.drafts import ELSEWHERE, FIRST, SECOND, THIRD, a_draft, content_of, order_of, row_of
from tests.factories import UserFactory

KEYS = st.sampled_from([FIRST, SECOND, THIRD, ELSEWHERE])
THEMES = st.sampled_from(["Q-A", "Q-B"])
WHO = st.integers(0, 1)
FIELD = st.sampled_from(["title", "help", "why"])
WORDS = st.sampled_from(["un", "deux", "trois"])


class TwoEditors(RuleBasedStateMachine):
    """What each has on their screen, and what the draft must say after each act."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.version = a_draft()
        self.people = [UserFactory.create(staff_role="editor") for _ in range(2)]
        # By editor and key: the revision that they write from, what they were shown of it, what their form holds.
        self.screens: dict[tuple[int, str], tuple[int, engine.Question, engine.Question]] = {}
        # By key: all that was ever the question, by number.
        self.was: dict[str, dict[int, engine.Question]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def there(self) -> list[str]:
        return [key for rows in order_of(self.version).values() for _rank, key in rows]

    def note(self, key: str) -> None:
        self.was.setdefault(key, {})[row_of(self.version, key).revision] = content_of(self.version, key)

    def show(self, who: int, key: str) -> None:
        stands = content_of(self.version, key)
        self.screens[who, key] = (row_of(self.version, key).revision, stands, stands)

    @rule(who=WHO, key=KEYS)
    def open(self, who, key):
        if key in self.there():
            self.note(key)
            self.show(who, key)

    @precondition(lambda self: self.screens)
    @rule(data=st.data(), changes=st.dictionaries(FIELD, WORDS, min_size=1))
    def save(self, data, changes):
        who, key = data.draw(st.sampled_from(sorted(self.screens)))
        base, seen, form = self.screens[who, key]
        typed = replace(form, **changes)
        if key not in self.there():
            with pytest.raises(QuestionGone):
                save_question(version=self.version, content=typed, base_revision=base, by=self.people[who])
            return
        before = content_of(self.version, key)
        try:
            save_question(version=self.version, content=typed, base_revision=base, by=self.people[who])
        except EditedMeanwhile as conflict:
            self.told(who, before, conflict)
        else:
            after = content_of(self.version, key)
            assert after is not None
            assert before is not None
            for name in engine.changed_fields(before, after):
                # What they replaced, they had before them.
                assert getattr(before, name) == getattr(seen, name), name
                assert getattr(after, name) == getattr(typed, name), name
            assert all(getattr(after, name) == new for name, new in changes.items() if new != getattr(seen, name))
            self.note(key)
            self.show(who, key)

    def told(self, who, before, conflict):
        """Nothing was written; the person goes on from their words and the others'."""
        key = before.key
        assert content_of(self.version, key) == before == conflict.current
        assert conflict.fields
        self.screens[who, key] = (conflict.revision, conflict.current, conflict.merged)

    @rule(who=WHO, key=KEYS, theme=THEMES, data=st.data())
    def move(self, who, key, theme, data):
        places = [other for _rank, other in order_of(self.version)[theme] if other != key]
        before = data.draw(st.sampled_from([None, *places]))
        try:
            move_question(version=self.version, key=key, theme=theme, before=before, by=self.people[who])
        except QuestionGone:
            assert key not in self.there()
        else:
            keys = [other for _rank, other in order_of(self.version)[theme]]
            assert keys[keys.index(key) + 1 :][:1] == ([before] if before else [])

    @rule(who=WHO, key=KEYS)
    def take_out(self, who, key):
        if key in self.there():
            self.note(key)
        take_out(version=self.version, key=key, by=self.people[who])
        assert key not in self.there()

    @rule(who=WHO, key=KEYS, theme=THEMES)
    def bring_back(self, who, key, theme):
        present, kept = key in self.there(), self.was.get(key, {})
        try:
            bring_back(version=self.version, key=key, theme=theme, by=self.people[who])
        except KeyTaken:
            assert present
        else:
            assert kept is not None
            assert content_of(self.version, key) == kept[max(kept)]
            self.note(key)

    @precondition(lambda self: self.was)
    @rule(who=WHO, data=st.data())
    def restore(self, who, data):
        key = data.draw(st.sampled_from(sorted(self.was)))
        number = data.draw(st.sampled_from(sorted(self.was[key])))
        kept = QuestionRevision.objects.filter(version=self.version, key=key, number=number).exists()
        try:
            restore_question(version=self.version, key=key, number=number, by=self.people[who])
        except QuestionGone:
            assert key not in self.there() or not kept
        else:
            assert content_of(self.version, key) == self.was[key][number]
            self.note(key)

    @invariant()
    def ranks_count_from_one(self):
        for rows in order_of(self.version).values():
            assert [rank for rank, _key in rows] == list(range(1, len(rows) + 1))

    @invariant()
    def whatever_was_saved_is_kept(self):
        kept: dict[str, dict[int, engine.Question]] = {}
        for each in QuestionRevision.objects.filter(version=self.version):
            kept.setdefault(each.key, {})[each.number] = engine.question_from_plain(each.content)
        for key, numbers in self.was.items():
            # A question that nobody changed is its own archive.
            untouched = {0: content_of(self.version, key)} if key not in kept and key in self.there() else {}
            assert numbers == {number: (untouched | kept.get(key, {})).get(number) for number in numbers}

    @invariant()
    def each_question_is_there_once(self):
        there = self.there()
        assert len(there) == len(set(there))


@pytest.mark.django_db
def test_two_editors_lose_nothing_and_overwrite_nothing_unseen():
    profile = settings(
        max_examples=12,
        stateful_step_count=25,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(TwoEditors, settings=profile)
