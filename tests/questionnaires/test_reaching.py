"""Whether a question can ever be shown: a dossier that shows it, or none that does."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from questionnaires.engine import PROGRAMMES, Definition, Facts, Question, QuestionType, evaluate, reaching
from questionnaires.engine.reaching import TooLong, Witness, witness_for
from tests.questionnaires.builders import TODAY, choices, compiled, question
from tests.questionnaires.strategies import random_definition, seeded

AB = choices(("a", "1"), ("b", "0"))
TICKS = choices(("x", "1"), ("y", "0"))
AGE = question("A-01", "number", minimum=Decimal(0), maximum=Decimal(120))


def shows(definition: Definition, key: str, witness: Witness) -> bool:
    facts = Facts(programme=witness.programme, today=TODAY)
    return evaluate(definition, witness.answers, facts).questions[key].shown


def condition(text: str, *others: Question, flags: dict[str, str] | None = None) -> Definition:
    readable = (question("A-02"), question("A-03", "single_choice", choices=AB), AGE)
    ticks = question("A-04", "multiple_choice", choices=TICKS)
    return compiled(*readable, ticks, *others, question("Z-01", applies_when=text), flags=flags)


@pytest.mark.parametrize(
    "text",
    [
        "answer(A-02) == 'oui' and answer(A-02) == 'non'",
        "answer(A-02) != 'oui' and answer(A-02) != 'non'",
        "not (answer(A-03) in ['a', 'b'])",
        "answer(A-01) > 120",
        "answer(A-01) >= 18 and answer(A-01) < 18",
        "programme == 'with_exchange' and programme == 'without_exchange'",
        "not (answer(A-04) contains 'x') and not (answer(A-04) contains 'y')",
        "exchange and programme == 'without_exchange'",
        "not always",
    ],
)
def test_a_condition_that_contradicts_itself_shows_its_question_to_nobody(text):
    definition = condition(text, flags={"exchange": "programme == 'with_exchange'"})

    assert witness_for(definition, "Z-01") is None


@pytest.mark.parametrize(
    "text",
    [
        "always",
        "answer(A-02) == 'non'",
        "not (answer(A-02) == 'non')",
        "answer(A-01) > 119.99 and answer(A-01) != 120",
        "answer(A-04) contains 'x' and not (answer(A-04) contains 'y')",
        "not (exchange and answer(A-02) == 'oui') and (answer(A-02) == 'oui' or answer(A-03) == 'b')",
    ],
)
def test_a_dossier_is_found_that_shows_it(text):
    definition = condition(text, flags={"exchange": "programme == 'with_exchange'"})

    witness = witness_for(definition, "Z-01")

    assert witness is not None
    assert shows(definition, "Z-01", witness)


def test_what_a_condition_reads_must_be_shown_too():
    hidden = question("B-01", applies_when="answer(A-02) == 'non'")

    assert witness_for(condition("answer(B-01) == 'oui' and answer(A-02) == 'oui'", hidden), "Z-01") is None
    assert witness_for(condition("answer(B-01) == 'oui' or answer(A-02) == 'oui'", hidden), "Z-01") is not None


def test_each_question_of_the_real_edition_is_shown_to_somebody(definition_2026):
    for key in definition_2026.questions:
        witness = witness_for(definition_2026, key)
        assert witness is not None, key
        assert shows(definition_2026, key, witness), key


def test_a_search_that_would_not_end_is_given_up(monkeypatch):
    monkeypatch.setattr(reaching, "MAXIMUM_STEPS", 3)

    with pytest.raises(TooLong):
        witness_for(condition("answer(A-02) == 'oui' and answer(A-03) == 'a' and answer(A-01) > 3"), "Z-01")


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_it_says_what_trying_every_dossier_says(seed):
    definition = random_definition(seeded(seed))

    for key in definition.questions:
        read = [definition.questions[name] for name in definition.reads[key] if name in definition.questions]
        domains = [list(_answers(each)) for each in read]
        assume(_product_size(domains) <= 3000)
        tried = (
            Witness(programme=programme, answers={each.key: value for each, value in zip(read, values, strict=True)})
            for programme in PROGRAMMES
            for values in product(*domains)
        )
        witness = witness_for(definition, key)
        if witness is None:
            assert not any(shows(definition, key, each) for each in tried), key
        else:
            assert shows(definition, key, witness), key


def _answers(asked: Question) -> Iterator[Any]:
    """Raw answers that stand for all those that are acceptable, and none."""
    yield None
    values = [choice.value for choice in asked.choices]
    if asked.type is QuestionType.NUMBER:
        yield from ["9", "10", "11"]
    elif asked.type is QuestionType.MULTIPLE_CHOICE:
        for size in range(1, len(values) + 1):
            yield from (list(each) for each in combinations(values, size))
    else:
        yield from values


def _product_size(domains: list[list[Any]]) -> int:
    size = 1
    for domain in domains:
        size *= len(domain)
    return size
