"""A version as a FHIR R4 `Questionnaire`, and answers to it as a `QuestionnaireResponse`: plain data, for JSON."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from questionnaires import engine
from questionnaires.engine import QuestionType
from questionnaires.exchange.fhir_conditions import NotSayable, Vocabulary, enabling
from questionnaires.exchange.fhir_values import (
    EXTENSION,
    YES,
    canonical,
    coding,
    extension,
    is_boolean,
    json_number,
    text_field,
)

Resource = dict[str, Any]

_HL7 = "http://hl7.org/fhir/StructureDefinition"
_TYPES = {
    QuestionType.YES_NO: "choice",
    QuestionType.SINGLE_CHOICE: "choice",
    QuestionType.MULTIPLE_CHOICE: "choice",
    QuestionType.NUMBER: "decimal",
    QuestionType.DATE: "date",
    QuestionType.TEXT: "text",
    QuestionType.FILE: "attachment",
}
# What is told beside a question, each under its heading.
_HELP = {
    "asked": "Ce qui est demandé",
    "why": "Pourquoi",
    "help": "Aide",
    "accepted_example": "Exemple accepté",
    "refused_example": "Exemple refusé",
    "evidence": "Preuve attendue",
    "reference": "Référence",
}
_CONTROL = {
    "url": f"{_HL7}/questionnaire-itemControl",
    "valueCodeableConcept": {
        "coding": [
            {"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "help", "display": "Help-Button"}
        ]
    },
}


# --- Questionnaire --------------------------------------------------------------------------------


def questionnaire_resource(
    content: engine.Questionnaire,
    *,
    flags: Iterable[engine.Flag] = (),
    others: Iterable[engine.Questionnaire] = (),
    status: str = "draft",
    published_on: date | None = None,
) -> Resource:
    """The whole version. `flags` and `others` (the questionnaires beside it) are those of its edition: conditions cite
    them. `status`: « draft », « active » or « retired »."""
    asked = {each.key: each for each in content.questions()}
    around = {each.key: each for other in others for each in other.questions()}
    vocabulary = Vocabulary(
        questions={**around, **asked}, flags={flag.name: flag for flag in flags}, here=frozenset(asked)
    )
    return {
        "resourceType": "Questionnaire",
        "id": f"{content.code}-{content.version}",
        "language": "fr",
        "url": canonical(content),
        "version": content.version,
        "name": content.code.replace("-", "_"),
        **text_field("title", content.title),
        "status": status,
        **({"date": published_on.isoformat()} if published_on else {}),
        **text_field("description", content.description),
        "item": _groups(content, lambda theme: [_item(each, vocabulary) for each in theme.questions]),
    }


def _groups(content: engine.Questionnaire, items: Any) -> list[Resource]:
    """A group for each theme that has items, within that of its part. Parts may come back: order is the screen's."""
    groups: list[Resource] = []
    parts = {part.code: part for part in content.parts}
    current: tuple[str, Resource] | None = None
    for theme in content.themes:
        found = items(theme)
        if not found:
            continue
        group = _group(f"theme.{theme.code}", theme.title, found)
        part = parts.get(theme.part or "")
        if part is None:
            current = None
            groups.append(group)
        elif current and current[0] == part.code:
            current[1]["item"].append(group)
        else:
            rank = sum(each["linkId"].split("~")[0] == f"volet.{part.code}" for each in groups)
            current = part.code, _group(f"volet.{part.code}" + (f"~{rank + 1}" if rank else ""), part.title, [group])
            groups.append(current[1])
    return groups


def _group(link: str, title: str, items: list[Resource]) -> Resource:
    return {"linkId": link, **text_field("text", title), "type": "group", "item": items}


def _item(question: engine.Question, vocabulary: Vocabulary) -> Resource:
    extensions = [*_bounds(question)]
    try:
        shown = enabling(question.applies_when, vocabulary)
    except NotSayable:
        shown = {}
        extensions.append(_condition(question.applies_when, vocabulary))
    repeats = question.type is QuestionType.MULTIPLE_CHOICE or (
        question.type is QuestionType.FILE and question.max_files != 1
    )
    told = [_told(question.key, name, heading, getattr(question, name)) for name, heading in _HELP.items()]
    return {
        **({"extension": extensions} if extensions else {}),
        "linkId": question.key,
        **text_field("text", question.wording),
        "type": "boolean" if is_boolean(question) else _TYPES[question.type],
        **shown,
        "required": question.is_mandatory,
        **({"repeats": True} if repeats else {}),
        **({"maxLength": question.max_length} if question.max_length and question.type is QuestionType.TEXT else {}),
        **({} if is_boolean(question) or not question.choices else {"answerOption": [*_options(question)]}),
        **({"item": [each for each in told if each]} if any(told) else {}),
    }


def _told(key: str, name: str, heading: str, text: str) -> Resource:
    said = text_field("text", text)
    if not said:
        return {}
    return {"extension": [_CONTROL], "linkId": f"{key}.{name}", "prefix": heading, **said, "type": "display"}


def _options(question: engine.Question) -> Iterator[Resource]:
    for choice in question.choices:
        score = (
            [] if choice.score is None else [{"url": f"{_HL7}/ordinalValue", "valueDecimal": json_number(choice.score)}]
        )
        yield {**({"extension": score} if score else {}), "valueCoding": coding(question, choice.value)}


def _bounds(question: engine.Question) -> Iterator[Resource]:
    if question.unit.strip() and question.type is QuestionType.NUMBER:
        yield {"url": f"{_HL7}/questionnaire-unit", "valueCoding": text_field("display", question.unit)}
    for name, bound in (("minValue", question.minimum), ("maxValue", question.maximum)):
        if bound is not None:
            yield {"url": f"{_HL7}/{name}", "valueDecimal": json_number(bound)}
    if question.min_length:
        yield {"url": f"{_HL7}/minLength", "valueInteger": question.min_length}
    for name, count in (("minOccurs", question.min_files), ("maxOccurs", question.max_files)):
        if count:
            yield {"url": f"{_HL7}/questionnaire-{name}", "valueInteger": count}


def _condition(condition: str, vocabulary: Vocabulary) -> Resource:
    """Condition and reading, for whoever reads the file: no program but ours knows when to show the question."""
    try:
        reading = engine.in_french(engine.parse(condition), vocabulary)
    except engine.ConditionError:
        reading = ""
    told = [
        {"url": name, **text_field("valueString", text)}
        for name, text in (("expression", condition), ("reading", reading))
        if text.strip()
    ]
    return {"url": f"{EXTENSION}:condition", "extension": told}


# --- QuestionnaireResponse ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer as it is stored: None, a text, or a list of values. `files`: the names of those that are joined."""

    value: object = None
    not_applicable: bool = False
    reason: str = ""
    comment: str = ""
    files: tuple[str, ...] = field(default=())


def response_resource(
    content: engine.Questionnaire,
    answers: Mapping[str, Answered],
    *,
    status: str,
    subject: str,
    identifier: str,
    authored: datetime,
) -> Resource:
    """The answers to one version. `answers`: those of the questions that are shown, by key; nothing else is written.

    `status`: « in-progress », « completed » or « amended ».
    """
    return {
        "resourceType": "QuestionnaireResponse",
        "identifier": {"system": "urn:convergence:dossier", "value": identifier},
        "questionnaire": f"{canonical(content)}|{content.version}",
        "status": status,
        "subject": text_field("display", subject),
        "authored": authored.isoformat(timespec="seconds"),
        **_items_of(content, answers),
    }


def _items_of(content: engine.Questionnaire, answers: Mapping[str, Answered]) -> Resource:
    def items(theme: engine.Theme) -> list[Resource]:
        shown = [(each, answers[each.key]) for each in theme.questions if each.key in answers]
        return [item for question, answer in shown if (item := _answer_item(question, answer))]

    groups = _groups(content, items)
    for group in groups:
        _untyped(group)
    return {"item": groups} if groups else {}


def _untyped(group: Resource) -> None:
    """An answer says no type: its questionnaire does."""
    if group.pop("type", None):
        for below in group["item"]:
            _untyped(below)


def _answer_item(question: engine.Question, answer: Answered) -> Resource:
    """None of what is neither answered nor commented."""
    extensions = []
    if answer.not_applicable:
        reason: Resource = {**text_field("valueString", answer.reason)}
        extensions.append(extension("not-applicable", **(reason or {"valueBoolean": True})))
    if answer.comment.strip():
        extensions.append(extension("comment", **text_field("valueString", answer.comment)))
    values = [] if answer.not_applicable else [*_values(question, answer)]
    if not values and not extensions:
        return {}
    return {
        **({"extension": extensions} if extensions else {}),
        "linkId": question.key,
        **text_field("text", question.wording),
        **({"answer": values} if values else {}),
    }


def _values(question: engine.Question, answer: Answered) -> Iterator[Resource]:
    for name in answer.files:
        yield {"valueAttachment": text_field("title", name)}
    if question.type is QuestionType.FILE:
        return
    try:
        value = engine.parse_value(question, answer.value)
    except engine.InvalidAnswer:
        return  # counts as no answer, as it does in an evaluation
    if value is not None:
        yield from _typed(question, value)


def _typed(question: engine.Question, value: engine.Value) -> Iterator[Resource]:
    if isinstance(value, Decimal):
        yield {"valueDecimal": json_number(value)}
    elif isinstance(value, date):
        yield {"valueDate": value.isoformat()}
    elif is_boolean(question):
        yield {"valueBoolean": value == YES}
    elif question.choices:
        ticked = value if isinstance(value, frozenset) else {value}
        yield from ({"valueCoding": coding(question, each.value)} for each in question.choices if each.value in ticked)
    elif told := text_field("valueString", str(value)):
        yield {**told}
