"""What leaves as FHIR R4 is judged by a library that knows the standard, and says what the questionnaire says."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire as R4Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from hypothesis import given, settings

from questionnaires.engine import Edition, Flag, Questionnaire, Theme
from questionnaires.exchange.fhir import Answered, questionnaire_resource, response_resource
from questionnaires.source_files import read_questionnaire
from tests.questionnaires import contents, libraries
from tests.questionnaires.builders import FIXTURES, choices, question
from tests.questionnaires.small import small_edition

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def judged(resource: dict[str, Any]) -> dict[str, Any]:
    """Raises when it is no R4 Questionnaire."""
    R4Questionnaire.model_validate_json(json.dumps(resource))
    return resource


def items(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in resource.get("item", []):
        yield item
        yield from items(item)


def questionnaire(*asked: Any, **fields: Any) -> Questionnaire:
    themes = (Theme(code="Q-T", slug="t", title="Thème", questions=asked),)
    return Questionnaire(code="Q", slug="q", version="1", title="Essai", themes=themes, **fields)


def item_of(condition: str, flags: tuple[Flag, ...] = ()) -> dict[str, Any]:
    content = questionnaire(
        question("Q-1", wording="Un ?"),
        question("Q-2", "single_choice", choices=choices(("a", "1"), ("b", "0"))),
        question("Q-3", "multiple_choice", choices=choices(("a", "1"), ("b", "0"))),
        question("Q-4", "number"),
        question("Q-9", "text", wording="Alors ?", applies_when=condition),
    )
    resource = judged(questionnaire_resource(content, flags=flags))
    return next(item for item in items(resource) if item["linkId"] == "Q-9")


@pytest.mark.parametrize("name", ["diagnostic", "orientation", "doctrine", "securite", "rgpd-et-ethique"])
def test_our_questionnaires_leave_whole_as_r4(name, edition_2026: Edition):
    content = read_questionnaire(FIXTURES / f"{name}.yaml")

    resource = judged(
        questionnaire_resource(
            content,
            flags=edition_2026.flags,
            others=edition_2026.questionnaires,
            status="active",
            published_on=date(2026, 1, 5),
        )
    )

    asked = {item["linkId"]: item for item in items(resource) if item["type"] not in ("group", "display")}
    assert list(asked) == [each.key for each in content.questions()]
    assert [item["text"] for item in asked.values()] == [each.wording for each in content.questions()]
    for each in content.questions():
        said = {"enableWhen", "extension"} & asked[each.key].keys()
        assert each.applies_when == "always" or said, each.key


def test_a_framework_of_others_leaves_as_r4():
    content = libraries.read(
        libraries.node("A", ask=False, name=" A"),
        libraries.node("A.1", under="A", ask=False, name="B"),
        libraries.node("1", under="A.1", name="Un", description="> a ;\n> b."),
        libraries.node("2", under="A", name="Deux"),
    ).content

    resource = judged(questionnaire_resource(content))

    assert [item["linkId"] for item in items(resource) if item["type"] == "group"] == [
        "volet.CADRE-P-A",
        "theme.CADRE-A-1",
        "theme.CADRE-A",
    ]


@settings(contents.STEADY, max_examples=60)
@given(contents.questionnaires())
def test_any_questionnaire_leaves_as_r4(content):
    judged(questionnaire_resource(content))


@pytest.mark.parametrize(
    ("condition", "behaviour", "tests"),
    [
        ("answer(Q-1) == 'oui'", None, [("Q-1", "=", True)]),
        ("not answer(Q-4) > 3", None, [("Q-4", "<=", 3)]),
        ("answer(Q-3) contains 'a' and answer(Q-4) >= 1.5", "all", [("Q-3", "=", "a"), ("Q-4", ">=", 1.5)]),
        ("answer(Q-2) in ['a', 'b']", "any", [("Q-2", "=", "a"), ("Q-2", "=", "b")]),
        ("answer(Q-2) != 'a'", "all", [("Q-2", "exists", True), ("Q-2", "!=", "a")]),
        (
            "not (answer(Q-4) < 1 or answer(Q-1) == 'oui')",
            "all",
            [("Q-4", ">=", 1), ("Q-1", "exists", True), ("Q-1", "!=", True)],
        ),
        ("f and answer(Q-4) > 1", "all", [("Q-1", "=", True), ("Q-4", ">", 1)]),
    ],
)
def test_a_condition_that_fits_is_said_by_enable_when(condition, behaviour, tests):
    item = item_of(condition, (Flag(name="f", condition="always and answer(Q-1) == 'oui'"),))

    def compared(test: dict[str, Any]) -> Any:
        (value,) = (test[name] for name in test if name.startswith("answer"))
        return value["code"] if isinstance(value, dict) else value

    assert item.get("enableBehavior") == behaviour
    assert [(each["question"], each["operator"], compared(each)) for each in item["enableWhen"]] == tests
    assert "extension" not in item


@pytest.mark.parametrize(
    ("condition", "reading"),
    [
        ("programme == 'with_exchange'", "la démarche est avec échange de données"),
        ("answer(AUTRE-1) == 'oui'", "la réponse à AUTRE-1 est « oui »"),
        ("f", "il échange"),
        (
            "answer(Q-4) > 1 and (answer(Q-4) < 3 or answer(Q-1) == 'oui')",
            (
                "la réponse à « Titre de Q-4 » (Q-4) est supérieure à 1 et (la réponse à « Titre de Q-4 » (Q-4) est "
                "inférieure à 3 ou la réponse à « Titre de Q-1 » (Q-1) est « Oui »)"
            ),
        ),
        ("answer(Q-2) != 'a' or answer(Q-4) > 3", None),
        ("pas une condition", None),
    ],
)
def test_another_condition_is_told_in_words(condition, reading):
    item = item_of(condition, (Flag(name="f", meaning="Il échange", condition="programme == 'with_exchange'"),))

    (told,) = item["extension"]
    said = {each["url"]: each["valueString"] for each in told["extension"]}
    assert "enableWhen" not in item
    assert said["expression"] == condition
    assert reading is None or said["reading"] == reading


def test_choices_with_words_of_their_own_stay_choices():
    own = question("Q-1", choices=choices(("oui", "1"), ("peut_etre", "0.5")))
    resource = judged(questionnaire_resource(questionnaire(own, question("Q-2"))))

    first, second = (item for item in items(resource) if item["linkId"] in ("Q-1", "Q-2"))
    assert (first["type"], second["type"]) == ("choice", "boolean")
    assert [each["valueCoding"]["code"] for each in first["answerOption"]] == ["oui", "peut_etre"]
    assert [each["extension"][0]["valueDecimal"] for each in first["answerOption"]] == [1, 0.5]


ANSWERS = {
    "EVA-A-01": Answered(value="oui", files=("attestation.pdf",), comment="Voici."),
    "EVA-A-02": Answered(value=["b", "a"]),
    "EVA-A-03": Answered(value="2.5"),
    "EVA-B-01": Answered(value="2026-01-05"),
    "EVA-B-02": Answered(value="Un texte.\nEn deux lignes."),
    "EVA-B-03": Answered(value=None, not_applicable=True, reason="Aucun plan"),
}


def response(answers: dict[str, Answered]) -> dict[str, Any]:
    resource = response_resource(
        small_edition().questionnaires[1],
        answers,
        status="in-progress",
        subject="Mon service",
        identifier="2026-000001",
        authored=NOW,
    )
    QuestionnaireResponse.model_validate_json(json.dumps(resource))
    return resource


def test_answers_of_every_type_leave_as_r4():
    found = {item["linkId"]: item for item in items(response(ANSWERS))}

    assert found["EVA-A-01"]["answer"] == [{"valueAttachment": {"title": "attestation.pdf"}}, {"valueBoolean": True}]
    assert [each["valueCoding"]["code"] for each in found["EVA-A-02"]["answer"]] == ["a", "b"]
    assert found["EVA-A-03"]["answer"] == [{"valueDecimal": 2.5}]
    assert found["EVA-B-01"]["answer"] == [{"valueDate": "2026-01-05"}]
    assert found["EVA-B-02"]["answer"] == [{"valueString": "Un texte.\nEn deux lignes."}]
    assert "answer" not in found["EVA-B-03"]
    assert found["EVA-B-03"]["extension"][0]["valueString"] == "Aucun plan"


def test_what_is_not_given_is_not_written():
    text = json.dumps(response({"EVA-A-01": Answered(value="oui"), "EVA-A-02": Answered()}))

    assert "EVA-A-01" in text
    assert not any(key in text for key in ("EVA-A-02", "EVA-B"))
    assert "item" not in response({})
