"""Names, numbers and answers as FHIR R4 writes them."""

from decimal import Decimal
from typing import Any

from questionnaires import engine
from questionnaires.engine import QuestionType

# Of what FHIR has no name for.
EXTENSION = "urn:convergence:fhir"
YES, NO = "oui", "non"


def canonical(content: engine.Questionnaire) -> str:
    """What names the questionnaire, in all its versions."""
    return f"urn:convergence:questionnaire:{content.code}"


def is_boolean(question: engine.Question) -> bool:
    """Whether « oui » and « non » say it all: a choice that has words of its own stays a choice."""
    labels = [(choice.value, choice.label) for choice in question.choices]
    return question.type is QuestionType.YES_NO and sorted(labels) == [(NO, "Non"), (YES, "Oui")]


def coding(question: engine.Question, value: str) -> dict[str, str]:
    """One of the answers to choose from."""
    label = next((choice.label for choice in question.choices if choice.value == value), "")
    return {"system": f"urn:convergence:question:{question.key}", "code": value, **text_field("display", label)}


def json_number(number: Decimal) -> int | float:
    """Stored numbers have fourteen figures at most, which no reader rounds."""
    return int(number) if number == number.to_integral_value() else float(number)


def text_field(name: str, text: str) -> dict[str, str]:
    """Left out when it says nothing: FHIR has no empty text. Of control characters, it knows three."""
    plain = "".join(each for each in text if each >= " " or each in "\t\r\n")
    return {name: plain} if plain.strip() else {}


def extension(name: str, **value: Any) -> dict[str, Any]:
    return {"url": f"{EXTENSION}:{name}", **value}
