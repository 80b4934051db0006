"""A question is taken out and brought back: nothing of it is lost."""

from dataclasses import replace

import pytest

from audit.models import Event
from questionnaires.models import QuestionDraft, Remark
from questionnaires.operations.questions import KeyTaken, QuestionGone, bring_back, save_question, take_out
from questionnaires.operations.typing import keep_question_draft, write_remark
from tests.editor.drafts import ELSEWHERE, FIRST, SECOND, THIRD, content_of, last_event, order_of, revisions_of, row_of

pytestmark = pytest.mark.django_db


def test_what_is_taken_out_comes_back_as_it_was(version, editor):
    before = content_of(version, ELSEWHERE)

    take_out(version=version, key=ELSEWHERE, by=editor)
    assert order_of(version)["Q-B"] == []
    assert last_event() == ("question.taken_out", editor, {"question": ELSEWHERE})

    bring_back(version=version, key=ELSEWHERE, theme="Q-B", by=editor)
    assert content_of(version, ELSEWHERE) == before
    assert last_event() == ("question.brought_back", editor, {"question": ELSEWHERE, "theme": "Q-B"})


def test_its_saves_go_on_from_where_they_were(version, editor):
    content = replace(content_of(version, FIRST), title="Un")
    save_question(version=version, content=content, base_revision=0, by=editor)
    take_out(version=version, key=FIRST, by=editor)

    bring_back(version=version, key=FIRST, theme="Q-B", by=editor)

    assert row_of(version, FIRST).revision == 2
    assert [(number, title) for number, title, _by in revisions_of(version, FIRST)] == [
        (0, f"Titre de {FIRST}"),
        (1, "Un"),
        (2, "Un"),
    ]


def test_the_others_close_ranks_and_it_comes_back_last_where_it_is_asked(version, editor):
    take_out(version=version, key=FIRST, by=editor)
    assert order_of(version) == {"Q-A": [(1, SECOND), (2, THIRD)], "Q-B": [(1, ELSEWHERE)]}

    bring_back(version=version, key=FIRST, theme="Q-B", by=editor)
    assert order_of(version)["Q-B"] == [(1, ELSEWHERE), (2, FIRST)]


def test_what_a_colleague_types_and_what_was_said_outlive_the_question(version, editor, colleague):
    keep_question_draft(version=version, key=FIRST, typed={"title": ["De Noa"]}, base_revision=0, by=colleague)
    write_remark(version=version, key=FIRST, text="À revoir.", by=colleague)

    take_out(version=version, key=FIRST, by=editor)

    assert QuestionDraft.objects.get().typed == {"title": ["De Noa"]}
    assert Remark.objects.get().key == FIRST


def test_taking_out_twice_is_taking_out_once(version, editor):
    for _ in range(2):
        take_out(version=version, key=FIRST, by=editor)

    assert Event.objects.filter(verb="question.taken_out").count() == 1


def test_a_question_that_is_there_is_not_brought_back(version, editor):
    with pytest.raises(KeyTaken):
        bring_back(version=version, key=FIRST, theme="Q-A", by=editor)


@pytest.mark.parametrize(("key", "theme"), [("Q-A-99", "Q-A"), (FIRST, "Q-Z")])
def test_what_never_was_does_not_come_back_nor_where_there_is_no_theme(version, editor, key, theme):
    take_out(version=version, key=FIRST, by=editor)

    with pytest.raises(QuestionGone):
        bring_back(version=version, key=key, theme=theme, by=editor)

    assert FIRST not in {key for rows in order_of(version).values() for _rank, key in rows}
