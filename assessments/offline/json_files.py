"""The answers of a dossier as JSON: format 1, described by assessments/schemas/answers.schema.json.

    {"format": 1, "dossier": "2026-004217", "edition": "2026", "exported_at": …,
     "answers": {"SEC-EXP-04": {"type": "yes_no", "value": "oui", "not_applicable": false, "reason": "", "comment": "",
                                "revision": 3, "saved_at": …, "saved_by": …, "files": […]}}}

A value is null, the value of a choice, a list of them, a number, an ISO date or a text. What is left out of an answer
is left as it is; null erases.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

import jsonschema_rs
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.answer_states import AnswerState
from assessments.filing import Filing
from assessments.models import Dossier
from assessments.offline.layout import FORMAT
from assessments.offline.proposals import FIELDS
from assessments.offline.returned import Returned
from assessments.offline.taking import NotTaken, gather, require_same
from assessments.offline.typing_in import Row, choose
from questionnaires import engine
from questionnaires.engine import QuestionType


def answers_as_json(filing: Filing) -> str:
    """The file, with the questions that are shown now, in the order of the edition."""
    dossier, questions = filing.dossier, filing.working.definition.questions
    shown = [key for key, result in filing.evaluation.questions.items() if result.shown]
    content = {
        "format": FORMAT,
        "dossier": dossier.number,
        "edition": dossier.edition.code,
        "exported_at": timezone.now().isoformat(),
        "answers": {key: _answer(questions[key], filing.working.state(key)) for key in shown},
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _answer(question: engine.Question, state: AnswerState) -> dict[str, Any]:
    return {
        "type": question.type.value,
        "value": _typed(question, state.value),
        "not_applicable": state.not_applicable,
        "reason": state.reason,
        "comment": state.comment,
        "revision": state.revision,
        "saved_at": state.saved_at.isoformat() if state.saved_at else None,
        "saved_by": state.saved_by,
        "files": [file.original_name for file in state.files],
    }


def _typed(question: engine.Question, value: Any) -> Any:
    """As stored, but for a number, which is one: at most fourteen figures, which no reader rounds. More stay a text."""
    number = engine.parse_value(question, value) if question.type is QuestionType.NUMBER else None
    if not isinstance(number, Decimal):
        return value
    if number == number.to_integral_value():
        return int(number)
    return float(number) if Decimal(repr(float(number))) == number else value


# --- Coming back --------------------------------------------------------------------------------


def read_json(content: bytes, dossier: Dossier, definition: engine.Definition) -> Returned:
    """Raises NotTaken. `content` is bounded by whoever received it."""
    try:
        # Numbers as they are written: a float rounds them, and one of a million figures takes hours.
        told = json.loads(content, parse_float=_number, parse_int=_number, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise NotTaken(_("Ce fichier n’est pas du JSON lisible : exportez-en un nouveau, ou corrigez-le.")) from error
    if isinstance(told, dict):
        require_same(dossier, format=told.get("format"), number=told.get("dossier"), edition=told.get("edition"))
    try:
        _validator().validate(told)
    except jsonschema_rs.ValidationError as error:
        raise NotTaken(
            _("Ce fichier n’a pas la forme attendue, à l’endroit « %(place)s ». Comparez-le à un export récent.")
            % {"place": "/".join(map(str, error.instance_path))[:100] or "/"}
        ) from error
    return gather(_rows(told["answers"], definition), definition)


# As many figures as any stored number has, and room to say that one is too long.
MAX_FIGURES = 40


def _number(text: str) -> int | float | str:
    """A whole number as one; any other as its text, which the question's form reads."""
    if len(text) > MAX_FIGURES:
        return text[:MAX_FIGURES]
    return int(text) if text.lstrip("-").isdigit() else text


def _refuse(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


def _rows(answers: dict[str, dict[str, Any]], definition: engine.Definition) -> Iterator[Row]:
    for key, answer in answers.items():
        question = definition.questions.get(key)
        given = [name for name in FIELDS if name in answer and question is not None]
        row = Row(key=key, base=answer["revision"], places={name: _place(name) for name in given})
        if question is not None:
            for name in given:
                _type(row, name, question, answer[name])
        yield row


def _place(name: str) -> str:
    return _("champ « %(name)s »") % {"name": name}


def _type(row: Row, name: str, question: engine.Question, value: Any) -> None:
    if name == "not_applicable":
        row.typed[name] = "on" if value else False
    elif name != "value":
        row.typed[name] = value
    elif question.choices:
        _type_choices(row, question, value)
    elif isinstance(value, list):
        row.problems["value"] = (json.dumps(value, ensure_ascii=False), _("Une seule valeur est attendue ici."))
    else:
        row.typed["value"] = None if value is None else str(value)


def _type_choices(row: Row, question: engine.Question, value: Any) -> None:
    is_multiple = question.type is QuestionType.MULTIPLE_CHOICE
    written = (
        [str(each) for each in value] if isinstance(value, list) else [str(value)] if value not in (None, "") else []
    )
    found, unknown = choose(question, written)
    if unknown or (not is_multiple and isinstance(value, list)):
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        row.problems["value"] = (text, expected_codes(question))
    else:
        row.typed["value"] = found if is_multiple else next(iter(found), "")


def expected_codes(question: engine.Question) -> str:
    """The choices as the file holds them."""
    codes = ", ".join(json.dumps(choice.value, ensure_ascii=False) for choice in question.choices)
    if question.type is QuestionType.MULTIPLE_CHOICE:
        return _("Écrivez une liste d’un ou plusieurs de ces codes : %(codes)s.") % {"codes": codes}
    return _("Écrivez l’un de ces codes : %(codes)s.") % {"codes": codes}


@cache
def _validator() -> jsonschema_rs.Validator:
    text = (resources.files("assessments") / "schemas" / "answers.schema.json").read_text(encoding="utf-8")
    return jsonschema_rs.validator_for(json.loads(text))
