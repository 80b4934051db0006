"""Two people changed one question: what can be kept of both, and what they must choose between."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from questionnaires.engine.definitions import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The question with what both changed, mine where both changed the same; `conflicts` names these fields, and
    `kept` those that they alone changed.
    """

    question: Question
    conflicts: tuple[str, ...]
    kept: tuple[str, ...] = ()


def merge_questions(base: Question, mine: Question, theirs: Question) -> Merged:
    """Field by field: what one person alone changed is kept; a field that both changed otherwise is a conflict."""
    taken = {name: getattr(theirs, name) for name in changed_fields(base, theirs)}
    conflicts = [name for name in changed_fields(base, mine) if name in taken and getattr(mine, name) != taken[name]]
    kept: dict[str, Any] = {name: value for name, value in taken.items() if name not in conflicts}
    merged = replace(mine, **kept)
    return Merged(question=merged, conflicts=tuple(conflicts), kept=tuple(changed_fields(mine, merged)))


def changed_fields(one: Question, other: Question) -> Sequence[str]:
    """The names of the fields that differ, in the order of the form."""
    return [field.name for field in fields(Question) if getattr(one, field.name) != getattr(other, field.name)]
