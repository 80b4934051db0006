"""/exigences/profil/: which requirements apply to a service, before any account."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.engine import PROGRAMMES, Definition, Facts, evaluate
from questionnaires.library import Library
from questionnaires.profiles import applying, flags_to_tick
from tests.questionnaires.builders import TODAY, compiled, question
from tests.questionnaires.strategies import random_dossier, seeded
from tests.requirements.reading import text_of

pytestmark = pytest.mark.once

URL = "/exigences/profil/"


def told(library: Library, programme: str, *ticked: str) -> dict[str, bool]:
    """Key: whether it is certain."""
    return {each.entry.key: each.is_certain for group in applying(library, programme, ticked) for each in group.applies}


def test_a_visitor_ticks_and_reads_how_many_apply_and_which(client, edition):
    page = client.get(URL, {"demarche": "with_exchange", "profil": ["ai", "minors"]})

    words = text_of(page)
    assert re.search(r"\d+ exigences s’appliquent à ce service, sur 226\.", words)
    assert re.search(r"Sécurité : \d+ sur 72", words)
    assert "ETH-EIA-01" in words
    assert page.content.decode().count(" checked") == 3


def test_before_anything_is_chosen_it_only_asks(client, edition):
    page = client.get(URL)

    assert "s’appliquent à ce service" not in text_of(page)
    assert page.content.decode().count(" checked") == 0
    assert "Le dossier suit la démarche" not in text_of(page)


def test_flags_without_a_programme_ask_for_one(client, edition):
    page = client.get(URL, {"profil": "ai", "demarche": "ailleurs"})

    assert "Choisissez une démarche." in text_of(page)


def test_it_asks_the_database_for_the_editions_alone(client, edition, django_assert_num_queries):
    client.get(URL)

    with django_assert_num_queries(2):
        client.get(URL, {"demarche": "with_exchange", "profil": "ai"})


def test_what_is_not_ticked_is_not_so_and_what_is_implied_is():
    library = Library.of(
        compiled(
            question("K-1", applies_when="health"),
            question("K-2", applies_when="ai"),
            question("K-3", applies_when="not ai"),
            question("O-1"),
            question("O-2"),
            flags={
                "health": "hosting or answer(O-1) == 'oui'",
                "hosting": "answer(O-2) == 'oui'",
                "ai": "answer(O-1) == 'oui'",
            },
        )
    )

    assert told(library, "with_exchange", "hosting") == {"K-1": True, "K-3": True, "O-1": True, "O-2": True}


def test_what_an_answer_decides_is_told_apart_unless_the_profile_answers_it():
    library = Library.of(
        compiled(
            question("K-1"),
            question("K-2", applies_when="answer(K-1) == 'oui'"),
            question("K-3", applies_when="device"),
            question("K-4", applies_when="answer(K-5) == 'oui'"),
            question("K-5"),
            flags={"device": "answer(K-5) == 'oui'"},
        )
    )

    assert told(library, "with_exchange") == {"K-1": True, "K-2": False, "K-5": True}
    assert told(library, "with_exchange", "device") == {
        "K-1": True,
        "K-2": False,
        "K-3": True,
        "K-4": True,
        "K-5": True,
    }


def test_what_only_a_hidden_question_could_show_does_not_apply():
    library = Library.of(
        compiled(
            question("K-1", applies_when="programme == 'with_exchange'"),
            question("K-2", applies_when="answer(K-1) == 'oui'"),
        )
    )

    assert told(library, "without_exchange") == {}
    assert told(library, "with_exchange") == {"K-1": True, "K-2": False}


def test_flags_that_follow_from_the_programme_are_not_ticked(definition_2026: Definition):
    names = {flag.name for flag in flags_to_tick(definition_2026)}

    assert "exchange" not in names
    assert {"ai", "processes_health_data"} <= names


@pytest.fixture(scope="module")
def library(definition_2026: Definition) -> Library:
    return Library.of(definition_2026)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_no_dossier_of_the_profile_is_asked_what_the_page_does_not_tell(library, seed):
    """Whatever is answered, what is shown was told."""
    drawn = random_dossier(library.definition, seeded(seed))
    programme = drawn.facts.programme or PROGRAMMES[0]
    derived = evaluate(library.definition, drawn.answers, Facts(programme=programme, today=TODAY)).flags
    ticked = [name for name, truth in derived.items() if truth is True]
    said = told(library, programme, *ticked)
    flags = {name: truth is True for name, truth in derived.items()}

    results = evaluate(
        library.definition, drawn.answers, Facts(programme=programme, today=TODAY, flags=flags)
    ).questions

    evaluated = {key for key in results if library.entries[key].questionnaire.kind == "evaluation"}
    assert {key for key in evaluated if results[key].shown} <= said.keys()
