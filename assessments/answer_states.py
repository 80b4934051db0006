"""What was answered, read from the working copy or from a submission, and its evaluation."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar, Protocol, cast

from django.db.models import F, Prefetch, QuerySet

from accounts.models import name_of
from assessments.models import (
    Answer,
    AnswerRevision,
    Attachment,
    Dossier,
    Submission,
    SubmissionEvidence,
    SubmissionItem,
)
from assessments.prepared import ID, Given, Prepared, Row
from evidence.models import DocumentVersion
from questionnaires import engine
from questionnaires.queries import PublishedEdition, published


class HeldFile(Protocol):
    """What is read of a file that an answer holds: a DocumentVersion, or its row."""

    @property
    def pk(self) -> int: ...
    @property
    def document_id(self) -> int: ...
    @property
    def original_name(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def is_readable(self) -> bool: ...
    @property
    def is_waiting(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of the working copy, which has hundreds: its row, not an instance."""

    pk: int
    document_id: int
    original_name: str
    state: str

    # As DocumentVersion says them.
    State: ClassVar = DocumentVersion.State
    is_readable = DocumentVersion.is_readable
    is_waiting = DocumentVersion.is_waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerState:
    """One answer at one moment, with its files. An absent state and an empty one mean the same."""

    value: object = None
    not_applicable: bool = False
    reason: str = ""
    comment: str = ""
    revision: int = 0
    # Its row; None before the first save, and for a submission.
    answer_id: int | None = None
    # Of the answer itself, files apart: what a conflict is about.
    saved_at: datetime | None = None
    saved_by: str = ""
    saved_by_id: int | None = None
    # Of its files: the last one attached or removed. None for a submission.
    files_changed_at: datetime | None = None
    files_changed_by_id: int | None = None
    files: tuple[HeldFile, ...] = ()

    @property
    def lacks_reason(self) -> bool:
        """Declared not applicable without saying why: the answer under it is what counts (rule 8)."""
        return self.not_applicable and not self.reason.strip()

    @property
    def proves(self) -> bool:
        """Refused files count as absent, files still being scanned as present (rule 13)."""
        return len(self.refused_files) < len(self.files)

    @property
    def refused_files(self) -> tuple[HeldFile, ...]:
        return tuple(file for file in self.files if file.state == DocumentVersion.State.REFUSED)

    @property
    def changed_at(self) -> datetime | None:
        """When the answer or its files changed last."""
        return self.files_changed_at if self.files_changed_last else self.saved_at

    @property
    def files_changed_last(self) -> bool:
        """After the answer itself."""
        return bool(self.files_changed_at and (self.saved_at is None or self.saved_at < self.files_changed_at))

    def says_the_same_as(self, other: "AnswerState") -> bool:
        """The same answer, reason, comment and files, whatever the number of saves in between."""
        return self._said == other._said

    @property
    def _said(self) -> tuple[object, ...]:
        files = frozenset(file.pk for file in self.files)
        return self.value, self.not_applicable, self.reason, self.comment, files


EMPTY = AnswerState()


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """All the answers of a dossier: the working copy, or what one submission froze."""

    edition: PublishedEdition
    programme: str
    states: Mapping[str, AnswerState]
    # The questions that were asked for; None means all. Of the others, only what these read is known.
    keys: frozenset[str] | None = None

    @property
    def definition(self) -> engine.Definition:
        return self.edition.definition

    def state(self, key: str) -> AnswerState:
        return self.states.get(key, EMPTY)

    def with_state(self, key: str, state: AnswerState) -> "Copy":
        """The same copy, one answer changed."""
        return replace(self, states={**self.states, key: state})

    def evaluate(self, today: date, rulings: Mapping[str, engine.Ruling] | None = None) -> engine.Evaluation:
        """Apply the one pure function to this copy. `today` is the date in Europe/Paris."""
        return engine.evaluate(self.definition, self.values, self.facts(today, rulings), keys=self.keys)

    @property
    def values(self) -> dict[str, object]:
        """The stored values by key, as the engine reads them."""
        return {key: state.value for key, state in self.states.items()}

    def facts(self, today: date, rulings: Mapping[str, engine.Ruling] | None = None) -> engine.Facts:
        """What the engine reads beside the answers."""
        return engine.Facts(
            programme=self.programme,
            today=today,
            evidence=frozenset(key for key, state in self.states.items() if state.proves),
            not_applicable={key: state.reason for key, state in self.states.items() if state.not_applicable},
            rulings=rulings or {},
        )


# What `name_of` needs of a person, in its order.
PERSON_FIELDS = ("full_name", "email", "erased_at")
ANSWER_FIELDS = (
    "question_id",
    "pk",
    "value",
    "not_applicable",
    "reason",
    "comment",
    "revision",
    "updated_at",
    "updated_by_id",
    *(f"updated_by__{name}" for name in PERSON_FIELDS),
)
FILE_FIELDS = (
    "answer__question_id",
    "attached_at",
    "attached_by_id",
    "removed_at",
    "removed_by_id",
    "document_version_id",
    "document_version__document_id",
    "document_version__original_name",
    "document_version__state",
)


def _rows_of(rows: QuerySet[Any, Any], dossier: str, question: str) -> tuple[Prepared, Prepared]:
    """Rows of a dossier: all of them, and those of some questions. `dossier`, `question`: the paths to both."""

    def all_of(dossier_id: Given) -> QuerySet[Any, Any]:
        return rows.filter(**{dossier: dossier_id}).order_by("pk")

    def some_of(dossier_id: Given, questions: list[Given]) -> QuerySet[Any, Any]:
        return all_of(dossier_id).filter(**{f"{question}__pk__in": questions})

    return Prepared(all_of, dossier_id=ID), Prepared(some_of, dossier_id=ID, questions=[ID])


# Of the edition that the dossier follows: what was answered under an earlier one stays where it was.
ALL_ANSWERS, SOME_ANSWERS = _rows_of(
    Answer.objects.filter(assessment__replaced_by=None).values_list(*ANSWER_FIELDS), "assessment__dossier", "question"
)
ALL_FILES, SOME_FILES = _rows_of(
    Attachment.objects.filter(answer__assessment__replaced_by=None).values_list(*FILE_FIELDS),
    "answer__assessment__dossier",
    "answer__question",
)


def working_copy(dossier: Dossier, keys: Collection[str] | None = None) -> Copy:
    """What the team has typed so far: all of it, or what judging these questions needs. Two queries, once the edition
    is compiled."""
    edition = published(dossier.edition)
    # Rows, not instances: there are hundreds, read again for each save.
    if keys is None:
        answers, files_held = (each.rows(dossier_id=dossier.pk) for each in (ALL_ANSWERS, ALL_FILES))
    else:
        among = _ids(edition, engine.needed(edition.definition, keys))
        answers, files_held = (each.rows(dossier_id=dossier.pk, questions=among) for each in (SOME_ANSWERS, SOME_FILES))
    held = _by_question(files_held)
    states = {}
    for question, pk, value, not_applicable, reason, comment, revision, saved_at, saved_by, *person in answers:
        files = held.get(question, NO_FILES)
        states[edition.keys[question]] = AnswerState(
            value=value,
            not_applicable=not_applicable,
            reason=reason,
            comment=comment,
            revision=revision,
            answer_id=pk,
            saved_at=saved_at,
            saved_by=name_of(*person),
            saved_by_id=saved_by,
            files_changed_at=files.changed_at,
            files_changed_by_id=files.changed_by_id,
            files=tuple(files.standing),
        )
    asked = None if keys is None else frozenset(keys)
    return Copy(edition=edition, programme=dossier.programme, states=states, keys=asked)


def _ids(edition: PublishedEdition, names: Collection[str]) -> list[int]:
    """The rows of the questions among these names; the others are flags."""
    return [edition.question_ids[name] for name in names if name in edition.question_ids]


@dataclass(slots=True)
class _Files:
    """The files of one answer, and when and by whom one was attached or removed last."""

    standing: list[FileRow] = field(default_factory=list)
    changed_at: datetime | None = None
    changed_by_id: int | None = None

    def note(self, at: datetime | None, by_id: int | None) -> None:
        if at and by_id and (self.changed_at is None or self.changed_at < at):
            self.changed_at, self.changed_by_id = at, by_id


NO_FILES = _Files()


def _by_question(rows: Iterable[Row]) -> dict[int, _Files]:
    """Of FILE_FIELDS. Those that were removed included: the last change may be a removal."""
    by_question: dict[int, _Files] = {}
    for question, attached_at, attached_by, removed_at, removed_by, *version in rows:
        files = by_question.setdefault(question, _Files())
        files.note(attached_at, attached_by)
        files.note(removed_at, removed_by)
        if removed_at is None:
            files.standing.append(FileRow(*version))
    return by_question


STANDING_FILES = Prepared(
    lambda dossier_id, questions: (
        Attachment.objects.filter(
            answer__assessment__dossier=dossier_id, answer__question__pk__in=questions, removed_at=None
        )
        .select_related("document_version__document")
        .annotate(question=F("answer__question_id"))
        .order_by("pk")
    ),
    dossier_id=ID,
    questions=[ID],
)


def standing_attachments_of(copy: Copy, dossier: Dossier, keys: Collection[str]) -> dict[str, tuple[Attachment, ...]]:
    """The files of these questions of the working copy as pages draw them, by key. One query, none without a file."""
    ids = _ids(copy.edition, [key for key in keys if copy.state(key).files])
    by_key: dict[str, tuple[Attachment, ...]] = {}
    for attachment in STANDING_FILES.objects(dossier_id=dossier.pk, questions=ids):
        key = copy.edition.keys[attachment.question]
        by_key[key] = (*by_key.get(key, ()), attachment)
    return by_key


def answer_at(dossier: Dossier, question_id: int, number: int) -> AnswerState:
    """What an answer said at one revision, its files apart; nothing before the first."""
    revisions = AnswerRevision.objects.filter(answer__assessment__dossier=dossier, answer__question=question_id)
    revision = revisions.filter(number=number).select_related("saved_by").first()
    return EMPTY if revision is None else _state_of_revision(revision)


def filed_items(submission: Submission) -> QuerySet[SubmissionItem]:
    """The items of a submission with their revision and files: three queries."""
    files = SubmissionEvidence.objects.select_related("document_version__document").order_by("pk")
    return (
        submission.items.select_related("revision__saved_by", "revision__answer")
        .prefetch_related(Prefetch("evidence", queryset=files))
        .order_by("pk")
    )


def submitted_copy(submission: Submission, *, edition: PublishedEdition, programme: str) -> Copy:
    """What was filed. Its evaluation with `submission.evaluated_on` as today never changes."""
    states = {edition.keys[item.question_id]: state_of_item(item) for item in filed_items(submission)}
    return Copy(edition=edition, programme=programme, states=states)


def changed_since(item: SubmissionItem, state: AnswerState) -> bool:
    """Whether the working copy says something else than what was filed, or has other files. An answer changed and
    changed back is not a correction. Needs `revision` and `evidence` loaded."""
    filed, revision = {evidence.document_version_id for evidence in item.evidence.all()}, item.revision
    return filed != {file.pk for file in state.files} or (
        (revision.value, revision.not_applicable, revision.reason, revision.comment)
        != (state.value, state.not_applicable, state.reason, state.comment)
    )


def filed_files(state: AnswerState) -> tuple[DocumentVersion, ...]:
    """The files of a filed answer, which are whole instances."""
    return cast(tuple[DocumentVersion, ...], state.files)


def state_of_item(item: SubmissionItem) -> AnswerState:
    """The filed answer of one item; needs `revision__saved_by` and `evidence` loaded."""
    files = tuple(evidence.document_version for evidence in item.evidence.all())
    return replace(_state_of_revision(item.revision), files=files)


def _state_of_revision(revision: AnswerRevision) -> AnswerState:
    return AnswerState(
        value=revision.value,
        not_applicable=revision.not_applicable,
        reason=revision.reason,
        comment=revision.comment,
        revision=revision.number,
        saved_at=revision.saved_at,
        saved_by=str(revision.saved_by),
        saved_by_id=revision.saved_by_id,
    )
