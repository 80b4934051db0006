"""A file that leaves for a spreadsheet runs nothing there."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.spreadsheets import BYTE_ORDER_MARK, harmless, lines


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"])
def test_what_passes_for_a_formula_becomes_text(start):
    assert harmless(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Jean,=cmd|' /C calc'!A0", "Jean,'=cmd|' /C calc'!A0"),
        ("Jean;=1+1", "Jean;'=1+1"),
        ("Jean\t@SUM(A1)", "Jean\t'@SUM(A1)"),
        ("Jean|+33", "Jean|'+33"),
        ("Jean\n-2", "Jean\n'-2"),
        ("Jean\r\n＝1", "Jean\r\n'＝1"),
        ('Jean, "=1"', """Jean, "'=1\""""),
        ('Jean",""=1', """Jean",""'=1"""),
        (" =1", " '=1"),
        ("Jean,\n \t=1", "Jean,\n \t'=1"),
        ("a,=1;=2", "a,'=1;'=2"),
    ],
)
def test_a_formula_that_a_comma_a_tab_a_bar_or_a_line_break_would_begin_becomes_text(text, shown):
    assert harmless(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Alix",
        "a=b",
        "2026-11-23",
        "SEC-GOV-02",
        "« - »",
        "",
        "Jean-Luc, dit « JL » ; mandataire",
        "{'before': 'reader', 'after': 'contributor'}",
        "SEC-GOV-02, SEC-IDU-03 | DOC-1",
        "alix@editeur.example, bob@editeur.example",
        "Première ligne\nSeconde ligne\n\nFin : 1 + 1 = 2",
        "a, b=c; d-e",
    ],
)
def test_ordinary_words_are_left_alone(text):
    assert harmless(text) == text


def test_nothing_is_an_empty_cell_and_a_number_is_itself():
    assert (harmless(None), harmless(12), harmless(-12)) == ("", "12", "'-12")


def test_the_file_is_read_back_cell_by_cell_whatever_it_holds():
    header = ["Qui", "Quoi"]
    rows: list[list[object]] = [["Alix; la « cheffe »", 'dit "=1+1"\nà tous'], ["=cmd|' /C calc'!A0", None]]

    text = "".join(lines(header, rows))

    assert text.startswith(BYTE_ORDER_MARK)
    read = list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline=""), delimiter=";"))
    assert read == [header, rows[0], ["'=cmd|' /C calc'!A0", ""]]


# Pieces, not letters at random: what matters is how formulas, separators and quotes stand beside each other.
FORMULAS = ["=1", "+1", "-", "@A", "＝1", "＋", "－", "＠"]
SEPARATORS = [",", ";", "\t", "|", "\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028"]
SKIPPED = [" ", '"', '""', "\xa0", "\0", "\ufeff"]
PIECES = st.sampled_from([*FORMULAS, *SEPARATORS[:6] * 2, *SEPARATORS[6:], *SKIPPED, "'", "Jean", "1"])
CELLS = st.lists(PIECES | st.text(max_size=2), max_size=6).map("".join)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=3), min_size=1, max_size=3)


def first_that_counts(cell: str) -> str:
    """What a spreadsheet looks at, once spaces, quotes and invisible characters are dropped."""
    return next((each for each in cell if not each.isspace() and each not in '"\0\ufeff'), "")


@settings(max_examples=400, deadline=None)
@given(rows=ROWS, delimiter=st.sampled_from(";,\t|"))
def test_whatever_the_cells_and_however_they_are_cut_none_begins_a_formula(rows, delimiter):
    text = "".join(lines(["Qui"], rows)).removeprefix(BYTE_ORDER_MARK)

    read = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)

    assert {first_that_counts(cell) for row in read for cell in row}.isdisjoint("=+-@＝＋－＠")


@settings(deadline=None)
@given(rows=ROWS)
def test_the_file_keeps_every_character_and_adds_apostrophes_only(rows):
    text = "".join(lines(["Qui", "Quoi"], rows)).removeprefix(BYTE_ORDER_MARK)

    _header, *read = csv.reader(io.StringIO(text, newline=""), delimiter=";")

    assert [[cell.replace("'", "") for cell in row] for row in read] == [
        [cell.replace("'", "") for cell in row] for row in rows
    ]
