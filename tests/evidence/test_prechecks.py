"""What should be looked at in a file before it is handed over: a stable code and a sentence for each sign."""

from datetime import date, timedelta

import pytest

from evidence.prechecks import Expected, Facts, Sign, check

TODAY = date(2026, 11, 27)
NAMES = ("MonSuivi Cœur", "Cœur et Compagnie SAS")


def codes(*, names=(), signed=False, **facts):
    expected = Expected(today=TODAY, notice=timedelta(days=90), names=names, is_signature_expected=signed)
    found = check(Facts(**facts), expected)
    assert all(each.sentence and each.label for each in found)
    return [each.code for each in found]


def test_nothing_is_said_of_what_is_not_known():
    assert codes(names=NAMES, signed=True) == []


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-1, ["expired"]), (0, ["expires_soon"]), (90, ["expires_soon"]), (91, [])],
)
def test_a_document_holds_until_its_last_day_and_its_end_is_told_ahead(days, expected):
    assert codes(expires_on=TODAY + timedelta(days=days)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Politique de MONSUIVI COEUR",
        "Politique de mon-suivi cœur",
        "MonSuivi\nCœur, version 2",
        "la société coeur et compagnie",
    ],
)
def test_names_are_found_without_accents_case_spacing_or_legal_form(text):
    assert codes(text=text, names=NAMES) == []


def test_a_text_that_names_neither_the_product_nor_the_publisher_is_pointed_out():
    assert codes(text="Politique de sécurité d’une autre société", names=NAMES) == ["names_missing"]


@pytest.mark.parametrize(
    ("text", "is_cut", "names"),
    [
        ("", False, NAMES),
        ("Une politique", True, NAMES),
        ("Une politique", False, ()),
        ("Une politique", False, ("Ω",)),
    ],
)
def test_names_are_not_missed_where_they_cannot_be_looked_for(text, is_cut, names):
    assert codes(text=text, is_cut=is_cut, names=names) == []


def test_a_company_called_by_a_legal_form_only_keeps_its_name():
    assert codes(text="La SCOP", names=("Scop",)) == []


@pytest.mark.parametrize(
    ("is_signed", "is_expected", "expected"),
    [(False, True, ["unsigned"]), (True, True, []), (None, True, []), (False, False, [])],
)
def test_a_signature_is_missed_where_one_is_expected_and_could_be_seen(is_signed, is_expected, expected):
    assert codes(is_signed=is_signed, signed=is_expected) == expected


def test_the_gravest_comes_first():
    found = codes(
        text="Rien",
        names=NAMES,
        signed=True,
        is_signed=False,
        blank_pages=1,
        image_only_pages=3,
        expires_on=TODAY - timedelta(days=1),
    )

    assert found == [each for each in Sign if each is not Sign.EXPIRES_SOON]
