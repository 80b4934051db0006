"""Compilation: an edition is checked whole, every problem is told at once, and the result is ordered."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from questionnaires.engine import (
    Choice,
    Definition,
    DefinitionErrors,
    Edition,
    Flag,
    Kind,
    Level,
    Part,
    Question,
    Questionnaire,
    Scoring,
    Theme,
    compile_edition,
    content_hash,
    questionnaire_hash,
)
from tests.questionnaires.builders import YES_NO, choices, compiled, edition, question, threshold


def problems(plain: Edition) -> list[str]:
    with pytest.raises(DefinitionErrors) as caught:
        compile_edition(plain)
    return [str(problem) for problem in caught.value.problems]


def test_all_problems_are_told_at_once() -> None:
    plain = edition(
        question("A", applies_when="answer(NOWHERE) == 'oui'"),
        question("B", applies_when="unheard_of"),
        question("C", weight=Decimal(0)),
        question("D", applies_when="answer(A) =="),
        flags={"f": "answer(A) == 'peut_etre'"},
    )

    assert problems(plain) == [
        "C : le poids 0 n’est pas positif",
        "D : condition illisible, colonne 13 : la condition est inachevée",
        "A : la question NOWHERE n’existe pas",
        "B : le drapeau « unheard_of » n’existe pas",
        "drapeau f : « peut_etre » n’est pas un choix de A",
    ]


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("answer(YES) contains 'oui'", "« contains » ne s’applique pas à YES (oui/non)"),
        ("answer(YES) < 3", "YES (oui/non) ne se compare pas à un nombre"),
        ("answer(MANY) == 'a'", "« == » ne s’applique pas à MANY (choix multiple)"),
        ("answer(MANY) in ['a']", "« in » ne s’applique pas à MANY (choix multiple)"),
        ("answer(MANY) contains 'z'", "« z » n’est pas un choix de MANY"),
        ("answer(NUMBER) == '3'", "« == » ne s’applique pas à NUMBER (nombre)"),
        ("answer(DATE) == '2026-01-01'", "« == » ne s’applique pas à DATE (date)"),
        ("answer(DATE) < 3", "DATE (date) ne se compare pas à un nombre"),
        ("answer(TEXT) != 'x'", "« != » ne s’applique pas à TEXT (texte)"),
        ("answer(FILE) == 'x'", "« == » ne s’applique pas à FILE (fichier)"),
        ("programme == 'by_post'", "la démarche « by_post » n’existe pas"),
        ("always and not (answer(YES) == 'a' or always)", "« a » n’est pas un choix de YES"),
    ],
)
def test_a_comparison_that_makes_no_sense_is_refused(condition: str, reason: str) -> None:
    plain = edition(
        question("YES"),
        question("MANY", "multiple_choice", choices=choices(("a", "1"))),
        question("NUMBER", "number"),
        question("DATE", "date"),
        question("TEXT", "text"),
        question("FILE", "file"),
        question("X", applies_when=condition),
    )

    assert problems(plain) == [f"X : {reason}"]


def test_a_cycle_names_its_members() -> None:
    plain = edition(
        question("A", applies_when="answer(B) == 'oui'"),
        question("B", applies_when="f"),
        question("ALONE", applies_when="answer(ALONE) == 'oui'"),
        question("AFTER", applies_when="answer(A) == 'oui'"),
        flags={"f": "answer(A) == 'oui'"},
    )

    found = problems(plain)

    assert len(found) == 2
    assert "ALONE : conditions en boucle : ALONE → ALONE" in found
    (longer,) = (each for each in found if "ALONE" not in each)
    assert {"A", "B", "f"} == set(longer.split(" : ")[-1].split(" → "))


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (question("X", weight=Decimal(-1)), "le poids -1 n’est pas positif"),
        (question("X", pass_score=Decimal("1.1")), "le score attendu 1.1 n’est pas entre 0 et 1"),
        (question("X", choices=()), "une question à choix n’a aucun choix"),
        (question("X", "single_choice"), "une question à choix n’a aucun choix"),
        (question("X", choices=YES_NO[:1]), "une question oui/non a pour choix « oui » et « non », rien d’autre"),
        (question("X", "text", choices=YES_NO), "une question de type texte n’a pas de choix"),
        (
            question("X", "single_choice", choices=choices(("a", "1"), ("a", "0"))),
            "le choix « a » est défini 2 fois",
        ),
        (
            question("X", "single_choice", choices=choices(("a", "1.5"))),
            "le score 1.5 du choix « a » n’est pas entre 0 et 1",
        ),
        (question("X", "single_choice", choices=choices(("a", None))), "le choix « a » n’a pas de score"),
        (
            question("X", "single_choice", choices=choices(("a", "1", "forbidden"))),
            "le choix « a » a une règle de choix multiple",
        ),
        (question("X", "number", minimum=Decimal(2), maximum=Decimal(1)), "le minimum 2 dépasse le maximum 1"),
        (question("X", "text", min_length=9, max_length=8), "le minimum 9 dépasse le maximum 8"),
        (question("X", "date", max_age_months=0), "l’âge maximal en mois n’est pas positif"),
        (question("X", "date", score_old=Decimal(2)), "le score de date 2 n’est pas entre 0 et 1"),
        (question("X", "number", thresholds=(threshold("gte", "1"),)), "le seuil « gte » n’a pas de borne"),
        (
            question("X", "number", thresholds=(threshold("between", "1", "3"),)),
            "le seuil « between » n’a pas de borne haute",
        ),
        (
            question("X", "number", thresholds=(threshold("lt", "-1", "3"),)),
            "le score de seuil -1 n’est pas entre 0 et 1",
        ),
    ],
)
def test_a_question_that_cannot_be_scored_is_refused(broken: Question, reason: str) -> None:
    assert f"X : {reason}" in problems(edition(broken))


def test_an_unscored_choice_or_one_judged_by_rules_only_needs_no_fraction() -> None:
    compiled(
        question("A", "single_choice", scored=False, choices=choices(("a", None))),
        question("B", "multiple_choice", scoring=Scoring.RULES_ONLY, choices=choices(("a", None, "required"))),
        question("C", choices=(Choice(value="oui", label="Oui"), Choice(value="non", label="Non"))),
    )


def test_names_are_unique_in_the_whole_edition() -> None:
    theme = Theme(code="T", questions=(question("A"),))
    part = Part(code="P")
    twice = Questionnaire(code="Q", themes=(theme,), parts=(part,))
    flag = Flag(name="f", condition="always")

    assert problems(Edition(code="E", questionnaires=(twice, twice), flags=(flag, flag))) == [
        "questionnaire Q : est défini 2 fois",
        "drapeau f : est défini 2 fois",
        "partie P : est défini 2 fois",
        "thème T : est défini 2 fois",
        "A : est défini 2 fois",
    ]


def test_a_word_of_the_grammar_is_no_flag() -> None:
    assert problems(edition(question("A"), flags={"always": "programme == 'with_exchange'"})) == [
        "drapeau always : ce mot appartient au langage des conditions"
    ]


def test_a_theme_belongs_to_a_part_that_exists() -> None:
    theme = Theme(code="T", part="NOWHERE", questions=(question("A"),))

    assert problems(Edition(code="E", questionnaires=(Questionnaire(code="Q", themes=(theme,)),))) == [
        "thème T : la partie NOWHERE n’existe pas"
    ]


def test_the_scored_weights_of_a_theme_do_not_sum_to_zero() -> None:
    plain = edition(question("A", weight=Decimal(-1)), question("B", weight=Decimal(1)))

    assert "thème Q-T : les poids de ses questions notées ont une somme nulle" in problems(plain)


def test_an_orientation_question_is_mandatory_and_never_scored() -> None:
    plain = edition(question("A", level=Level.RECOMMENDED), kind=Kind.ORIENTATION)

    assert problems(plain) == [
        "A : une question d’orientation n’est pas notée",
        "A : une question d’orientation est obligatoire",
    ]


def test_a_diagnostic_enters_no_edition() -> None:
    assert problems(edition(question("A"), kind=Kind.DIAGNOSTIC)) == [
        "questionnaire Q : un diagnostic n’entre dans aucune édition"
    ]


def test_each_question_comes_after_what_it_reads() -> None:
    definition = compiled(
        question("LAST", applies_when="f and answer(MIDDLE) == 'oui'"),
        question("MIDDLE", applies_when="answer(FIRST) == 'oui'"),
        question("FIRST"),
        flags={"f": "answer(MIDDLE) == 'non'"},
    )

    assert definition.order.index("FIRST") < definition.order.index("MIDDLE")
    assert definition.order.index("MIDDLE") < definition.order.index("f") < definition.order.index("LAST")
    assert list(definition.questions) == ["LAST", "MIDDLE", "FIRST"]


def test_a_definition_cannot_be_changed(definition_2026: Definition) -> None:
    target: Any = definition_2026.questions

    with pytest.raises(TypeError):
        target["DOC-ELI-01"] = None


def test_equal_content_has_an_equal_hash() -> None:
    plain = edition(question("A", weight=Decimal(1)))
    same = edition(question("A", weight=Decimal("1.00")))

    assert content_hash(plain) == content_hash(same) == compile_edition(same).hash
    # Fixed once: it must be the same in another process, another year.
    assert content_hash(Edition(code="E")) == ("ddf13bc4bbcbdcbe97bb69740ee603ce67416ece7cfbdac7a1db665b1f93c6ef")


def test_any_change_changes_the_hash() -> None:
    plain = edition(question("A"))
    before = questionnaire_hash(plain.questionnaires[0])

    for change in ({"title": "Autre"}, {"weight": Decimal(2)}, {"level": Level.RECOMMENDED}, {"choices": YES_NO[::-1]}):
        (after,) = edition(replace(question("A"), **change)).questionnaires
        assert questionnaire_hash(after) != before
    assert content_hash(replace(plain, title="Autre")) != content_hash(plain)
