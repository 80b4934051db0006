"""A published version never changes: every verb refuses it, and so does the database, whoever asks it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from audit.models import Event
from questionnaires import engine
from questionnaires.models import (
    Choice,
    Edition,
    Flag,
    Question,
    Questionnaire,
    QuestionRevision,
    Theme,
    Threshold,
    Version,
)
from questionnaires.operations import editions, flags, questions, themes, typing
from questionnaires.operations.drafts import NotADraft
from questionnaires.rows import read_version
from tests.editor.drafts import ELSEWHERE, FIRST, content_of, edition_of, publish
from tests.questionnaires.builders import question

pytestmark = pytest.mark.django_db

Verb = Callable[[Version, User], Any]
OF_VERSION: dict[str, Verb] = {
    "save a question": lambda v, by: questions.save_question(
        version=v, content=content_of(v, FIRST), base_revision=0, by=by
    ),
    "add a question": lambda v, by: questions.add_question(version=v, theme="Q-A", content=question("Q-A-09"), by=by),
    "bring back": lambda v, by: questions.bring_back(version=v, key=FIRST, theme="Q-A", by=by),
    "restore": lambda v, by: questions.restore_question(version=v, key=FIRST, number=0, by=by),
    "take out": lambda v, by: questions.take_out(version=v, key=FIRST, by=by),
    "move a question": lambda v, by: questions.move_question(version=v, key=FIRST, theme="Q-B", before=None, by=by),
    "add a theme": lambda v, by: themes.add_theme(
        version=v, code="Q-C", slug="c", title="C", description="", part=None, by=by
    ),
    "save a theme": lambda v, by: themes.save_theme(
        version=v, code="Q-A", title="C", description="", part=None, base_revision=0, by=by
    ),
    "move a theme": lambda v, by: themes.move_theme(version=v, code="Q-A", before=None, by=by),
    "remove a theme": lambda v, by: themes.remove_theme(version=v, code="Q-A", by=by),
    "keep a draft": lambda v, by: typing.keep_question_draft(version=v, key=FIRST, typed={}, base_revision=0, by=by),
    "add a flag": lambda v, by: flags.add_flag(
        edition=edition_of(v), name="ai", meaning="a", condition="always", by=by
    ),
    "save a flag": lambda v, by: flags.save_flag(
        edition=edition_of(v), name="mobile", meaning="a", condition="always", base_revision=0, by=by
    ),
    "remove a flag": lambda v, by: flags.remove_flag(edition=edition_of(v), name="mobile", by=by),
    "enter a version": lambda v, by: editions.enter_version(edition=edition_of(v), version=v, by=by),
    "rename the edition": lambda v, by: editions.rename_edition(edition=edition_of(v), title="C", disclaimer="", by=by),
}


@pytest.fixture
def published(version: Version) -> Version:
    return publish(version)


@pytest.mark.parametrize("name", OF_VERSION)
def test_every_verb_refuses_what_is_published_and_records_nothing(published, editor, name):
    before, events = read_version(published), Event.objects.count()

    with pytest.raises(NotADraft):
        OF_VERSION[name](published, editor)

    assert read_version(published) == before
    assert Event.objects.count() == events


# What the ORM would let pass: calls in bulk, which know of no operation.
BULK: dict[str, Callable[[Version], Any]] = {
    "update questions": lambda v: Question.objects.filter(theme__version=v).update(title="Autre"),
    "move questions": lambda v: Question.objects.filter(key=FIRST).update(theme=Theme.objects.get(code="Q-B")),
    "order questions": lambda v: Question.objects.bulk_update(
        [Question(pk=each.pk, position=9) for each in Question.objects.all()], ["position"]
    ),
    "count revisions": lambda v: Question.objects.update(revision=9),
    "add questions": lambda v: Question.objects.bulk_create(
        [Question(theme=v.themes.first(), position=9, key="Q-A-09", type="text", level="mandatory")]
    ),
    "delete questions": lambda v: Question.objects.filter(key=FIRST)._raw_delete("default"),
    "update choices": lambda v: Choice.objects.update(label="Autre"),
    "add choices": lambda v: Choice.objects.bulk_create(
        [Choice(question=Question.objects.get(key=FIRST), position=9, value="z", label="Z")]
    ),
    "delete choices": lambda v: Choice.objects.all()._raw_delete("default"),
    "update thresholds": lambda v: Threshold.objects.update(score=0),
    "delete thresholds": lambda v: Threshold.objects.all()._raw_delete("default"),
    "rename themes": lambda v: Theme.objects.update(title="Autre"),
    "add themes": lambda v: Theme.objects.bulk_create([Theme(version=v, position=9, code="Q-Z", slug="z", title="Z")]),
    "change flags": lambda v: Flag.objects.update(condition="always"),
    "delete flags": lambda v: Flag.objects.all()._raw_delete("default"),
    "make it a draft": lambda v: Version.objects.update(status="draft", published_at=None, content_hash=""),
    "rename the edition": lambda v: Edition.objects.update(title="Autre"),
}
RAW = [
    "UPDATE questionnaires_question SET wording = 'Autre' WHERE key = 'Q-A-01'",
    "UPDATE questionnaires_choice SET score = 0",
    "DELETE FROM questionnaires_threshold",
    "UPDATE questionnaires_theme SET position = 7",
    "DELETE FROM questionnaires_flag",
]


@pytest.mark.parametrize("name", BULK)
def test_the_database_refuses_calls_in_bulk(published, name):
    before = read_version(published)

    with pytest.raises(IntegrityError, match=r"a published (version|edition) never changes"), transaction.atomic():
        BULK[name](published)

    published.refresh_from_db()
    assert engine.questionnaire_hash(before) == published.content_hash
    assert read_version(published) == before


@pytest.mark.parametrize("sql", RAW)
def test_the_database_refuses_raw_statements(published, sql):
    with pytest.raises(IntegrityError, match=r"a published (version|edition) never changes"), transaction.atomic():
        connection.cursor().execute(sql)


@pytest.mark.parametrize(
    "act",
    [
        lambda: QuestionRevision.objects.update(content={}),
        lambda: QuestionRevision.objects.all()._raw_delete("default"),
        lambda: connection.cursor().execute("UPDATE questionnaires_questionrevision SET number = number + 1"),
        lambda: connection.cursor().execute("DELETE FROM questionnaires_questionrevision"),
    ],
)
def test_what_a_question_was_is_never_changed_even_in_a_draft(version, editor, act):
    questions.take_out(version=version, key=ELSEWHERE, by=editor)
    kept = QuestionRevision.objects.values("number", "content").get()

    with pytest.raises(IntegrityError, match="never changed nor deleted"), transaction.atomic():
        act()

    assert QuestionRevision.objects.values("number", "content").get() == kept


def test_a_draft_beside_it_is_still_written(published, editor):
    other = Questionnaire.objects.create(code="NEU", slug="neuf", kind="evaluation")
    draft = Version.objects.create(questionnaire=other, number="1", title="Neuf")

    themes.add_theme(version=draft, code="N-A", slug="a", title="A", description="", part=None, by=editor)

    assert draft.themes.count() == 1
