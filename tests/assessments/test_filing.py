"""What a new submission would file, whatever the team has typed and whatever was sent back."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.answer_states import AnswerState, Copy, working_copy
from assessments.filing import next_submission_copy
from questionnaires.engine import QuestionType
from tests.assessments.filled import filled_dossier

PROFILE = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def filed(db) -> Copy:
    """A whole submission; one question of it hides another when it is answered « non »."""
    return working_copy(filled_dossier())


def rounds_of(copy: Copy) -> st.SearchStrategy[list[tuple[dict[str, object], set[str]]]]:
    """For each round: what the team changed, by key, and what was sent back."""
    keys = [key for key, question in copy.definition.questions.items() if question.type is QuestionType.YES_NO]
    edits = st.dictionaries(st.sampled_from(keys), st.sampled_from(["oui", "non", None]), max_size=12)
    return st.lists(st.tuples(edits, st.sets(st.sampled_from(keys), max_size=6)), min_size=1, max_size=3)


def edited(copy: Copy, edits: Mapping[str, object]) -> Copy:
    for key, value in edits.items():
        state = copy.state(key)
        copy = copy.with_state(key, replace(state, value=value, revision=state.revision + 1))
    return copy


def shown(copy: Copy) -> set[str]:
    return {key for key, result in copy.evaluate(timezone.localdate()).questions.items() if result.shown}


def as_filed(copy: Copy) -> Copy:
    """What a submission keeps of a copy."""
    visible = shown(copy)
    states = {key: state for key, state in copy.states.items() if key in visible}
    return Copy(edition=copy.edition, programme=copy.programme, states=states)


def test_only_what_was_sent_back_and_what_it_reveals_moves(filed):
    today, start = timezone.localdate(), filed

    @PROFILE
    @given(rounds=rounds_of(filed))
    def check(rounds) -> None:
        working, last = start, as_filed(start)
        for edits, chosen in rounds:
            working, sent_back = edited(working, edits), chosen & set(last.states)
            then = shown(last)
            following = next_submission_copy(working, last, filed_on=today, sent_back=sent_back)
            for key in then - sent_back:
                assert following.states.get(key) == last.states.get(key)
            for key in sent_back:
                assert following.state(key) == working.state(key)
            last = as_filed(following)

    check()


def test_what_stays_pending_changes_nothing_to_what_is_filed(filed):
    """The evaluation that decides whether it may be submitted is the same with and without the other changes."""
    today, start = timezone.localdate(), filed

    @PROFILE
    @given(rounds=rounds_of(filed))
    def check(rounds) -> None:
        last = as_filed(start)
        edits, chosen = rounds[0]
        sent_back, hidden = chosen & set(last.states), start.definition.questions.keys() - shown(last)
        all_edited = edited(start, edits)
        needed = edited(start, {key: value for key, value in edits.items() if key in sent_back | hidden})
        with_pending, without = (
            next_submission_copy(each, last, filed_on=today, sent_back=sent_back) for each in (all_edited, needed)
        )
        assert with_pending.evaluate(today) == without.evaluate(today)

    check()


def test_nothing_sent_back_files_the_same_again(filed):
    last = as_filed(filed)
    working = edited(filed, {"SEC-EXP-04": "non", "SEC-EXP-07": None})

    following = next_submission_copy(working, last, filed_on=timezone.localdate(), sent_back=())

    assert as_filed(following).states == last.states


def test_a_question_that_a_correction_hides_is_not_filed(filed):
    working = edited(filed, {"SEC-EXP-04": "non"})

    following = next_submission_copy(working, as_filed(filed), filed_on=timezone.localdate(), sent_back={"SEC-EXP-04"})

    assert "SEC-EXP-05" in as_filed(filed).states
    assert "SEC-EXP-05" not in as_filed(following).states


def test_a_question_that_a_correction_reveals_is_taken_from_the_working_copy(filed):
    hidden = as_filed(edited(filed, {"SEC-EXP-04": "non"}))
    working = filed.with_state("SEC-EXP-05", AnswerState(value=["cnil"], revision=3))

    following = next_submission_copy(working, hidden, filed_on=timezone.localdate(), sent_back={"SEC-EXP-04"})

    assert following.state("SEC-EXP-05").value == ["cnil"]
