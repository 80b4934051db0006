"""A question as plain JSON, and back, without loss: what an archive keeps of it."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from questionnaires.engine.definitions import Question


def question_as_plain(question: Question) -> dict[str, Any]:
    """Every field by its name; decimals as text, exactly as they were written."""
    plain: dict[str, Any] = _plain(question)
    return plain


def question_from_plain(plain: Mapping[str, Any]) -> Question:
    """The question that was written. What a field was not there for yet has its default."""
    question: Question = _read(Question, plain)
    return question


def _plain(value: object) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return format(value, "f") if isinstance(value, Decimal) else value


def _read(kind: Any, plain: Any) -> Any:
    if get_origin(kind) is UnionType:
        return None if plain is None else _read(get_args(kind)[0], plain)
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in plain)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        # A field that no longer exists says nothing any more.
        known = {name: _read(hints[name], item) for name, item in plain.items() if name in hints}
        return kind(**known)  # type: ignore[operator]
    if isinstance(kind, type) and issubclass(kind, Decimal | Enum):
        return kind(plain)
    return plain
