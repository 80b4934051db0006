"""Merging loses nothing, and an archived question is read as it was written: whatever the question."""

import json
from dataclasses import fields

from hypothesis import given, settings

from questionnaires import engine
from tests.editor.questions import FIELDS, any_question, three_of_one

NAMES = [field.name for field in fields(engine.Question)]
MANY = settings(max_examples=200, deadline=None)


def test_every_field_of_a_question_is_drawn():
    assert {"key", *FIELDS} == set(NAMES)


@MANY
@given(any_question())
def test_what_is_archived_is_read_as_it_was_written(question):
    archived = json.loads(json.dumps(engine.question_as_plain(question)))

    assert engine.question_from_plain(archived) == question
    assert engine.question_as_plain(engine.question_from_plain(archived)) == archived


def test_what_an_archive_did_not_know_yet_has_its_default_and_what_is_no_more_says_nothing():
    read = engine.question_from_plain({"key": "Q-A-01", "type": "text", "colour": "bleu"})

    assert read == engine.Question(key="Q-A-01", type=engine.QuestionType.TEXT)


@MANY
@given(three_of_one())
def test_a_field_that_one_person_alone_changed_is_theirs(three):
    base, mine, theirs = three
    merged = engine.merge_questions(base, mine, theirs).question

    for name in NAMES:
        was, one, other, now = (getattr(each, name) for each in (base, mine, theirs, merged))
        if one == was:
            assert now == other, name
        elif other == was:
            assert now == one, name


@MANY
@given(three_of_one())
def test_there_is_a_conflict_exactly_where_both_changed_otherwise(three):
    base, mine, theirs = three
    merged = engine.merge_questions(base, mine, theirs)

    both = [
        name
        for name in NAMES
        if getattr(base, name) not in (getattr(mine, name), getattr(theirs, name))
        and getattr(mine, name) != getattr(theirs, name)
    ]
    assert list(merged.conflicts) == both
    # The person's own words stand there, for them to choose.
    assert all(getattr(merged.question, name) == getattr(mine, name) for name in both)


@MANY
@given(three_of_one())
def test_what_is_kept_of_others_is_named(three):
    base, mine, theirs = three
    merged = engine.merge_questions(base, mine, theirs)

    assert list(merged.kept) == engine.changed_fields(mine, merged.question)
    assert all(getattr(merged.question, name) == getattr(theirs, name) for name in merged.kept)


@MANY
@given(three_of_one())
def test_without_a_conflict_it_does_not_matter_who_came_first(three):
    base, mine, theirs = three
    merged = engine.merge_questions(base, mine, theirs)

    if not merged.conflicts:
        assert engine.merge_questions(base, theirs, mine).question == merged.question
