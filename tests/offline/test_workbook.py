"""The workbook as it leaves, and as it comes back: what a cell holds is what was answered, and nothing more."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.answer_states import AnswerState
from assessments.offline.layout import TOO_LONG, Col
from assessments.offline.writing import LETTERS
from tests.offline.sheets import FILLED, SHEET, TYPES, book_of, cell_of, changes, filing_of, returned

# What spreadsheets, XML and databases treat apart; texts as long as a form lets one be.
NASTY = [
    "=1+1", "+33 1 00 00 00 00", "-5", "@SUM(A1)", "\t=A1", "'=A1", "#N/A", "TRUE", "1/2", "_x0041_", "_x005F_x0041_",
    "x005F_", "_x1234\x01", "\x01\x0b\x1f", "a\r\nb\rc\nd", " espaces ", "\ufffe\uffff", "\u2028\x85", "😀" * 20_000,
    "x" * 20_000, "\x01" * 6_000, str(TOO_LONG), "<b>&amp;]]>",
]  # fmt: skip
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
VALUES = {
    "YES-1": st.sampled_from([None, "oui", "non"]),
    "ONE-1": st.sampled_from([None, "ins", "aucun"]),
    "MANY-1": st.lists(st.sampled_from(["ios", "web ; mobile", "autre"]), unique=True).map(lambda each: each or None),
    "NUM-1": st.none() | st.decimals(min_value=-(10**9), max_value=10**9, places=4).map(str),
    "DATE-1": st.none() | st.dates().map(lambda day: day.isoformat()),
    "TEXT-1": st.none() | TEXTS,
    "FILE-1": st.none(),
    "MUST-1": st.sampled_from([None, "oui", "non"]),
}
STATES = st.fixed_dictionaries(
    {
        key: st.builds(
            AnswerState,
            value=values,
            not_applicable=st.booleans() if TYPES[key].allows_not_applicable else st.just(False),
            reason=TEXTS if TYPES[key].allows_not_applicable else st.just(""),
            comment=TEXTS,
            revision=st.integers(0, 9),
        )
        for key, values in VALUES.items()
    }
)


@settings(max_examples=25, deadline=None)
@given(STATES)
def test_what_comes_back_untouched_changes_nothing_whatever_was_answered(states):
    filing = filing_of(states)

    found = returned(filing)

    assert (changes(filing, found), found.unreadable, found.unknown) == ({}, (), ())
    assert [edit.base for edit in found.edits] == [states[key].revision for key in TYPES]


def test_nothing_that_was_typed_is_a_formula_and_only_answers_are_open():
    sheet = book_of(filing_of(FILLED))[SHEET]

    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n", "d"}
    assert sheet[cell_of("TEXT-1", Col.VALUE)].value.startswith("=HYPERLINK") and sheet.protection.sheet
    opened = {cell.coordinate for row in sheet for cell in row if not cell.protection.locked}
    fields = (Col.VALUE, Col.NOT_APPLICABLE, Col.REASON, Col.COMMENT)
    shut = {("FILE-1", Col.VALUE), ("MUST-1", Col.NOT_APPLICABLE), ("MUST-1", Col.REASON)}
    assert opened == {cell_of(key, each) for key in TYPES for each in fields if (key, each) not in shut}
    assert sheet.column_dimensions[LETTERS[Col.BASE]].hidden and sheet.freeze_panes == "B3"


def test_choices_are_offered_in_lists_and_numbers_and_dates_are_what_they_are():
    book = book_of(filing_of(FILLED))
    sheet = book[SHEET]

    offered = {
        str(place): [cell.value for (cell,) in book["Convergence"][rule.formula1.split("!")[1].replace("$", "")]]
        for rule in sheet.data_validations.dataValidation
        for place in rule.sqref.ranges
    }
    assert offered[cell_of("ONE-1", Col.VALUE)] == ["Ins", "Aucun"]
    assert [offered[place] for place in offered if place.startswith("G")] != []
    assert sheet[cell_of("NUM-1", Col.VALUE)].value == 99.5
    assert f"{sheet[cell_of('DATE-1', Col.VALUE)].value:%d/%m/%Y}" == "04/05/2026"
    assert sheet[cell_of("MANY-1", Col.VALUE)].value == "Ios\nWeb ; mobile"


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        ("YES-1", ("text", " NON "), "non"),
        ("YES-1", ("truth", "false"), "non"),
        ("YES-1", ("", ""), None),
        ("MANY-1", ("text", "Autre\nWeb\u00a0; mobile"), ["web ; mobile", "autre"]),
        ("MANY-1", ("text", "ios;autre"), ["ios", "autre"]),
        ("NUM-1", ("text", "12,5"), "12.5"),
        ("NUM-1", ("number", "80.0"), "80"),
        ("NUM-1", ("percent", "80.0"), "80"),
        ("DATE-1", ("text", "22/11/2026"), "2026-11-22"),
        ("DATE-1", ("date", "2026-11-22"), "2026-11-22"),
        ("TEXT-1", ("number", "12"), "12"),
    ],
)
def test_an_answer_is_read_as_people_type_it(key, cell, value):
    filing = filing_of(FILLED)

    found = returned(filing, {(key, Col.VALUE): cell})

    assert (changes(filing, found), found.unreadable) == ({key: {"value": value}}, ())


@pytest.mark.parametrize(
    ("key", "column", "cell", "problem"),
    [
        ("YES-1", Col.VALUE, ("text", "Peut-être"), "Écrivez l’une de ces réponses\u00a0: Oui ; Non."),
        ("ONE-1", Col.VALUE, ("text", "Ins;Aucun"), "Écrivez l’une de ces réponses\u00a0: Ins ; Aucun."),
        ("NUM-1", Col.VALUE, ("text", "beaucoup"), "Écrivez un nombre en chiffres, par exemple 12 ou 12,5."),
        ("NUM-1", Col.VALUE, ("number", "0.12345"), "Quatre chiffres au plus après la virgule."),
        ("NUM-1", Col.VALUE, ("formula", ""), "Cette cellule contient une formule\u00a0: écrivez son résultat."),
        ("DATE-1", Col.VALUE, ("text", "31/02/2026"), "Écrivez une date qui existe, par exemple 22/11/2026."),
        ("TEXT-1", Col.COMMENT, ("text", "x" * 20_001), "Ce texte est trop long\u00a0: 20 000 caractères au plus."),
        ("YES-1", Col.NOT_APPLICABLE, ("text", "bof"), "Écrivez «\u00a0oui\u00a0» ou «\u00a0non\u00a0»."),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_said_with_its_place_and_erases_nothing(key, column, cell, problem):
    filing = filing_of(FILLED)

    found = returned(filing, {(key, column): cell, (key, Col.REASON): ("text", "À côté.")})

    said = [(each.place, each.problem) for each in found.unreadable]
    assert said == [(f"{SHEET}!{cell_of(key, column)}", problem)]
    assert changes(filing, found) == {key: {"reason": "À côté."}}
