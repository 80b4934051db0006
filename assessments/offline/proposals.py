"""What a file that came back would change, answer by answer and cell by cell. Pure.

A field is compared three ways: as it left the portal (the revision that the row names), as it came back, as it stands.
What was not touched outside changes nothing; what was touched outside only is ready; what was touched on both sides,
otherwise, is for a person to choose.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from assessments.answer_states import AnswerState
from assessments.filing import Filing
from assessments.operations.answers import Entry
from questionnaires import engine

# The fields of an entry, in the order of the screen.
FIELDS = ("value", "not_applicable", "reason", "comment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What came back for one question: the fields that were given, as they would be stored, and where they stood.

    `base` is the revision that left the portal.
    """

    key: str
    base: int
    fields: Mapping[str, Any]
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One edit beside what stands. `ready` and `contested`: names of fields, in the order of the screen."""

    edit: Edit
    question: engine.Question
    current: AnswerState
    ready: tuple[str, ...]
    contested: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.question.key

    def entry(self, taken: Collection[str]) -> Entry:
        """The answer once imported; `taken`: the contested fields that are to be as in the file."""
        state = self.current
        stands = Entry(
            value=state.value, not_applicable=state.not_applicable, reason=state.reason, comment=state.comment
        )
        chosen = [name for name in self.contested if name in taken]
        return replace(stands, **{name: self.edit.fields[name] for name in (*self.ready, *chosen)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`open`: what may be imported now. `shut`: changes to questions that take none now."""

    open: tuple[Judged, ...]
    shut: tuple[Judged, ...]

    @property
    def seen(self) -> dict[str, int]:
        """The revision of each answer that the plan would replace: what a person agrees to."""
        return {judged.key: judged.current.revision for judged in self.open}

    def entries(self, taken: Collection[tuple[str, str]]) -> dict[str, Entry]:
        """What is to be saved, by question; `taken`: the contested cells (question, field) to take from the file."""
        found = {each.key: each.entry([name for key, name in taken if key == each.key]) for each in self.open}
        return {each.key: found[each.key] for each in self.open if not found[each.key].is_in(each.current)}


def plan(edits: Iterable[Edit], filing: Filing, bases: Mapping[str, Entry], open_keys: Collection[str]) -> Plan:
    """`bases`: what the revisions named by the edits said (see `operations.imports.bases_of`). A base that the portal
    does not know makes a conflict of every difference."""
    definition = filing.working.definition
    judged = [
        _judged(edit, definition.questions[edit.key], filing.working.state(edit.key), bases.get(edit.key))
        for edit in edits
        if edit.key in definition.questions
    ]
    changing = [each for each in judged if each.ready or each.contested]
    return Plan(
        open=tuple(each for each in changing if each.key in open_keys),
        shut=tuple(each for each in changing if each.key not in open_keys),
    )


def touched(edit: Edit, question: engine.Question, base: Entry | None) -> Edit | None:
    """The edit without the fields that are as they left; None when nothing is left."""
    fields = {
        name: value
        for name, value in edit.fields.items()
        if base is None or not _same(question, name, value, getattr(base, name))
    }
    return replace(edit, fields=fields) if fields else None


def _judged(edit: Edit, question: engine.Question, current: AnswerState, base: Entry | None) -> Judged:
    def differs(name: str) -> bool:
        return not _same(question, name, edit.fields[name], getattr(current, name))

    changed = [name for name in _given(edit, question, base) if differs(name)]
    ready = tuple(
        name
        for name in changed
        if base is not None and _same(question, name, getattr(base, name), getattr(current, name))
    )
    contested = tuple(name for name in changed if name not in ready)
    return Judged(edit=edit, question=question, current=current, ready=ready, contested=contested)


def _given(edit: Edit, question: engine.Question, base: Entry | None) -> Iterator[str]:
    """The fields that somebody changed outside, in the order of the screen."""
    left = touched(edit, question, base)
    return (name for name in FIELDS if left is not None and name in left.fields)


def _same(question: engine.Question, name: str, one: Any, other: Any) -> bool:
    """12 and 12.0 are one number, ticking in another order is the same answer, and line ends are line ends."""
    if name == "value":
        return engine.parse_value(question, one) == engine.parse_value(question, other)
    return _tidy(one) == _tidy(other) if isinstance(one, str) else one == other


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
