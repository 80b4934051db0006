"""What was typed in one question's form, as a draft keeps it, and back."""

from typing import TypeAlias

from django.utils.datastructures import MultiValueDict

from assessments.answer_states import AnswerState
from assessments.merging import merged
from assessments.models import Draft
from questionnaires import engine

# What a form is bound to.
Typed: TypeAlias = MultiValueDict[str, str]

FIELDS = ("value", "not_applicable", "reason", "comment")


def typed_in(data: Typed, key: str) -> dict[str, list[str]]:
    """The texts of the question's fields; a field that was not sent is not there. Without the character that the form
    refuses and that PostgreSQL cannot hold."""
    return {
        name: [text.replace("\0", "") for text in data.getlist(f"{key}-{name}")]
        for name in FIELDS
        if f"{key}-{name}" in data
    }


def base_in(data: Typed, key: str) -> int:
    """The revision that what was typed was written from; 0 where the page names none."""
    return _number(data.get(f"{key}-revision", ""))


def seen_in(data: Typed, key: str) -> int:
    """The revision of somebody else's answer that the page showed beside what was typed; 0 where it showed none."""
    return _number(data.get(f"{key}-seen", ""))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def typed_in_draft(draft: Draft, key: str) -> Typed:
    """The draft as if it had just been posted."""
    data = Typed()
    for name, texts in draft.typed.items():
        data.setlist(f"{key}-{name}", texts)
    data[f"{key}-revision"] = str(draft.base_revision)
    return data


def merged_in(data: Typed, question: engine.Question, base: AnswerState, theirs: AnswerState) -> Typed:
    """What was typed with its texts merged with the colleague's: written, from now on, from theirs."""
    texts = {"reason": (base.reason, theirs.reason), "comment": (base.comment, theirs.comment)}
    if question.type is engine.QuestionType.TEXT:
        texts["value"] = (str(base.value or ""), str(theirs.value or ""))
    result = data.copy()
    result[f"{question.key}-revision"] = str(theirs.revision)
    for name, (before, other) in texts.items():
        field = f"{question.key}-{name}"
        mine = data.get(field, "").replace("\r\n", "\n").strip()
        if field in data or other:
            result[field] = merged(before, mine, other).strip()
    return result


def has_texts_to_merge(data: Typed, question: engine.Question, theirs: AnswerState) -> bool:
    """Whether both wrote something, and not the same, in one field."""
    pairs = [(data.get(f"{question.key}-{name}", ""), getattr(theirs, name)) for name in ("reason", "comment")]
    if question.type is engine.QuestionType.TEXT:
        pairs.append((data.get(f"{question.key}-value", ""), str(theirs.value or "")))
    return any(mine.strip() and other and mine.strip() != other for mine, other in pairs)
