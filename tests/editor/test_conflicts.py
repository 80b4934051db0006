"""Two people changed one question: what each alone changed is kept, and nothing is overwritten unseen."""

from dataclasses import replace

import pytest

from questionnaires.models import QuestionDraft
from questionnaires.operations.questions import EditedMeanwhile, add_question, save_question
from questionnaires.operations.typing import keep_question_draft
from tests.editor.drafts import FIRST, content_of, revisions_of, row_of, small_edition
from tests.questionnaires.builders import question

pytestmark = pytest.mark.django_db


def save(version, *, base, by, **fields):
    """Save the question as the draft began with it, some fields typed over."""
    began = next(each for theme in small_edition().questionnaires[0].themes for each in theme.questions)
    return save_question(version=version, content=replace(began, **fields), base_revision=base, by=by)


def test_both_changed_the_same_field_and_the_second_is_told_who_and_what(version, editor, colleague):
    save(version, base=0, by=colleague, title="De Noa")

    with pytest.raises(EditedMeanwhile) as refused:
        save(version, base=0, by=editor, title="De Claude")

    conflict = refused.value
    assert (conflict.fields, conflict.by, conflict.revision) == (("title",), colleague, 1)
    assert conflict.current.title == "De Noa"
    assert conflict.merged.title == "De Claude"
    assert content_of(version, FIRST).title == "De Noa"


def test_a_conflict_gives_the_words_of_both_to_go_on_from(version, editor, colleague):
    """The next save is judged against theirs: had they not been in it, their other words would be undone."""
    save(version, base=0, by=colleague, title="De Noa", why="Parce que.")
    with pytest.raises(EditedMeanwhile) as refused:
        save(version, base=0, by=editor, title="De Claude", help="Ici.")

    conflict = refused.value
    assert (conflict.kept, conflict.merged.why, conflict.merged.help) == (("why",), "Parce que.", "Ici.")
    save_question(version=version, content=conflict.merged, base_revision=conflict.revision, by=editor)

    stands = content_of(version, FIRST)
    assert (stands.title, stands.why, stands.help) == ("De Claude", "Parce que.", "Ici.")


def test_a_conflict_saves_nothing_and_ends_no_draft(version, editor, colleague):
    keep_question_draft(version=version, key=FIRST, typed={"title": ["De Claude"]}, base_revision=0, by=editor)
    save(version, base=0, by=colleague, title="De Noa")

    with pytest.raises(EditedMeanwhile):
        save(version, base=0, by=editor, title="De Claude", help="Ici.")

    assert QuestionDraft.objects.filter(author=editor).exists()
    assert [number for number, _title, _by in revisions_of(version, FIRST)] == [0, 1]
    assert content_of(version, FIRST).help == ""


def test_what_only_the_other_changed_stays_and_is_told(version, editor, colleague):
    save(version, base=0, by=colleague, why="Parce que.")

    saved = save(version, base=0, by=editor, title="De Claude")

    assert saved.kept == ("why",)
    stands = content_of(version, FIRST)
    assert (stands.title, stands.why) == ("De Claude", "Parce que.")


def test_both_made_the_same_change_and_there_is_nothing_to_choose(version, editor, colleague):
    save(version, base=0, by=colleague, title="Le même")

    saved = save(version, base=0, by=editor, title="Le même")

    assert (saved.is_changed, saved.kept, saved.revision) == (False, (), 1)


def test_a_person_who_comes_back_to_what_was_there_has_changed_nothing(version, editor, colleague):
    save(version, base=0, by=colleague, title="De Noa")

    saved = save(version, base=0, by=editor)

    assert (saved.is_changed, saved.kept) == (False, ("title",))
    assert content_of(version, FIRST).title == "De Noa"


@pytest.mark.parametrize("base", [-1, 7, 99_999_999])
def test_a_base_that_nobody_knows_overwrites_nothing(version, editor, colleague, base):
    save(version, base=0, by=colleague, title="De Noa", why="Parce que.")

    with pytest.raises(EditedMeanwhile) as refused:
        save(version, base=base, by=editor, title="De Claude")

    assert refused.value.fields == ("title", "why")


def test_a_question_that_was_just_added_has_no_state_before_its_first(version, editor, colleague):
    """Zero is the state that a draft began with: a question that somebody added never had it."""
    add_question(version=version, theme="Q-A", content=question("Q-A-09", wording="Neuve ?"), by=colleague)
    over = replace(content_of(version, "Q-A-09"), wording="Autre ?")

    with pytest.raises(EditedMeanwhile) as refused:
        save_question(version=version, content=over, base_revision=0, by=editor)

    assert refused.value.fields == ("wording",)
    assert row_of(version, "Q-A-09").revision == 1
