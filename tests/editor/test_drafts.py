"""What somebody types is kept as typed, until they save it or give it up."""

import pytest

from questionnaires.models import QuestionDraft
from questionnaires.operations.questions import QuestionGone, take_out
from questionnaires.operations.typing import give_up_question_draft, keep_question_draft
from tests.editor.drafts import FIRST, content_of

pytestmark = pytest.mark.django_db
HOSTILE = {
    "title": ["<script>alert(1)</script>"],
    "help": ["« é » \r\n\t"],
    "scored": [],
    "choices-0-value": ["a", "b"],
}


def keep(version, *, by, typed=HOSTILE, base=0, key=FIRST):
    return keep_question_draft(version=version, key=key, typed=typed, base_revision=base, by=by)


def test_it_is_kept_to_the_letter_and_the_question_stays(version, editor):
    before = content_of(version, FIRST)

    keep(version, by=editor)

    assert QuestionDraft.objects.get().typed == HOSTILE
    assert content_of(version, FIRST) == before


def test_the_last_words_replace_those_before_and_only_ones_own(version, editor, colleague):
    for person, title in ((editor, "Un"), (colleague, "De Noa"), (editor, "Deux")):
        keep(version, by=person, typed={"title": [title]})

    kept = {draft.author: draft.typed["title"] for draft in QuestionDraft.objects.select_related("author")}
    assert kept == {editor: ["Deux"], colleague: ["De Noa"]}


def test_giving_up_twice_is_giving_up_once_and_only_ones_own(version, editor, colleague):
    for person in (editor, colleague):
        keep(version, by=person)

    for _ in range(2):
        give_up_question_draft(version=version, key=FIRST, by=editor)

    assert QuestionDraft.objects.get().author == colleague


def test_what_is_typed_for_a_question_that_was_taken_out_waits_for_it(version, editor, colleague):
    take_out(version=version, key=FIRST, by=colleague)

    keep(version, by=editor)

    assert QuestionDraft.objects.get().key == FIRST


def test_nothing_is_kept_for_a_question_that_never_was(version, editor):
    with pytest.raises(QuestionGone):
        keep(version, by=editor, key="Q-A-99")
