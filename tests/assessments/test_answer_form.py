"""What a person types for one question, and what of it is stored."""

import pytest
from django.http import QueryDict

from assessments.answer_states import AnswerState
from assessments.forms.answers import AnswerForm, Shown
from questionnaires.engine import parse_value
from tests.questionnaires.builders import choices, question

NUMBER = question("Q-NUM", "number", unit="jours")
DATE = question("Q-DAT", "date")
TEXT = question("Q-TEX", "text")
SINGLE = question("Q-UNE", "single_choice", choices=choices(("a", "1"), ("b", "0")))
SEVERAL = question("Q-PLU", "multiple_choice", choices=choices(("a", "1"), ("b", "0.5"), ("c", "0")))
FILE = question("Q-FIC", "file")
WITHOUT_NA = question("Q-OUI", allows_not_applicable=False)


def form(asked, value=None, **more):
    data = QueryDict(mutable=True)
    data[f"{asked.key}-revision"] = "0"
    if value is not None:
        data.setlist(f"{asked.key}-value", value if isinstance(value, list) else [value])
    for name, field in more.items():
        data[f"{asked.key}-{name}"] = field
    return AnswerForm(asked, data)


@pytest.mark.parametrize(
    ("asked", "typed", "stored"),
    [
        (NUMBER, "12", "12"),
        (NUMBER, "12,5", "12.5"),
        (NUMBER, "12.50", "12.5"),
        (NUMBER, " 1\u202f000,00 ", "1000"),
        (NUMBER, "1\xa0000", "1000"),
        (NUMBER, "007", "7"),
        (NUMBER, "0", "0"),
        (NUMBER, "0,000", "0"),
        (NUMBER, "-3,25", "-3.25"),
        (NUMBER, "1e3", "1000"),
        (NUMBER, "100", "100"),
        (NUMBER, "", None),
        (NUMBER, "   ", None),
        (DATE, "2026-11-22", "2026-11-22"),
        (DATE, "22/11/2026", "2026-11-22"),
        (DATE, "", None),
        (TEXT, "  Une phrase.  ", "Une phrase."),
        (TEXT, "Deux\r\nlignes\rtrois", "Deux\nlignes\ntrois"),
        (TEXT, " \r\n ", None),
        (SINGLE, "b", "b"),
        (SINGLE, "", None),
        (SEVERAL, ["c", "a"], ["a", "c"]),
        (SEVERAL, ["a", "a"], ["a"]),
        (SEVERAL, [], None),
    ],
)
def test_what_is_typed_is_stored_in_one_form_only(asked, typed, stored):
    bound = form(asked, typed)

    assert bound.is_valid(), bound.errors
    assert bound.entry.value == stored
    parse_value(asked, stored)  # the engine can read it


@pytest.mark.parametrize(
    ("asked", "typed"),
    [
        (NUMBER, "douze"),
        (NUMBER, "1,2,3"),
        (NUMBER, "NaN"),
        (NUMBER, "Infinity"),
        (NUMBER, "1,23456"),
        (NUMBER, "99999999999"),
        (NUMBER, "1e999"),
        (DATE, "31/02/2026"),
        (DATE, "hier"),
        (DATE, "22/11/26"),
        (TEXT, "x" * 20_001),
        (SINGLE, "z"),
        (SEVERAL, ["a", "z"]),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(asked, typed):
    bound = form(asked, typed)

    assert not bound.is_valid()
    (sentence,) = bound.errors["value"]
    assert sentence.endswith((".", ".)"))


def test_line_ends_are_told_once_in_every_text():
    entry_of = form(TEXT, "Oui", comment="a\r\nb ", not_applicable="on", reason=" c\rd")
    assert entry_of.is_valid()

    assert (entry_of.entry.comment, entry_of.entry.reason, entry_of.entry.not_applicable) == ("a\nb", "c\nd", True)


def test_where_not_applicable_is_refused_there_is_no_box_and_nothing_is_taken():
    bound = form(WITHOUT_NA, "oui", not_applicable="on", reason="Parce que.")

    assert bound.is_valid()
    assert (bound.entry.not_applicable, bound.entry.reason) == (False, "")


def test_a_file_question_has_no_value():
    bound = form(FILE, "anything")

    assert bound.is_valid()
    assert bound.entry.value is None


@pytest.mark.parametrize("revision", ["", "-1", "un"])
def test_a_form_must_say_which_revision_it_is_based_on(revision):
    assert "revision" in form(WITHOUT_NA, "oui", revision=revision).errors


@pytest.mark.parametrize(
    ("asked", "stored", "shown"),
    [
        (NUMBER, "12.5", "12,5"),
        (NUMBER, "0", "0"),
        (NUMBER, None, None),
        (TEXT, "a\nb", "a\nb"),
        (SEVERAL, ["a"], ["a"]),
    ],
)
def test_what_is_stored_is_shown_as_it_is_typed_in_french(asked, stored, shown):
    assert Shown.of(asked, AnswerState(value=stored, revision=4)).value == shown


@pytest.mark.parametrize(
    ("asked", "value", "shown"),
    [(NUMBER, "douze", "douze"), (TEXT, "a\r\nb", "a\r\nb"), (SEVERAL, ["b", "a"], ["b", "a"]), (SEVERAL, None, [])],
)
def test_what_was_typed_and_not_saved_is_shown_as_it_was_typed(asked, value, shown):
    data = form(asked, value, not_applicable="on", reason="Sans objet ici.", comment="Vu.", revision="4").data

    fields = Shown.typed(asked, data)

    assert fields.value == shown
    assert (fields.not_applicable, fields.reason, fields.comment) == (True, "Sans objet ici.", "Vu.")
    assert fields.revision == "4"
