"""A file's name becomes harmless and stays recognisable."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.file_names import INVISIBLE, MAX_LENGTH, extension, neutralise


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Politique de sécurité.pdf", "Politique de sécurité.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\zoe\\registre.xlsx", "registre.xlsx"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("no\u200bte.p\u200edf", "note.pdf"),
        ("ligne\r\nContent-Type: text/html.txt", "html.txt"),
        ("deux\nlignes.txt", "deux lignes.txt"),
        ("nul\x00.txt", "_nul.txt"),
        ('a"b<c>d|e?.txt', "a_b_c_d_e_.txt"),
        (".htaccess", "htaccess"),
        ("CON.pdf", "_CON.pdf"),
        ("fin. ", "fin"),
        ("", "document"),
        ("\u202e\u200b", "document"),
        ("e\u0301tat.pdf", "\u00e9tat.pdf"),
    ],
)
def test_a_name_loses_what_is_dangerous_and_nothing_else(given_name, kept):
    assert neutralise(given_name) == kept


def test_a_long_name_is_cut_and_keeps_its_extension():
    name = neutralise("é" * 400 + ".docx")

    assert len(name) == MAX_LENGTH
    assert name.endswith("é.docx")


@given(st.text(max_size=400))
def test_any_text_becomes_a_name_that_is_safe_everywhere(text):
    name = neutralise(text)

    assert 0 < len(name) <= MAX_LENGTH
    assert not set(name) & set('/\\<>:"|?*\r\n\t\x00')
    assert name not in {".", ".."}
    assert not {character for character in name if unicodedata.category(character) in INVISIBLE}


@given(st.text(max_size=400))
def test_neutralising_twice_is_neutralising_once(text):
    once = neutralise(text)

    assert neutralise(once) == once


def test_the_extension_is_compared_in_lower_case():
    assert extension("Schéma.PNG") == ".png"
    assert extension("sans extension") == ""
