"""What the index of an edition finds: no accent, no plural and no way of writing a key loses a result."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.engine import Definition
from questionnaires.library import Filters, Library, found, key_form
from tests.questionnaires.builders import choices, compiled, question
from ui.search_words import Words

pytestmark = pytest.mark.once

NOTHING = Filters()


@pytest.fixture(scope="module")
def library(definition_2026: Definition) -> Library:
    return Library.of(definition_2026)


def keys(library: Library, typed: str, filters: Filters = NOTHING) -> list[str]:
    return [each.key for each in library.search(Words.of(typed), filters)]


def without_accents(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_any_word_of_a_requirement_finds_it_with_or_without_accents_capitals_and_plural(library, data):
    entry = data.draw(st.sampled_from(list(library.entries.values())))
    words = re.findall(r"[^\W\d_]{4,}", f"{entry.question.title} {entry.question.wording} {entry.question.help}")
    word = data.draw(st.sampled_from(words))

    typed = data.draw(st.sampled_from([word, word.upper(), without_accents(word), unicodedata.normalize("NFD", word)]))

    assert entry.key in keys(library, typed)
    assert entry.key in keys(library, plural(typed.lower()))
    assert "<mark>" in str(found(entry, Words.of(typed)))


def plural(word: str) -> str:
    """As French makes it; a word that ends in s, x or z has no other."""
    if word[-1] in "sxz":
        return word
    if word.endswith("al"):
        return f"{word[:-2]}aux"
    return f"{word}x" if word.endswith(("eau", "eu")) else f"{word}s"


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_a_key_finds_its_requirement_first_however_it_is_written(library, data):
    key = data.draw(st.sampled_from(library.keys))
    between = data.draw(st.sampled_from(["-", " ", "", ".", "_", " - ", "\u2011"]))
    *letters, number = key.split("-")
    number = data.draw(st.sampled_from([number, number.lstrip("0"), f"0{number}"]))
    typed = between.join([*letters, number])

    assert keys(library, data.draw(st.sampled_from([typed, typed.lower(), f" {typed} "])))[0] == key


def test_every_word_must_be_there(library):
    assert set(keys(library, "sauvegarde chiffrée")) <= set(keys(library, "sauvegarde")) & set(
        keys(library, "chiffrée")
    )
    assert keys(library, "sauvegarde girafe") == []


def test_no_word_and_no_filter_finds_everything_in_order(library):
    assert keys(library, " ") == list(library.keys)
    assert len(library.keys) == 243


def test_a_word_is_not_found_astride_two_texts():
    library = Library.of(compiled(question("K-1", wording="Une sauve", asked="garde montée.")))

    assert keys(library, "sauvegarde") == []


def test_choices_are_searched_and_notes_of_editors_are_not():
    asked = question("K-1", "single_choice", choices=choices(("girafe", "1")), editor_note="Zèbre", source="Éléphant")
    library = Library.of(compiled(asked))

    assert keys(library, "girafe") == ["K-1"]
    assert keys(library, "zebre") == keys(library, "elephant") == []


def test_filters_read_parts_levels_evidence_and_flags_that_are_read_through_others(library):
    def kept(**filters: str) -> set[str]:
        return set(keys(library, "", Filters(**filters)))

    assert len(kept(questionnaire="RGPD")) == 56
    assert len(kept(questionnaire="RGE")) == 111
    assert kept(flag="hosts_health_data") > kept(flag="processes_health_data") > set()
    assert kept(evidence="oui") | kept(evidence="non") == set(library.keys)
    assert kept(evidence="oui") & kept(evidence="non") == set()


def test_keys_have_one_form():
    assert key_form("SEC-IDU-03") == key_form("sec idu 3") == key_form("Sécidu003") == "secidu3"
