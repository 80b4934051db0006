"""What became of one answer: each save, with what it changed, and the files that came and went. Reads only.

Four queries for a page of a history, however long it is: two name its moments, two read those of the page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from django.db.models import Q
from django.utils.translation import gettext as _

from assessments.answer_states import EMPTY, AnswerState
from assessments.answer_words import answer_in_words
from assessments.models import AnswerRevision, Attachment, Dossier
from assessments.operations.answers import Entry
from questionnaires import engine

# Longer texts are folded: a history of long answers must stay one that can be looked through.
LONGEST_UNFOLDED = 300  # characters
ONE_LINE = 60  # characters
# Written only so that a file has an answer to hang on: nobody answered anything.
SAYS_NOTHING = Q(number=1, value__isnull=True, not_applicable=False, reason="", comment="")


class Content(Protocol):
    """What one save holds: an AnswerRevision, an AnswerState, or an Entry."""

    @property
    def value(self) -> object: ...
    @property
    def not_applicable(self) -> bool: ...
    @property
    def reason(self) -> str: ...
    @property
    def comment(self) -> str: ...


class Kind(StrEnum):
    SAVED = "saved"
    ATTACHED = "attached"
    REMOVED = "removed"


class Moment(NamedTuple):
    """Something that happened to an answer. `row`: the AnswerRevision or the Attachment, by its identifier."""

    at: datetime
    kind: Kind
    row: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that may be long."""

    text: str

    @property
    def is_long(self) -> bool:
        return len(self.text) > LONGEST_UNFOLDED

    @property
    def beginning(self) -> str:
        return self.text[:LONGEST_UNFOLDED].rsplit(maxsplit=1)[0] + "…" if self.is_long else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One part of an answer before and after a save; a blank text was, or became, empty."""

    label: str
    before: Passage
    after: Passage

    @property
    def is_short(self) -> bool:
        """Both read on one line."""
        return len(self.before.text) + len(self.after.text) <= ONE_LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a history. `number`, `changes` and the two flags are those of a save, `file` that of a file."""

    kind: Kind
    at: datetime
    who: str
    number: int = 0
    changes: tuple[Change, ...] = ()
    is_current: bool = False
    is_restorable: bool = False
    file: str = ""


# --- One answer in words --------------------------------------------------------------------------


def words_of(question: engine.Question, content: Content) -> str:
    """What was answered; blank for a question that is answered by its files, which have their own lines."""
    if question.type is engine.QuestionType.FILE and not content.not_applicable:
        return ""
    state = AnswerState(value=content.value, not_applicable=content.not_applicable)
    try:
        return answer_in_words(question, state)
    except engine.InvalidAnswer:
        return _("Une réponse que le questionnaire ne propose plus")


def changes_between(question: engine.Question, before: Content, after: Content) -> tuple[Change, ...]:
    """The parts of the answer that are not the same, in the order of the screen."""
    parts = (
        (_("Réponse"), words_of(question, before), words_of(question, after)),
        (_("Motif du « non applicable »"), before.reason, after.reason),
        (_("Commentaire"), before.comment, after.comment),
    )
    return tuple(
        Change(label=label, before=Passage(old), after=Passage(new)) for label, old, new in parts if old != new
    )


def entry_of(revision: AnswerRevision) -> Entry:
    """What a save held, ready to be saved again."""
    return Entry(
        value=revision.value,
        not_applicable=revision.not_applicable,
        reason=revision.reason,
        comment=revision.comment,
    )


def can_hold(question: engine.Question, content: Content) -> bool:
    """Whether the question, as it is now, may have this answer."""
    if content.not_applicable and not question.allows_not_applicable:
        return False
    try:
        engine.parse_value(question, content.value)
    except engine.InvalidAnswer:
        return False
    return True


# --- The history of one answer --------------------------------------------------------------------


def moments_of(dossier: Dossier, key: str) -> list[Moment]:
    """Everything that happened to the answer, newest first."""
    of_answer = {
        "answer__assessment__dossier": dossier,
        "answer__assessment__replaced_by": None,
        "answer__question__key": key,
    }
    saves = AnswerRevision.objects.filter(**of_answer).exclude(SAYS_NOTHING).values_list("saved_at", "pk")
    files = Attachment.objects.filter(**of_answer).values_list("pk", "attached_at", "removed_at")
    return newest_first([*(Moment(at, Kind.SAVED, pk) for at, pk in saves), *moments_of_files(files)])


def moments_of_files(rows: Iterable[tuple[int, datetime, datetime | None]]) -> list[Moment]:
    """When each was attached and, unless it stands, removed."""
    found = []
    for pk, attached_at, removed_at in rows:
        found.append(Moment(attached_at, Kind.ATTACHED, pk))
        if removed_at is not None:
            found.append(Moment(removed_at, Kind.REMOVED, pk))
    return found


def newest_first(moments: Iterable[Moment]) -> list[Moment]:
    return sorted(moments, reverse=True)


def steps_of(
    moments: Iterable[Moment], question: engine.Question, current: AnswerState, *, may_restore: bool
) -> list[Step]:
    """These moments of one answer, as lines. `may_restore`: the person may answer the question now."""
    moments = list(moments)
    saves = _saves([each.row for each in moments if each.kind is Kind.SAVED])
    files = files_by_id(moments)
    steps = []
    for each in moments:
        if each.kind is Kind.SAVED:
            before, revision = saves[each.row]
            differs = not entry_of(revision).is_in(current)
            steps.append(
                Step(
                    kind=each.kind,
                    at=each.at,
                    who=str(revision.saved_by),
                    number=revision.number,
                    changes=changes_between(question, before, revision),
                    is_current=revision.number == current.revision,
                    is_restorable=may_restore and differs and can_hold(question, revision),
                )
            )
        else:
            steps.append(file_step(each, files[each.row]))
    return steps


def file_step(moment: Moment, attachment: Attachment) -> Step:
    person = attachment.attached_by if moment.kind is Kind.ATTACHED else attachment.removed_by
    return Step(kind=moment.kind, at=moment.at, who=str(person), file=str(attachment.document_version.original_name))


def files_by_id(moments: Iterable[Moment]) -> Mapping[int, Attachment]:
    """The attachments of these moments, with their people. One query."""
    rows = Attachment.objects.select_related("document_version", "attached_by", "removed_by", "answer")
    return rows.in_bulk({each.row for each in moments if each.kind is not Kind.SAVED})


def _saves(ids: list[int]) -> dict[int, tuple[Content, AnswerRevision]]:
    """These saves of one answer, each after the one before it. Two queries."""
    saves = AnswerRevision.objects.select_related("saved_by").in_bulk(ids)
    known = {each.number: each for each in saves.values()}
    lacking = {number - 1 for number in known} - known.keys()
    answers = {each.answer_id for each in saves.values()}
    known |= {each.number: each for each in AnswerRevision.objects.filter(answer__in=answers, number__in=lacking)}
    return {pk: (known.get(each.number - 1, EMPTY), each) for pk, each in saves.items()}
