"""Questionnaires as files: exact numbers, a schema that refuses, errors with a line."""

from decimal import Decimal
from pathlib import Path

import pytest

from questionnaires.engine import ChoiceRule, Kind, Level, QuestionType, Scoring, ThresholdOperator
from questionnaires.source_files import SourceError, SourceProblem, read_edition, read_questionnaire

HEAD = """\
schema: convergence/questionnaire@1
questionnaire: DOC
kind: evaluation
version: "2026.1"
slug: doctrine
title: Doctrine
parts:
  - {code: P, slug: p, title: Partie}
themes:
  - code: DOC-T
    slug: theme
    title: Thème
    part: P
    questions:
"""
QUESTION = """\
      - key: DOC-T-01
        type: number
        title: Titre
        wording: Combien ?
        level: recommended
        scored: true
        weight: 1.50
        pass_score: 0.1
        applies_when: always
        not_applicable: refused
        rule:
          unit: "%"
          min: 0
          max: 99.9
          thresholds:
            - {between: [0.1, 0.2], score: 0.3}
            - {gte: 0.3, score: 1}
            - {otherwise: true, score: 0}
"""
TICKS = """\
      - key: DOC-T-02
        type: multiple_choice
        title: Titre
        wording: Lesquels ?
        level: mandatory
        scored: true
        weight: 1
        applies_when: "answer(DOC-T-01) > 3"
        not_applicable: allowed
        scoring: min
        choices:
          - {value: a, label: A, score: 0.7, rule: required}
          - {value: IIb, label: B}
"""
EDITION = """\
schema: convergence/edition@1
edition: "2026"
title: Édition
disclaimer: Un avertissement.
questionnaires: ["DOC@2026.1"]
flags:
  - {name: ai, meaning: Il y a de l’IA, condition: "answer(DOC-T-01) > 3"}
"""


def written(folder: Path, text: str, name: str = "doctrine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path) -> list[SourceProblem]:
    with pytest.raises(SourceError) as caught:
        read_questionnaire(path)
    return caught.value.problems


def test_a_file_becomes_plain_definitions_with_exact_numbers(tmp_path: Path) -> None:
    read = read_questionnaire(written(tmp_path, HEAD + QUESTION + TICKS))

    number, ticks = read.questions()
    assert (read.code, read.kind, read.version) == ("DOC", Kind.EVALUATION, "2026.1")
    assert (read.parts[0].code, read.themes[0].part) == ("P", "P")
    assert (number.type, number.level, number.allows_not_applicable) == (QuestionType.NUMBER, Level.RECOMMENDED, False)
    assert (number.weight, number.pass_score) == (Decimal("1.5"), Decimal("0.1"))
    assert (number.unit, number.minimum, number.maximum) == ("%", Decimal(0), Decimal("99.9"))
    assert [(each.operator, each.low, each.high, each.score) for each in number.thresholds] == [
        (ThresholdOperator.BETWEEN, Decimal("0.1"), Decimal("0.2"), Decimal("0.3")),
        (ThresholdOperator.GTE, Decimal("0.3"), None, 1),
        (ThresholdOperator.OTHERWISE, None, None, 0),
    ]
    assert (ticks.scoring, ticks.pass_score) == (Scoring.MIN, None)
    assert [(choice.value, choice.score, choice.rule) for choice in ticks.choices] == [
        ("a", Decimal("0.7"), ChoiceRule.REQUIRED),
        ("IIb", None, ChoiceRule.FREE),
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "path"),
    [
        ("weight: 1.50", 'weight: "1"', 21, "themes/0/questions/0/weight"),
        ("level: recommended", "level: optional", 19, "themes/0/questions/0/level"),
        ("pass_score: 0.1", "pass_score: 1.1", 22, "themes/0/questions/0/pass_score"),
        ("wording: Combien ?", "wordings: Combien ?", 15, "themes/0/questions/0"),
        ("score: 1}", "score: 2}", 31, "themes/0/questions/0/rule/thresholds/1"),
        ('unit: "%"', "min_length: 3", 26, "themes/0/questions/0/rule"),
        ('version: "2026.1"', "version: 2026.1", 4, "version"),
        ("slug: theme", "slug: Un thème", 11, "themes/0/slug"),
    ],
)
def test_what_the_schema_refuses_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, line: int, path: str
) -> None:
    text = HEAD + QUESTION
    assert right in text

    found = problems(written(tmp_path, text.replace(right, wrong)))

    assert (found[0].file, found[0].line, found[0].path) == ("doctrine.yaml", line, path)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("weight: 1.50", 'weight: "1"', "«\xa01\xa0»\xa0: un nombre est attendu"),
        ("level: recommended", "level: optional", "n’est pas l’un de «\xa0mandatory\xa0», «\xa0recommended\xa0»"),
        ("pass_score: 0.1", "pass_score: 1.1", "au plus 1"),
        ("slug: theme", "slug: Un thème", "n’a pas la forme attendue"),
        ("        wording: Combien ?\n", "", "le champ «\xa0wording\xa0» manque"),
        ("wording:", "inconnu: 1\n        wording:", "champ inconnu\xa0: «\xa0inconnu\xa0»"),
        ("title: Doctrine", 'title: ""', "au moins 1"),
        ("part: P", "part: P\noutcomes: []", "n’a pas sa place ici"),
    ],
)
def test_what_the_schema_refuses_is_told_in_words(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    text = HEAD + QUESTION
    text = text.replace(right, "part: P") + "outcomes: []\n" if "outcomes" in wrong else text.replace(right, wrong, 1)

    assert any(told in each.reason for each in problems(written(tmp_path, text)))


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    text = (HEAD + QUESTION).replace("weight: 1.50", "weight: heavy").replace("level: recommended", "level: optional")

    assert [each.path.split("/")[-1] for each in problems(written(tmp_path, text))] == ["level", "weight"]


@pytest.mark.parametrize(
    ("text", "line"),
    [("title: 'sans fin\n", 2), ("title: a\ntitle: b\n", 2), ("a: [1\nb: 2\n", 2)],
)
def test_broken_yaml_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    (found,) = problems(written(tmp_path, text))

    assert found.line == line
    assert "YAML illisible" in str(found)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (found,) = problems(tmp_path / "absent.yaml")

    assert "lecture impossible" in found.reason


def test_an_edition_gathers_the_versions_that_it_names(tmp_path: Path) -> None:
    written(tmp_path, HEAD + QUESTION)
    written(tmp_path, (HEAD + TICKS).replace('"2026.1"', '"2027.1"'), "doctrine-2027.yaml")
    written(tmp_path, "not: [closed\n", "unrelated.yaml")
    written(tmp_path, EDITION, "edition-2026.yaml")

    edition = read_edition(tmp_path, "2026")

    assert (edition.code, edition.title, edition.disclaimer) == ("2026", "Édition", "Un avertissement.")
    assert [(each.code, each.version) for each in edition.questionnaires] == [("DOC", "2026.1")]
    assert [(flag.name, flag.condition) for flag in edition.flags] == [("ai", "answer(DOC-T-01) > 3")]


def test_an_edition_says_which_version_is_missing(tmp_path: Path) -> None:
    written(tmp_path, EDITION, "edition-2026.yaml")

    with pytest.raises(SourceError, match=r"aucun fichier ne contient DOC@2026\.1"):
        read_edition(tmp_path, "2026")


def test_an_edition_tells_the_problems_of_its_questionnaires(tmp_path: Path) -> None:
    written(tmp_path, EDITION, "edition-2026.yaml")
    written(tmp_path, (HEAD + QUESTION).replace("weight: 1.50", "weight: heavy"))

    with pytest.raises(SourceError, match=r"doctrine\.yaml, ligne 21, themes/0/questions/0/weight"):
        read_edition(tmp_path, "2026")
