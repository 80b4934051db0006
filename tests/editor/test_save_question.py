"""A save is kept with its author, and with what it replaced."""

from dataclasses import replace
from decimal import Decimal

import pytest

from audit.models import Event
from questionnaires import engine
from questionnaires.models import QuestionDraft, QuestionRevision
from questionnaires.operations.questions import QuestionGone, save_question
from questionnaires.operations.storing import store_edition
from questionnaires.operations.typing import keep_question_draft
from tests.editor.drafts import (
    ELSEWHERE,
    FIRST,
    SECOND,
    content_of,
    last_event,
    revisions_of,
    row_of,
    small_edition,
)
from tests.questionnaires.builders import question, threshold

pytestmark = pytest.mark.django_db


def test_a_save_is_kept_with_what_the_draft_began_with(version, editor):
    before = content_of(version, FIRST)

    saved = save_question(version=version, content=replace(before, title="Suivi"), base_revision=0, by=editor)

    assert (saved.revision, saved.is_changed, saved.kept) == (1, True, ())
    assert content_of(version, FIRST) == replace(before, title="Suivi")
    assert revisions_of(version, FIRST) == [(0, before.title, None), (1, "Suivi", editor)]
    verb, actor, data = last_event()
    assert (verb, actor) == ("question.saved", editor)
    assert data == {"question": FIRST, "revision": 1, "fields": ["title"]}


def test_a_save_that_changes_nothing_is_none(version, editor):
    saved = save_question(version=version, content=content_of(version, FIRST), base_revision=0, by=editor)

    assert (saved.revision, saved.is_changed) == (0, False)
    assert not QuestionRevision.objects.exists()
    assert not Event.objects.filter(verb="question.saved").exists()


def test_choices_and_thresholds_are_replaced_in_the_order_that_was_asked(version, editor):
    several, number = content_of(version, SECOND), content_of(version, ELSEWHERE)
    turned = replace(several, choices=several.choices[::-1])
    scaled = replace(number, thresholds=(threshold("between", "0.5", "1", "9.5"), threshold("otherwise", "0")))

    save_question(version=version, content=turned, base_revision=0, by=editor)
    save_question(version=version, content=scaled, base_revision=0, by=editor)

    assert content_of(version, SECOND) == turned
    assert content_of(version, ELSEWHERE) == scaled


def test_where_a_question_stands_is_no_part_of_what_is_saved(version, editor):
    save_question(version=version, content=replace(content_of(version, SECOND), title="B"), base_revision=0, by=editor)

    row = row_of(version, SECOND)
    assert (row.theme.code, row.position) == ("Q-A", 2)


def test_a_save_ends_the_draft_of_whoever_saves_and_nobody_elses(version, editor, colleague):
    for person in (editor, colleague):
        keep_question_draft(version=version, key=FIRST, typed={"title": ["A"]}, base_revision=0, by=person)
    keep_question_draft(version=version, key=SECOND, typed={"title": ["B"]}, base_revision=0, by=editor)

    save_question(version=version, content=replace(content_of(version, FIRST), title="A"), base_revision=0, by=editor)

    left = QuestionDraft.objects.values_list("key", "author")
    assert set(left) == {(FIRST, colleague.pk), (SECOND, editor.pk)}


def test_the_archive_says_the_question_to_the_letter(version, editor):
    written = replace(
        content_of(version, ELSEWHERE),
        weight=Decimal("2.50"),
        pass_score=Decimal("0.625"),
        wording=" « Deux »\n\nlignes <b>é</b> ",
        level=engine.Level.RECOMMENDED,
        minimum=Decimal("0.0001"),
    )

    save_question(version=version, content=written, base_revision=0, by=editor)

    kept = QuestionRevision.objects.get(number=1)
    assert engine.question_from_plain(kept.content) == written == content_of(version, ELSEWHERE)


def test_a_question_that_is_not_there_is_not_saved(version, editor):
    with pytest.raises(QuestionGone):
        save_question(version=version, content=question("Q-A-99"), base_revision=0, by=editor)

    assert not QuestionRevision.objects.exists()


def test_what_a_file_wrote_over_a_draft_is_kept_and_numbers_go_on(version, editor):
    """A file that is loaded again counts from nothing: what was saved before keeps its number."""
    save_question(version=version, content=replace(content_of(version, FIRST), title="Un"), base_revision=0, by=editor)
    store_edition(small_edition())
    loaded = content_of(version, FIRST)

    saved = save_question(version=version, content=replace(loaded, title="Deux"), base_revision=0, by=editor)

    assert saved.revision == 3
    assert revisions_of(version, FIRST) == [
        (0, loaded.title, None),
        (1, "Un", editor),
        (2, loaded.title, None),
        (3, "Deux", editor),
    ]
