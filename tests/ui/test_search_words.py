"""Words that are looked for: their case, accents and number do not matter, and they are marked where they stand."""

import pytest

from ui.folding import folded
from ui.search_words import Words


def test_words_are_marked_whatever_their_case_and_accents_and_nothing_else_is_trusted():
    words = Words.of("PROCEDURE d'incident")

    assert words.marked("Une procédure d’incident <écrite>.") == (
        "Une <mark>procédure</mark> <mark>d’incident</mark> &lt;écrite&gt;."
    )
    assert Words.of("pro procédure").marked("procédure") == "<mark>procédure</mark>"


def test_an_excerpt_is_cut_between_words_around_the_first_one_found():
    text = "Le début est long, très long. " * 10 + "La sauvegarde est chiffrée. " + "La suite aussi. " * 20

    excerpt = Words.of("sauvegarde").excerpt(text)

    assert "La <mark>sauvegarde</mark> est" in excerpt
    assert excerpt.startswith("… ")
    assert excerpt.endswith(" …")
    assert len(excerpt) < 250


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("données", "une donnée"),
        ("donnée", "des données"),
        ("journal", "les journaux"),
        ("journaux", "le journal"),
        ("travaux", "un travail"),
        ("travail", "des travaux"),
        ("niveaux", "le niveau"),
        ("sauvegard", "sauvegarder"),
        ("ÉCRITE", "procedure ecrite"),
        ("l'usager", "l’usager"),
    ],
)
def test_a_word_finds_its_other_forms_and_marks_them(typed, text):
    words = Words.of(typed)

    assert words.are_all_in(folded(text)[0])
    assert "<mark>" in words.marked(text)


@pytest.mark.parametrize(("typed", "text"), [("accès", "accepter"), ("des", "derrière"), ("égal", "égarer")])
def test_a_singular_is_a_whole_word(typed, text):
    assert not Words.of(typed).is_any_in(folded(text)[0])


def test_what_is_typed_is_no_pattern():
    assert Words.of("(.*) [a").each == ("(.*)", "[a")
    assert not Words.of(".*").is_any_in("tout")


def test_the_words_that_a_text_does_not_hold_are_told():
    assert Words.of("procédures girafe").missing_from("une procedure").each == ("girafe",)
