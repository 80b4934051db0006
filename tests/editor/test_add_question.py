"""A new question, under a key that never named another."""

import pytest

from questionnaires.operations.questions import KeyTaken, QuestionGone, add_question, take_out
from tests.editor.drafts import (
    ELSEWHERE,
    FIRST,
    a_draft,
    content_of,
    last_event,
    order_of,
    publish,
    revisions_of,
    row_of,
)
from tests.questionnaires.builders import question

pytestmark = pytest.mark.django_db


def test_it_stands_last_and_its_first_words_are_kept(version, editor):
    new = question("Q-B-02", "text", wording="Racontez.")

    add_question(version=version, theme="Q-B", content=new, by=editor)

    assert order_of(version)["Q-B"] == [(1, ELSEWHERE), (2, "Q-B-02")]
    assert content_of(version, "Q-B-02") == new
    assert row_of(version, "Q-B-02").revision == 1
    assert revisions_of(version, "Q-B-02") == [(1, new.title, editor)]
    assert last_event() == ("question.added", editor, {"question": "Q-B-02", "theme": "Q-B"})


def test_a_key_is_for_life_here_and_in_every_other_version(version, editor):
    publish(version)
    other = a_draft("2028")
    take_out(version=other, key=FIRST, by=editor)

    for key in (FIRST, ELSEWHERE):
        with pytest.raises(KeyTaken):
            add_question(version=other, theme="Q-B", content=question(key), by=editor)


def test_the_key_of_a_question_that_was_taken_out_of_its_only_draft_is_not_given_again(version, editor):
    take_out(version=version, key=FIRST, by=editor)

    with pytest.raises(KeyTaken):
        add_question(version=version, theme="Q-B", content=question(FIRST), by=editor)


def test_no_question_joins_a_theme_that_is_not_there(version, editor):
    with pytest.raises(QuestionGone):
        add_question(version=version, theme="Q-Z", content=question("Q-Z-01"), by=editor)
