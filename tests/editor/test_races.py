"""Two editors at the same moment: the version's row decides who comes first, and the other is told."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from questionnaires import engine
from questionnaires.models import QuestionRevision
from questionnaires.operations.drafts import NotADraft
from questionnaires.operations.flags import FlagEditedMeanwhile, save_flag
from questionnaires.operations.publishing import NotProposed, propose_edition, publish_edition
from questionnaires.operations.questions import (
    EditedMeanwhile,
    KeyTaken,
    QuestionGone,
    add_question,
    move_question,
    save_question,
    take_out,
)
from questionnaires.queries import read_edition
from questionnaires.rows import read_version
from tests.assessments.at_once import at_once
from tests.editor.drafts import FIRST, SECOND, THIRD, content_of, edition_of, order_of
from tests.questionnaires.builders import question

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def saving(version, by, **fields):
    content = replace(content_of(version, FIRST), **fields)
    return partial(save_question, version=version, content=content, base_revision=0, by=by)


def test_two_saves_of_the_same_words_one_wins_and_the_other_is_told(version, editor, colleague):
    outcomes = at_once(
        saving(version, editor, title="De Claude"),
        saving(version, colleague, title="De Noa"),
        refusals=(EditedMeanwhile,),
    )

    (conflict,) = [each for each in outcomes if isinstance(each, EditedMeanwhile)]
    stands = content_of(version, FIRST).title
    assert conflict.current.title == stands
    assert {stands, conflict.merged.title} == {"De Claude", "De Noa"}
    assert list(QuestionRevision.objects.values_list("number", flat=True)) == [0, 1]


def test_two_saves_of_different_words_are_both_kept(version, editor, colleague):
    at_once(saving(version, editor, title="De Claude"), saving(version, colleague, why="De Noa"), refusals=())

    stands = content_of(version, FIRST)
    assert (stands.title, stands.why) == ("De Claude", "De Noa")
    assert list(QuestionRevision.objects.values_list("number", flat=True)) == [0, 1, 2]


def test_two_who_give_one_key_make_one_question(version, editor, colleague):
    outcomes = at_once(
        *(
            partial(add_question, version=version, theme=theme, content=question("Q-A-09"), by=by)
            for theme, by in (("Q-A", editor), ("Q-B", colleague))
        ),
        refusals=(KeyTaken,),
    )

    assert [isinstance(each, KeyTaken) for each in outcomes].count(True) == 1


def test_moves_at_once_leave_no_gap(version, editor, colleague):
    at_once(
        partial(move_question, version=version, key=FIRST, theme="Q-B", before=None, by=editor),
        partial(move_question, version=version, key=SECOND, theme="Q-B", before=None, by=colleague),
        partial(take_out, version=version, key=THIRD, by=editor),
        refusals=(),
    )

    ranks = {theme: [rank for rank, _key in rows] for theme, rows in order_of(version).items()}
    assert ranks == {"Q-A": [], "Q-B": [1, 2, 3]}


def test_a_save_and_a_removal_leave_the_words_in_the_archive(version, editor, colleague):
    outcomes = at_once(
        saving(version, editor, title="De Claude"),
        partial(take_out, version=version, key=FIRST, by=colleague),
        refusals=(QuestionGone,),
    )

    saved = not isinstance(outcomes[0], QuestionGone)
    assert QuestionRevision.objects.filter(content__title="De Claude").exists() is saved
    assert FIRST not in dict(order_of(version)["Q-A"]).values()


def test_two_who_change_one_flag_one_is_told(version, editor, colleague):
    act = partial(save_flag, edition=edition_of(version), name="mobile", condition="always", base_revision=0)

    outcomes = at_once(
        partial(act, meaning="de Claude", by=editor),
        partial(act, meaning="de Noa", by=colleague),
        refusals=(FlagEditedMeanwhile,),
    )

    assert [isinstance(each, FlagEditedMeanwhile) for each in outcomes].count(True) == 1


def test_nothing_is_saved_between_what_is_approved_and_what_is_published(version, editor, colleague):
    edition = propose_edition(edition_of(version), effective_on=date(2027, 7, 1), by=editor)

    at_once(
        saving(version, editor, title="En douce"),
        partial(publish_edition, edition, by=colleague),
        refusals=(NotADraft, NotProposed),
    )

    edition.refresh_from_db()
    version.refresh_from_db()
    if edition.status == "published":
        assert engine.compile_edition(read_edition(edition)).hash == edition.proposed_hash == edition.content_hash
        assert engine.questionnaire_hash(read_version(version)) == version.content_hash
    else:
        assert content_of(version, FIRST).title == "En douce"
