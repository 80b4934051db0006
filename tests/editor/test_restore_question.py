"""A question says again what it said: one more save."""

from dataclasses import replace

import pytest

from questionnaires.models import QuestionDraft
from questionnaires.operations.questions import QuestionGone, restore_question, save_question, take_out
from questionnaires.operations.typing import keep_question_draft
from tests.editor.drafts import FIRST, content_of, last_event, revisions_of, row_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice_saved(version, colleague):
    for base, title in enumerate(["Un", "Deux"]):
        content = replace(content_of(version, FIRST), title=title)
        save_question(version=version, content=content, base_revision=base, by=colleague)
    return version


def test_restoring_is_one_more_save_and_undoes_nothing(twice_saved, editor, colleague):
    restore_question(version=twice_saved, key=FIRST, number=0, by=editor)

    assert revisions_of(twice_saved, FIRST) == [
        (0, f"Titre de {FIRST}", None),
        (1, "Un", colleague),
        (2, "Deux", colleague),
        (3, f"Titre de {FIRST}", editor),
    ]
    assert content_of(twice_saved, FIRST).title == f"Titre de {FIRST}"
    assert row_of(twice_saved, FIRST).revision == 3
    assert last_event()[:2] == ("question.saved", editor)


def test_restoring_what_stands_saves_nothing(twice_saved, editor):
    assert not restore_question(version=twice_saved, key=FIRST, number=2, by=editor).is_changed
    assert len(revisions_of(twice_saved, FIRST)) == 3


def test_restoring_leaves_what_people_are_typing(twice_saved, editor):
    keep_question_draft(version=twice_saved, key=FIRST, typed={"title": ["Trois"]}, base_revision=2, by=editor)

    restore_question(version=twice_saved, key=FIRST, number=1, by=editor)

    assert QuestionDraft.objects.get().typed == {"title": ["Trois"]}


@pytest.mark.parametrize(("key", "number"), [(FIRST, 9), ("Q-A-99", 0), ("Q-A-02", 0)])
def test_what_never_was_is_not_restored(twice_saved, editor, key, number):
    with pytest.raises(QuestionGone):
        restore_question(version=twice_saved, key=key, number=number, by=editor)


def test_a_question_that_was_taken_out_is_brought_back_first(twice_saved, editor):
    take_out(version=twice_saved, key=FIRST, by=editor)

    with pytest.raises(QuestionGone):
        restore_question(version=twice_saved, key=FIRST, number=1, by=editor)
