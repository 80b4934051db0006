"""Save one answer, and attach or remove its files. Nothing that was saved is ever lost."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments import policies
from assessments.answer_states import AnswerState, Copy
from assessments.filing import Filing
from assessments.models import Answer, AnswerRevision, Assessment, Attachment, Dossier
from audit.operations import record
from evidence.models import DocumentVersion
from questionnaires.queries import PublishedEdition, published


class NotOpen(Exception):
    """The question cannot be answered now: hidden, sent in, or the dossier is over."""


class StaleAnswer(Exception):
    """Somebody saved another value since the one this save was based on. `current` is theirs."""

    def __init__(self, current: AnswerState) -> None:
        super().__init__("The answer was changed by somebody else.")
        self.current = current


class NotThisDossiersFile(Exception):
    """The document belongs to another publisher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a person typed for one question. `value` is as stored: see Answer.value."""

    value: object = None
    not_applicable: bool = False
    reason: str = ""
    comment: str = ""

    def is_in(self, state: AnswerState) -> bool:
        return (self.value, self.not_applicable, self.reason, self.comment) == (
            state.value,
            state.not_applicable,
            state.reason,
            state.comment,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The dossier around one save. The same twice when nothing was to be written."""

    before: Filing
    after: Filing


@transaction.atomic
def save_answer(
    *,
    dossier: Dossier,
    key: str,
    entry: Entry,
    base_revision: int,
    by: User,
    mutation_id: uuid.UUID | None = None,
    after: Collection[uuid.UUID] = (),
) -> Saved:
    """Store one answer and its revision.

    The dossier row is locked first: no save slips in beside a submission, and two saves of one answer
    follow each other. Saving what is stored already changes nothing, whatever the base. Raises NotOpen,
    and StaleAnswer when the stored value is neither the base nor what is being saved.

    `mutation_id` names this save, which may come twice. `after` names earlier ones of the same page whose outcome it
    never learnt: when the stored value is one of them, this save follows it and nobody else's is lost.
    """
    dossier = lock_dossier(dossier)
    filing = Filing(dossier)
    current = filing.working.state(key)
    if entry.is_in(current) or _was_saved(dossier, filing.working, key, [mutation_id] if mutation_id else []):
        return Saved(before=filing, after=filing)
    if key not in policies.open_keys(filing):
        raise NotOpen
    if base_revision != current.revision and not _was_saved(dossier, filing.working, key, after, current.revision):
        raise StaleAnswer(current)
    changed, _revision = store(filing, key=key, entry=entry, by=by, at=timezone.now(), mutation_id=mutation_id)
    return Saved(before=filing, after=changed)


def store(
    filing: Filing, *, key: str, entry: Entry, by: User, at: datetime, mutation_id: uuid.UUID | None = None
) -> tuple[Filing, AnswerRevision]:
    """Write one answer and its revision, within a transaction that has locked the dossier, seen that the question is
    open, and that nobody's words are at stake. Returns the dossier as it is now."""
    answer = _answer_row(filing.dossier, filing.working.edition, key, by=by)
    revision = _write(answer, entry, by=by, mutation_id=mutation_id, at=at)
    state = replace(
        filing.working.state(key),
        value=entry.value,
        not_applicable=entry.not_applicable,
        reason=entry.reason,
        comment=entry.comment,
        revision=answer.revision,
        saved_at=at,
        saved_by=str(by),
        saved_by_id=by.pk,
    )
    return filing.with_answer(key, state), revision


def save_prefilled(*, dossier: Dossier, key: str, entry: Entry, by: User) -> None:
    """Write the first revision of an answer that the portal knows already. Within the opening's transaction."""
    answer = _answer_row(dossier, published(dossier.edition), key, by=by)
    _write(answer, entry, by=by, mutation_id=None, at=timezone.now())


def lock_dossier(dossier: Dossier) -> Dossier:
    """The row, locked until the transaction ends, with what its rules read."""
    locked = Dossier.objects.select_for_update(of=("self",)).select_related("product__publisher", "edition")
    return locked.get(pk=dossier.pk)


def _was_saved(
    dossier: Dossier, copy: Copy, key: str, mutations: Collection[uuid.UUID], revision: int | None = None
) -> bool:
    """One of these saves has been written already, even if somebody changed the answer since. With `revision`: as that
    revision."""
    if not mutations or key not in copy.edition.question_ids:
        return False
    written = AnswerRevision.objects.filter(
        answer__assessment__dossier=dossier,
        answer__question_id=copy.edition.question_ids[key],
        mutation_id__in=mutations,
    )
    return written.exists() if revision is None else written.filter(number=revision).exists()


def _answer_row(dossier: Dossier, edition: PublishedEdition, key: str, *, by: User) -> Answer:
    question_id = edition.question_ids[key]
    answer = Answer.objects.filter(assessment__dossier=dossier, question_id=question_id).first()
    if answer is not None:
        return answer
    assessment = Assessment.objects.get(dossier=dossier, version__themes__questions=question_id)
    # Two first answers to one question cannot meet here: the dossier is locked.
    return Answer.objects.create(
        assessment=assessment, question_id=question_id, updated_at=timezone.now(), updated_by=by
    )


def _write(answer: Answer, entry: Entry, *, by: User, mutation_id: uuid.UUID | None, at: datetime) -> AnswerRevision:
    answer.value, answer.not_applicable = entry.value, entry.not_applicable
    answer.reason, answer.comment = entry.reason, entry.comment
    answer.revision += 1
    answer.updated_at, answer.updated_by = at, by
    answer.save(update_fields=["value", "not_applicable", "reason", "comment", "revision", "updated_at", "updated_by"])
    return AnswerRevision.objects.create(
        answer=answer,
        number=answer.revision,
        value=entry.value,
        not_applicable=entry.not_applicable,
        reason=entry.reason,
        comment=entry.comment,
        mutation_id=mutation_id,
        saved_at=at,
        saved_by=by,
    )


@transaction.atomic
def attach(*, dossier: Dossier, key: str, version: DocumentVersion, by: User) -> Attachment:
    """Link a file to an answer. Attaching it again returns the link that stands.

    An answer that holds only files has an empty first revision, so that a submission can point to it.
    """
    dossier = lock_dossier(dossier)
    filing = Filing(dossier)
    if key not in policies.open_keys(filing):
        raise NotOpen
    if version.document.publisher_id != dossier.publisher_id:
        raise NotThisDossiersFile
    return link(dossier=dossier, edition=filing.working.edition, key=key, version=version, by=by)


def link(*, dossier: Dossier, edition: PublishedEdition, key: str, version: DocumentVersion, by: User) -> Attachment:
    """Attach within a transaction that has locked the dossier and seen that the question is open."""
    answer = _answer_row(dossier, edition, key, by=by)
    if answer.revision == 0:
        _write(answer, Entry(), by=by, mutation_id=None, at=timezone.now())
    attachment, created = Attachment.objects.get_or_create(
        answer=answer, document_version=version, removed_at=None, defaults={"attached_by": by}
    )
    if created:
        record(
            "evidence.attached",
            dossier,
            by=by,
            publisher=dossier.publisher_id,
            dossier=dossier.number,
            question=key,
            sha256=version.sha256,
        )
    return attachment


@transaction.atomic
def detach(*, dossier: Dossier, key: str, attachment: Attachment, by: User) -> None:
    """Remove the link, not the file. Removing twice is removing once."""
    dossier = lock_dossier(dossier)
    if key not in policies.open_keys(Filing(dossier)):
        raise NotOpen
    unlink(dossier=dossier, key=key, attachment=attachment, by=by)


def unlink(*, dossier: Dossier, key: str, attachment: Attachment, by: User) -> None:
    """Detach within a transaction that has locked the dossier and seen that the question is open."""
    standing = Attachment.objects.filter(
        pk=attachment.pk, answer__assessment__dossier=dossier, answer__question__key=key, removed_at=None
    )
    removed = standing.update(removed_at=timezone.now(), removed_by=by)
    if removed:
        record(
            "evidence.detached",
            dossier,
            by=by,
            publisher=dossier.publisher_id,
            dossier=dossier.number,
            question=key,
            attachment=attachment.pk,
        )
