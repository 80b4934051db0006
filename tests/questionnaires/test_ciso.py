"""Frameworks of CISO Assistant: every requirement is there, in order, with its text; what is left out is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.engine import Level
from questionnaires.exchange.ciso import is_library, read_library
from questionnaires.exchange.ciso_keys import code_of, keys_of
from questionnaires.exchange.reading import NotRead
from questionnaires.exchange.workbook import read_workbook
from questionnaires.exchange.workbook_writing import write_workbook
from questionnaires.exchange.yaml_text import questionnaire_yaml
from questionnaires.source_files import parse_questionnaire
from tests.questionnaires import contents
from tests.questionnaires.libraries import URN, library, node, read


def titles(reading) -> list[tuple[str, list[str]]]:
    return [(theme.title, [each.wording for each in theme.questions]) for theme in reading.content.themes]


def test_headings_become_themes_and_requirements_questions_with_their_whole_text():
    reading = read(
        node("I", ask=False, name=" Premier "),
        node("1", under="I", name="Un", description="  Tout\n> le texte. \n"),
        node("2", under="I", name="Deux"),
        node("II", ask=False, description="Sans nom"),
        node("3", under="II", description="Sans nom non plus"),
    )

    assert titles(reading) == [(" Premier ", ["Un", "Deux"]), ("Sans nom", ["Sans nom non plus"])]
    first, second, third = reading.content.questions()
    assert first.asked == "  Tout\n> le texte. \n"
    assert (second.asked, third.asked) == ("", "")
    assert [each.key for each in reading.content.questions()] == ["CADRE-1", "CADRE-2", "CADRE-3"]
    assert first.source == f"1 ; {URN}1"
    assert first.reference == "Le cadre, 1"


def test_a_deep_framework_has_parts_and_no_heading_is_lost():
    reading = read(
        node("A", ask=False, name="Partie A", description="Dite."),
        node("A.1", under="A", ask=False, name="Chapitre"),
        node("A.1.1", under="A.1", ask=False, name="Section"),
        node("A.1.1.1", under="A.1.1", name="Quatre"),
        node("A.2", under="A", name="Deux"),
        node("B", ask=False, name="Partie B"),
        node("B.1", under="B", name="Un"),
    )

    content = reading.content
    assert [(part.code, part.title, part.description) for part in content.parts] == [
        ("CADRE-P-A", "Partie A", "Dite."),
        ("CADRE-P-B", "Partie B", ""),
    ]
    assert titles(reading) == [("Chapitre › Section", ["Quatre"]), ("Partie A", ["Deux"]), ("Partie B", ["Un"])]
    assert [theme.part for theme in content.themes] == ["CADRE-P-A", "CADRE-P-A", "CADRE-P-B"]
    assert [(item.kind, item.depth, item.ref) for item in reading.items] == [
        ("theme", 3, "A.1.1"),
        ("requirement", 4, "A.1.1.1"),
        ("theme", 1, "A"),
        ("requirement", 2, "A.2"),
        ("theme", 1, "B"),
        ("requirement", 2, "B.1"),
    ]


def test_a_heading_that_comes_back_makes_a_second_theme_so_that_order_is_kept():
    reading = read(
        node("A", ask=False, name="A"),
        node("B", ask=False, name="B"),
        node("1", under="A", name="Un"),
        node("2", under="B", name="Deux"),
        node("3", under="A", name="Trois"),
    )

    assert titles(reading) == [("A", ["Un"]), ("B", ["Deux"]), ("A", ["Trois"])]
    assert len({theme.code for theme in reading.content.themes}) == 3
    assert any("second thème" in warning for warning in reading.warnings)


def test_a_requirement_may_stand_under_another_and_at_the_root():
    reading = read(
        node("A", ask=False, name="A"),
        node("1", under="A", name="Un"),
        node("1.a", under="1", name="Un, précisé"),
        node("9", name="Seule"),
    )

    assert titles(reading) == [("A", ["Un", "Un, précisé"]), ("Le cadre", ["Seule"])]
    assert list(reading.content.questions())[1].editor_note == "Précise l’exigence 1"


def test_a_long_name_is_shortened_in_the_title_only():
    name = "mot " * 60 + "fin"
    reading = read(node("A", ask=False, name=name), node("1", under="A", name=name, description="d"))

    (theme,) = reading.content.themes
    (asked,) = theme.questions
    assert (len(theme.title) <= 200, theme.description) == (True, name)
    assert (len(asked.title) <= 150, asked.title.endswith("mot…"), asked.wording) == (True, True, name)
    assert any("abrégés" in warning for warning in reading.warnings)


def test_keys_come_from_references_and_not_from_places():
    nodes = [
        node("A.1", name="a"),
        node("A.2", name="b"),
        node(None, name="c", urn="sans-ref"),
        node("A.2", name="d", urn="autre"),
    ]

    def keys(*given) -> dict[str, str]:
        return {each.wording: each.key for each in read(*given).content.questions()}

    assert keys(*nodes) == keys(*reversed(nodes))
    assert keys(*nodes)["a"] == "CADRE-A-1"
    assert keys(*nodes)["c"] == "CADRE-SANS-REF"
    assert len(set(keys(*nodes).values())) == 4


def test_nodes_that_nothing_tells_apart_still_have_keys_of_their_own():
    reading = read(*[{"assessable": True, "name": "La même"} for _ in range(3)])

    assert len({each.key for each in reading.content.questions()}) == 3


@contents.STEADY
@given(st.lists(st.text(max_size=30), min_size=1, max_size=12))
def test_any_names_give_keys_that_fit_and_differ(names):
    keys = keys_of(code_of(names[0]), names, [f"urn:{number}" for number in range(len(names))])

    assert len(set(keys)) == len(names)
    assert all(len(key) <= 20 for key in keys)
    parse_questionnaire_with(keys, code_of(names[0]))


def parse_questionnaire_with(keys: list[str], code: str) -> None:
    head = f"schema: convergence/questionnaire@1\nquestionnaire: '{code}'\nkind: evaluation\n"
    head += "version: '1'\nslug: s\ntitle: t\n"
    theme = "themes: [{code: T, slug: t, title: t, questions: ["
    fields = "type: text, title: t, wording: w, level: mandatory, scored: true, weight: 1, applies_when: always"
    questions = ", ".join(f"{{key: '{key}', {fields}, not_applicable: allowed}}" for key in keys)
    parse_questionnaire(f"{head}{theme}{questions}]}}]\n")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("CADRE", "CADRE"),
        ("ANSSI-GUIDE-HYGIENE", "AGH"),
        ("owasp-masvs-v2.1.0", "OMV210"),
        ("27001", "Q27001"),
        ("CYBERFONDAMENTAUX", "CYBERFONDA"),
        ("数据", "Q"),
    ],
)
def test_a_code_is_short_and_begins_with_a_letter(name, code):
    assert code_of(name) == code


def test_what_is_only_in_later_groups_is_recommended():
    groups = {"implementation_groups_definition": [{"ref_id": "S"}, {"ref_id": "R"}]}
    reading = read(
        node("1", name="a", implementation_groups=["S"]),
        node("2", name="b", implementation_groups=["R"]),
        node("3", name="c", implementation_groups=["S", "R"]),
        node("4", name="d"),
        framework=groups,
    )

    levels = [each.level for each in reading.content.questions()]
    assert levels == [Level.MANDATORY, Level.RECOMMENDED, Level.MANDATORY, Level.MANDATORY]
    assert any("« S » sont obligatoires" in warning for warning in reading.warnings)


def test_nothing_is_dropped_in_silence():
    reading = read(
        node("A", ask=False, name="A"),
        node("note", under="A", ask=False, name="Une note", description="Ses mots."),
        node("1", under="A", name="Un", reference_controls=["x"], translations={"en": {}}, inconnu=1),
        node("seul", ask=False, name="Tout seul"),
        node("2", under="absent", name="Deux"),
        locale="fr",
        description="Celle de la bibliothèque",
        framework={"scores_definition": [1], "description": "Celle du référentiel"},
    )

    warnings = "\n".join(reading.warnings)
    assert reading.content.themes[0].description == "Une note\n\nSes mots."
    assert reading.content.description == "Celle du référentiel\n\nTout seul"
    assert "description, locale" in warnings
    for told in (
        "absent » n’existe pas",
        "« reference_controls » (1",
        "« translations » (1",
        "« inconnu » (1",
        "locale",
    ):
        assert told in warnings
    assert "scores_definition" in warnings
    assert "note, seul" in warnings


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (library(node("A", ask=False, name="A")), "aucune exigence"),
        ({"objects": {"framework": {"name": "x"}}}, "requirement_nodes"),
        ({"objects": {"frameworks": [{}, {}]}}, "2 référentiels"),
    ],
)
def test_a_library_without_requirements_is_refused_with_a_sentence(content, told):
    assert is_library(content)

    with pytest.raises(NotRead, match=told):
        read_library(content, "x.yaml")


def test_a_framework_survives_both_of_our_formats():
    content = read(
        node("A", ask=False, name=" A"),
        node(
            "1", under="A", name=" Un", description="> a ;\n> b. \nc\t\n\n", annotation="=1", typical_evidence="Preuve"
        ),
    ).content

    assert parse_questionnaire(questionnaire_yaml(content)) == content
    assert read_workbook(write_workbook(content), "x.xlsx") == content
