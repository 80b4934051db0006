"""The map of a draft: proposed, decided by people, brought up to date without losing what they decided."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import engine
from questionnaires.engine import Migration, Move, Operation, Questionnaire, Theme, move_of, refreshed, with_move
from questionnaires.models import Version
from questionnaires.operations.drafts import NotADraft
from questionnaires.operations.editions import begin_edition
from questionnaires.operations.maps import MapChangedMeanwhile, NothingBefore, refresh_map, save_grace, save_move
from questionnaires.operations.publishing import publish_edition
from questionnaires.operations.questions import save_question, take_out
from questionnaires.rows import read_version
from tests.editor.drafts import FIRST, SECOND, a_draft, content_of, publish
from tests.questionnaires.builders import question

KEYS = ("Q-1", "Q-2", "Q-3")


def questionnaire(number: str, *questions: engine.Question) -> Questionnaire:
    return Questionnaire(code="Q", version=number, themes=(Theme(code="Q-T", questions=questions),))


OLD = questionnaire("1", *(question(key) for key in KEYS))


def test_a_map_that_nobody_wrote_is_the_one_that_is_proposed():
    new = questionnaire("2", question("Q-1"), question("Q-2", wording="Autre ?"))

    operations = {move.sources[0]: move.operation for move in refreshed(None, OLD, new).moves}

    assert operations == {"Q-1": Operation.KEEP, "Q-2": Operation.RECONFIRM, "Q-3": Operation.DROP}


def test_what_a_person_decided_stands_when_the_map_is_brought_up_to_date():
    new = questionnaire("2", question("Q-1", wording="Autre ?"), question("Q-2"), question("Q-9"))
    written = with_move(refreshed(None, OLD, new), "Q-3", Operation.SPLIT, ("Q-2", "Q-9"), (), "Deux choses.")
    written = with_move(written, "Q-1", Operation.RECONFIRM, ("Q-1",), (), "Mieux dite.")

    again = refreshed(written, OLD, new)

    assert move_of(again, "Q-3").why == "Deux choses."
    assert move_of(again, "Q-1").why == "Mieux dite."
    # Its place is taken by the split.
    assert move_of(again, "Q-2").operation is Operation.DROP


def test_a_question_that_is_as_it_was_again_is_kept_again():
    changed = questionnaire("2", question("Q-1", wording="Autre ?"), question("Q-2"), question("Q-3"))

    back = refreshed(refreshed(None, OLD, changed), OLD, replace(OLD, version="2"))

    assert {move.operation for move in back.moves} == {Operation.KEEP}


def test_merged_questions_share_a_line_and_leave_it_one_by_one():
    new = questionnaire("2", question("Q-9"), question("Q-3"))
    first = with_move(refreshed(None, OLD, new), "Q-1", Operation.MERGE, ("Q-9",), (), "Une seule.")
    both = with_move(first, "Q-2", Operation.MERGE, ("Q-9",), (), "")

    assert move_of(both, "Q-1") is move_of(both, "Q-2")
    assert move_of(both, "Q-1").why == "Une seule."
    apart = with_move(both, "Q-1", Operation.DROP, (), (), "Retirée.")
    assert move_of(apart, "Q-2").sources == ("Q-2",)
    assert move_of(apart, "Q-1").operation is Operation.DROP


@given(
    new=st.lists(st.sampled_from(("Q-1", "Q-2", "Q-3", "Q-8", "Q-9")), unique=True),
    acts=st.lists(
        st.tuples(
            st.sampled_from(KEYS),
            st.sampled_from(Operation),
            st.lists(st.sampled_from(("Q-1", "Q-2", "Q-8", "Q-9")), max_size=2, unique=True),
            st.sampled_from(("", "Parce que.")),
        ),
        max_size=6,
    ),
)
def test_each_old_key_is_named_exactly_once_whatever_people_decide(new, acts):
    there = questionnaire("2", *(question(key) for key in new))
    migration = refreshed(None, OLD, there)
    for source, operation, targets, why in acts:
        migration = with_move(migration, source, operation, targets, (), why)
        assert sorted(migration.sources()) == list(KEYS)
        assert move_of(migration, source).operation is operation

    again = refreshed(migration, OLD, there)

    assert sorted(again.sources()) == list(KEYS)
    assert set(again.targets()) <= set(new)
    assert refreshed(again, OLD, there) == again


@pytest.fixture
def draft(db: None, editor) -> Version:
    """The version that follows a published one."""
    edition = publish(a_draft()).editions.get()
    return begin_edition(source=edition, code="2028", title="Édition 2028", by=editor).versions.get()


def migration_of(version: Version) -> Migration:
    migration = read_version(version).migration
    assert migration is not None
    return migration


def test_a_new_edition_begins_with_a_map_that_keeps_everything(draft):
    assert {move.operation for move in migration_of(draft).moves} == {Operation.KEEP}


def test_the_map_follows_the_draft_when_it_is_asked_to(draft, editor):
    asked = content_of(draft, FIRST)
    save_question(version=draft, content=replace(asked, wording="Dit autrement ?"), base_revision=0, by=editor)
    take_out(version=draft, key=SECOND, by=editor)

    refresh_map(draft, by=editor)

    assert move_of(migration_of(draft), FIRST).operation is Operation.RECONFIRM
    assert move_of(migration_of(draft), SECOND).operation is Operation.DROP


def test_a_line_is_saved_and_what_a_colleague_decided_meanwhile_is_not_overwritten(draft, editor, administrator):
    seen = move_of(migration_of(draft), FIRST)
    said: dict[str, Any] = {"version": draft, "source": FIRST, "targets": (), "choices": (), "seen": seen}
    save_move(**said, operation=Operation.DROP, why="Elle n’est plus utile.", by=editor)

    with pytest.raises(MapChangedMeanwhile):
        save_move(**said, operation=Operation.RECONFIRM, why="À relire.", by=administrator)

    assert move_of(migration_of(draft), FIRST) == Move(
        operation=Operation.DROP, sources=(FIRST,), why="Elle n’est plus utile."
    )


def test_the_time_to_follow_is_saved(draft, editor):
    save_grace(draft, days=30, by=editor)

    assert migration_of(draft).grace_days == 30


def test_a_published_map_never_changes(draft, editor):
    publish_edition(draft.editions.get(), by=None)

    with pytest.raises(NotADraft):
        save_grace(draft, days=30, by=editor)
    with pytest.raises(NotADraft):
        refresh_map(draft, by=editor)


def test_a_first_version_follows_nothing(db, editor):
    with pytest.raises(NothingBefore):
        refresh_map(a_draft(), by=editor)
