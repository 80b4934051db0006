"""What was answered, read from the working copy or from a submission, and its evaluation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter
from typing import Any

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
from evidence.models import DocumentVersion
from questionnaires import engine
from questionnaires.queries import PublishedEdition, published


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerState:
    """One answer at one moment, with its files. An absent state and an empty one mean the same."""

    value: object = None
    not_applicable: bool = False
    reason: str = ""
    comment: str = ""
    revision: int = 0
    # Of the answer itself, files apart: what a conflict is about.
    saved_at: datetime | None = None
    saved_by: str = ""
    saved_by_id: int | None = None
    # Of its files: the last one attached or removed. None and blank for a submission.
    files_changed_at: datetime | None = None
    files_changed_by: str = ""
    files: tuple[DocumentVersion, ...] = ()

    @property
    def proves(self) -> bool:
        """Refused files count as absent, files still being scanned as present (rule 13)."""
        return len(self.refused_files) < len(self.files)

    @property
    def refused_files(self) -> tuple[DocumentVersion, ...]:
        return tuple(file for file in self.files if file.state == DocumentVersion.State.REFUSED)

    @property
    def changed_at(self) -> datetime | None:
        """When the answer or its files changed last."""
        return self.files_changed_at if self._files_changed_last else self.saved_at

    @property
    def changed_by(self) -> str:
        return self.files_changed_by if self._files_changed_last else self.saved_by

    @property
    def _files_changed_last(self) -> bool:
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
    # Attachments of the working copy by question key; empty for a submission.
    attachments: Mapping[str, tuple[Attachment, ...]] = field(default_factory=dict)

    @property
    def definition(self) -> engine.Definition:
        return self.edition.definition

    def state(self, key: str) -> AnswerState:
        return self.states.get(key, EMPTY)

    def with_state(self, key: str, state: AnswerState) -> "Copy":
        """The same copy, one answer changed."""
        return Copy(
            edition=self.edition,
            programme=self.programme,
            states={**self.states, key: state},
            attachments=self.attachments,
        )

    def evaluate(self, today: date, rulings: Mapping[str, engine.Ruling] | None = None) -> engine.Evaluation:
        """Apply the one pure function to this copy. `today` is the date in Europe/Paris."""
        return engine.evaluate(self.definition, self.values, self.facts(today, rulings))

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
    "value",
    "not_applicable",
    "reason",
    "comment",
    "revision",
    "updated_at",
    "updated_by_id",
    *(f"updated_by__{name}" for name in PERSON_FIELDS),
)


def working_copy(dossier: Dossier) -> Copy:
    """What the team has typed so far. Two queries, once the edition is compiled."""
    edition = published(dossier.edition)
    ever = _attachments(dossier, edition)
    standing = {key: tuple(each for each in links if each.removed_at is None) for key, links in ever.items()}
    # Rows, not instances: there are hundreds, read again for each save.
    answers = Answer.objects.filter(assessment__dossier=dossier).order_by("pk").values_list(*ANSWER_FIELDS)
    states = {}
    for question, value, not_applicable, reason, comment, revision, saved_at, saved_by, *person in answers:
        key = edition.keys[question]
        files_changed_at, files_changed_by = _last_change(ever.get(key, ()))
        states[key] = AnswerState(
            value=value,
            not_applicable=not_applicable,
            reason=reason,
            comment=comment,
            revision=revision,
            saved_at=saved_at,
            saved_by=name_of(*person),
            saved_by_id=saved_by,
            files_changed_at=files_changed_at,
            files_changed_by=files_changed_by,
            files=tuple(each.document_version for each in standing.get(key, ())),
        )
    attachments = {key: links for key, links in standing.items() if links}
    return Copy(edition=edition, programme=dossier.programme, states=states, attachments=attachments)


def _attachments(dossier: Dossier, edition: PublishedEdition) -> dict[str, tuple[Attachment, ...]]:
    """By question key, those that were removed included: the last change may be a removal.

    The question and the people come beside each row, not as instances: see `working_copy`.
    """
    people = {f"{who}_{name}": F(f"{who}_by__{name}") for who in ("attached", "removed") for name in PERSON_FIELDS}
    attachments: Iterable[Any] = (
        Attachment.objects.filter(answer__assessment__dossier=dossier)
        .select_related("document_version__document")
        .annotate(question=F("answer__question_id"), **people)
        .order_by("pk")
    )
    by_key: dict[str, tuple[Attachment, ...]] = {}
    for attachment in attachments:
        key = edition.keys[attachment.question]
        by_key[key] = (*by_key.get(key, ()), attachment)
    return by_key


def _last_change(attachments: Iterable[Any]) -> tuple[datetime | None, str]:
    """When a file was attached or removed last, and by whom; nothing when none ever was. Needs `_attachments`."""
    changes = [(each.attached_at, each, "attached") for each in attachments]
    changes += [(each.removed_at, each, "removed") for each in attachments if each.removed_at and each.removed_by_id]
    if not changes:
        return None, ""
    at, attachment, who = max(changes, key=itemgetter(0))
    return at, name_of(*(getattr(attachment, f"{who}_{name}") for name in PERSON_FIELDS))


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


def state_of_item(item: SubmissionItem) -> AnswerState:
    """The filed answer of one item; needs `revision__saved_by` and `evidence` loaded."""
    revision: AnswerRevision = item.revision
    return AnswerState(
        value=revision.value,
        not_applicable=revision.not_applicable,
        reason=revision.reason,
        comment=revision.comment,
        revision=revision.number,
        saved_at=revision.saved_at,
        saved_by=str(revision.saved_by),
        saved_by_id=revision.saved_by_id,
        files=tuple(evidence.document_version for evidence in item.evidence.all()),
    )
