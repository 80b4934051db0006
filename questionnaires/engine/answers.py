"""From a stored or posted answer to a typed value, and what is wrong with that value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from questionnaires.engine.conditions import Value
from questionnaires.engine.definitions import Question, QuestionType

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")


class InvalidAnswer(ValueError):
    """A value that is no answer to its question: unknown choice or wrong type. `reason` is in French."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key} : {reason}")
        self.key = key
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What is wrong with an answer that was accepted all the same (rule 6).

    Codes and params: too_short (minimum, actual), too_long (maximum, actual), below_minimum
    (minimum, actual), above_maximum (maximum, actual), in_the_future (today), in_the_past (today).
    """

    code: str
    params: dict[str, Any] = field(default_factory=dict)


def parse_value(question: Question, raw: object) -> Value | None:
    """The typed value of an answer; None when unanswered (None, blank text, []).

    str for yes/no, single choice and text; frozenset for a multiple choice; Decimal for a number;
    date for a date. A file question has no value: its answer is its evidence (rule 3).
    Raises InvalidAnswer.
    """
    if raw is None:
        return None
    if question.type is QuestionType.FILE:
        raise InvalidAnswer(question.key, "une question de type fichier n’a pas d’autre réponse que ses pièces")
    if isinstance(raw, str) and not raw.strip():
        return None
    match question.type:
        case QuestionType.YES_NO | QuestionType.SINGLE_CHOICE:
            return _choice(question, raw)
        case QuestionType.MULTIPLE_CHOICE:
            return _choices(question, raw)
        case QuestionType.NUMBER:
            return _number(question, raw)
        case QuestionType.DATE:
            return _date(question, raw)
        case _:
            return _text(question, raw)


def why_unacceptable(question: Question, value: Value, today: date) -> list[Objection]:
    """What breaks the question's own rule; empty for a good answer. Such an answer scores 0 (rule 6)."""
    return list(_objections(question, value, today))


def _objections(question: Question, value: Value, today: date) -> Iterator[Objection]:
    if question.type is QuestionType.TEXT and isinstance(value, str):
        yield from _outside(len(value), (question.min_length, question.max_length), codes=("too_short", "too_long"))
    elif isinstance(value, Decimal):
        yield from _outside(value, (question.minimum, question.maximum), codes=("below_minimum", "above_maximum"))
    elif isinstance(value, date):
        if question.not_after_today and value > today:
            yield Objection(code="in_the_future", params={"today": today})
        if question.not_before_today and value < today:
            yield Objection(code="in_the_past", params={"today": today})


def _outside(
    actual: Decimal | int, bounds: tuple[Decimal | int | None, Decimal | int | None], *, codes: tuple[str, str]
) -> Iterator[Objection]:
    minimum, maximum = bounds
    if minimum is not None and actual < minimum:
        yield Objection(code=codes[0], params={"minimum": minimum, "actual": actual})
    if maximum is not None and actual > maximum:
        yield Objection(code=codes[1], params={"maximum": maximum, "actual": actual})


def _choice(question: Question, raw: object) -> str:
    if not isinstance(raw, str):
        raise InvalidAnswer(question.key, "la réponse doit être un texte, la valeur d’un choix")
    if not any(choice.value == raw for choice in question.choices):
        raise InvalidAnswer(question.key, f"« {raw} » n’est pas un choix de cette question")
    return raw


def _choices(question: Question, raw: object) -> frozenset[str] | None:
    if not isinstance(raw, list | tuple | set | frozenset):
        raise InvalidAnswer(question.key, "la réponse doit être une liste de choix")
    return frozenset(_choice(question, item) for item in raw) or None


def _number(question: Question, raw: object) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal | str):
        raise InvalidAnswer(question.key, "la réponse doit être un nombre")
    if isinstance(raw, str) and not _PLAIN_NUMBER.fullmatch(raw):
        raise InvalidAnswer(question.key, f"« {raw} » n’est pas un nombre")
    try:
        # Through its text, the float 0.1 is the number a person typed, not its binary neighbour.
        number = Decimal(str(raw)) if isinstance(raw, float) else Decimal(raw)
    except InvalidOperation:
        raise InvalidAnswer(question.key, "la réponse doit être un nombre") from None
    if not number.is_finite():
        raise InvalidAnswer(question.key, "la réponse doit être un nombre fini")
    return number


def _date(question: Question, raw: object) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if not isinstance(raw, str) or not _ISO_DATE.fullmatch(raw):
        raise InvalidAnswer(question.key, "la réponse doit être une date, AAAA-MM-JJ")
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise InvalidAnswer(question.key, f"« {raw} » n’existe pas dans le calendrier") from None


def _text(question: Question, raw: object) -> str:
    if not isinstance(raw, str):
        raise InvalidAnswer(question.key, "la réponse doit être un texte")
    # Browsers send CR LF, storage holds LF: a line break counts once either way (rule 12).
    return raw.replace("\r\n", "\n").replace("\r", "\n").strip()
