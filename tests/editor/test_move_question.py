"""Questions change place, within a theme and from theme to theme; ranks count from one."""

import pytest

from questionnaires.operations.questions import QuestionGone, move_question
from tests.editor.drafts import ELSEWHERE, FIRST, SECOND, THIRD, content_of, last_event, order_of, row_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("key", "theme", "before", "first", "second"),
    [
        (THIRD, "Q-A", FIRST, [THIRD, FIRST, SECOND], [ELSEWHERE]),
        (FIRST, "Q-A", THIRD, [SECOND, FIRST, THIRD], [ELSEWHERE]),
        (FIRST, "Q-A", None, [SECOND, THIRD, FIRST], [ELSEWHERE]),
        (SECOND, "Q-B", ELSEWHERE, [FIRST, THIRD], [SECOND, ELSEWHERE]),
        (SECOND, "Q-B", None, [FIRST, THIRD], [ELSEWHERE, SECOND]),
        (ELSEWHERE, "Q-A", SECOND, [FIRST, ELSEWHERE, SECOND, THIRD], []),
    ],
)
def test_a_question_stands_where_it_was_put(version, editor, key, theme, before, first, second):
    move_question(version=version, key=key, theme=theme, before=before, by=editor)

    expected = {"Q-A": list(enumerate(first, start=1)), "Q-B": list(enumerate(second, start=1))}
    assert order_of(version) == expected
    data = {"question": key, "theme": theme, "before": before or ""}
    assert last_event() == ("question.moved", editor, data)


def test_moving_changes_nothing_of_what_is_said_nor_its_revision(version, editor):
    before = content_of(version, SECOND)

    move_question(version=version, key=SECOND, theme="Q-B", before=None, by=editor)

    assert content_of(version, SECOND) == before
    assert row_of(version, SECOND).revision == 0


@pytest.mark.parametrize(
    ("key", "theme", "before"),
    [("Q-A-99", "Q-A", None), (FIRST, "Q-Z", None), (FIRST, "Q-A", ELSEWHERE), (FIRST, "Q-A", FIRST)],
)
def test_a_place_that_is_not_there_any_more_moves_nothing(version, editor, key, theme, before):
    stands = order_of(version)

    with pytest.raises(QuestionGone):
        move_question(version=version, key=key, theme=theme, before=before, by=editor)

    assert order_of(version) == stands
