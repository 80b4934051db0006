"""Conditions: how they are read, what they are worth when something is unknown, how they are told."""

from decimal import Decimal
from itertools import product

import pytest

from questionnaires.engine import ConditionError, Trace, in_french, parse, why_in_french
from questionnaires.engine.conditions import (
    AllOf,
    AnyOf,
    FlagRaised,
    Not,
    NumberTest,
    ProgrammeTest,
    Situation,
    Truth,
    WordTest,
    all_of,
    any_of,
    evaluate,
    opposite,
)
from tests.questionnaires.builders import choices, compiled, evaluated, question

A, B, C = FlagRaised(name="a"), FlagRaised(name="b"), FlagRaised(name="c")
TRUTHS: tuple[Truth, ...] = (True, False, None)


def test_not_binds_tighter_than_and_which_binds_tighter_than_or() -> None:
    assert parse("a or b and not c") == AnyOf(parts=(A, AllOf(parts=(B, Not(part=C)))))


def test_parentheses_come_first() -> None:
    assert parse("(a or b) and c") == AllOf(parts=(AnyOf(parts=(A, B)), C))
    assert parse("not (a or b)") == Not(part=AnyOf(parts=(A, B)))


def test_two_negations_cancel_out() -> None:
    assert parse("not not a") == A
    assert parse("not (not (not a))") == Not(part=A)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("answer(DOC-URB-01) == 'oui'", WordTest(key="DOC-URB-01", operator="==", values=("oui",))),
        ("answer(K)!='oui'", WordTest(key="K", operator="!=", values=("oui",))),
        ("answer(K) in ['a','b']", WordTest(key="K", operator="in", values=("a", "b"))),
        ("answer( K )contains'a'", WordTest(key="K", operator="contains", values=("a",))),
        ("answer(K) <= -3.50", NumberTest(key="K", operator="<=", number=Decimal("-3.5"))),
        ("answer(K) == 3", NumberTest(key="K", operator="==", number=Decimal(3))),
        ("programme == 'with_exchange'", ProgrammeTest(operator="==", values=("with_exchange",))),
        ("programme in ['x', 'y']", ProgrammeTest(operator="in", values=("x", "y"))),
    ],
)
def test_each_comparison_is_read(text: str, node: object) -> None:
    assert parse(text) == node


def test_a_flag_may_begin_like_a_word_of_the_grammar() -> None:
    assert parse("orange or notes") == AnyOf(parts=(FlagRaised(name="orange"), FlagRaised(name="notes")))


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1),
        ("   ", 1),
        ("a or", 5),
        ("a b", 3),
        ("a and and b", 7),
        ("in", 1),
        ("a & b", 3),
        ("answer(k) == 'a'", 8),
        ("answer(K) < 'a'", 13),
        ("answer(K) in []", 15),
        ("answer(K) in 'a'", 14),
        ('answer(K) == "a"', 14),
        ("programme contains 'a'", 11),
        ("programme < 3", 11),
        ("(a", 3),
        ("a" * 2001, 2001),
    ],
)
def test_a_mistake_is_told_with_its_column(text: str, column: int) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(text)

    assert caught.value.column == column
    assert f"colonne {column} : " in str(caught.value)


# Rule 9: « unknown or true » is true, « unknown and false » is false.
def test_kleene_tables_of_and_or_and_not() -> None:
    rank = {False: 0, None: 1, True: 2}

    for left, right in product(TRUTHS, TRUTHS):
        assert all_of([left, right]) is min(left, right, key=rank.__getitem__)
        assert any_of([left, right]) is max(left, right, key=rank.__getitem__)
    assert [opposite(truth) for truth in TRUTHS] == [False, True, None]


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("always", True),
        ("yes", True),
        ("no", False),
        ("maybe", None),
        ("maybe or yes", True),
        ("maybe or no", None),
        ("maybe and no", False),
        ("maybe and yes", None),
        ("not maybe", None),
        ("not (no or maybe and no)", True),
        ("answer(ONE) == 'a'", True),
        ("answer(ONE) != 'a'", False),
        ("answer(ONE) in ['b', 'a']", True),
        ("answer(ONE) in ['b', 'c']", False),
        ("answer(MANY) contains 'a'", True),
        ("answer(MANY) contains 'c'", False),
        ("answer(NONE) == 'a'", None),
        ("answer(NONE) != 'a'", None),
        ("answer(NONE) < 3", None),
        ("answer(SIX) < 6", False),
        ("answer(SIX) <= 6", True),
        ("answer(SIX) > 6", False),
        ("answer(SIX) >= 6", True),
        ("answer(SIX) == 6", True),
        ("answer(SIX) == 6.00", True),
        ("answer(SIX) != 6", False),
        ("answer(SIX) != 7", True),
        ("programme == 'with_exchange'", True),
        ("programme != 'with_exchange'", False),
        ("programme in ['without_exchange']", False),
    ],
)
def test_the_truth_of_a_condition(text: str, truth: Truth) -> None:
    situation = Situation(
        programme="with_exchange",
        answers={"ONE": "a", "MANY": frozenset({"a", "b"}), "SIX": Decimal(6)},
        flags={
            "yes": Trace(text="", truth=True),
            "no": Trace(text="", truth=False),
            "maybe": Trace(text="", truth=None),
        },
    )

    assert evaluate(parse(text), situation) is truth


def test_without_a_programme_what_depends_on_it_is_unknown() -> None:
    assert evaluate(parse("programme == 'with_exchange'"), Situation()) is None
    assert evaluate(parse("programme != 'with_exchange'"), Situation()) is None


def test_a_condition_reads_as_plain_french() -> None:
    definition = compiled(
        question("K", "single_choice", choices=choices(("a", "1"), ("b", "0"))),
        question("M", "multiple_choice", choices=choices(("x", "1"))),
        question("N", "number", unit="%"),
        flags={"ai": "always"},
    )

    def read(text: str) -> str:
        return in_french(parse(text), definition)

    assert read("always") == "elle concerne tous les services"
    assert read("ai") == "le service a ai"
    assert read("not ai") == "il est faux que le service a ai"
    assert read("answer(K) == 'a'") == "la réponse à « Titre de K » (K) est « A »"
    assert read("answer(K) != 'a'") == "la réponse à « Titre de K » (K) n’est pas « A »"
    assert read("answer(K) in ['a','b']") == "la réponse à « Titre de K » (K) est « A » ou « B »"
    assert read("answer(M) contains 'x'") == "la réponse à « Titre de M » (M) comprend « X »"
    assert read("answer(N) < 99.5") == "la réponse à « Titre de N » (N) est inférieure à 99,5\u202f%"
    assert read("programme == 'with_exchange'") == "la démarche est avec échange de données"
    assert read("ai and (answer(M) contains 'x' or always)") == (
        "le service a ai et (la réponse à « Titre de M » (M) comprend « X » ou elle concerne tous les services)"
    )


def test_why_is_one_sentence_that_names_the_missing_answers() -> None:
    definition = compiled(
        question("K"),
        question("ON-YES", applies_when="flagged"),
        question("ALWAYS"),
        flags={"flagged": "answer(K) == 'oui'"},
    )

    def why(answer: str | None) -> str:
        return why_in_french(evaluated(definition, {"K": answer}).questions["ON-YES"].why)

    assert why("oui") == "Exigence affichée, car le service a flagged."
    assert why("non") == "Exigence masquée : elle ne s’affiche que si le service a flagged."
    assert why(None) == (
        "Exigence masquée pour l’instant : elle s’affichera si le service a flagged ; sans réponse utilisable : K."
    )


def test_a_trace_tells_why_a_source_has_no_value() -> None:
    definition = compiled(
        question("K"),
        question("HIDDEN", applies_when="answer(K) == 'oui'"),
        question("L", applies_when="answer(HIDDEN) == 'oui' or answer(K) == 'oui' or answer(SKIPPED) == 'oui'"),
        question("SKIPPED"),
    )

    why = evaluated(definition, {"K": "non"}, not_applicable={"SKIPPED": "Sans objet"}).questions["L"].why

    assert [(leaf.key, leaf.truth, leaf.absence) for leaf in why.leaves()] == [
        ("HIDDEN", None, "hidden"),
        ("K", False, None),
        ("SKIPPED", None, "not_applicable"),
    ]
