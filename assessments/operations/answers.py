"""Save one answer, and attach or remove its files. Nothing that was saved is ever lost."""

import uuid
from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from accounts.models import User
from assessments import policies
from assessments.answer_states import EMPTY, AnswerState
from assessments.filing import Filing
from assessments.models import Answer, AnswerRevision, Assessment, Attachment, Dossier, Draft
from assessments.prepared import ID, Prepared, deletion_of, update_of
from audit.operations import record
from evidence.models import DocumentVersion
from questionnaires.queries import PublishedEdition, published

ROW_TO_LOCK = ("state", "state_since", "edition_id")
LOCK = Prepared(
    lambda dossier_id: Dossier.objects.select_for_update().filter(pk=dossier_id).values_list(*ROW_TO_LOCK),
    dossier_id=ID,
)
SET_AT_THE_FIRST_ANSWER = {"id", "assessment_id", "question_id"}
REWRITTEN = [field for field in Answer._meta.concrete_fields if field.attname not in SET_AT_THE_FIRST_ANSWER]
REWRITING = Prepared(
    lambda answer_id, **row: update_of(Answer.objects.filter(pk=answer_id), **row),
    answer_id=ID,
    **{field.attname: field for field in REWRITTEN},
)
FORGETTING = Prepared(
    lambda dossier_id, question_id, author_id: deletion_of(
        Draft.objects.filter(dossier=dossier_id, question=question_id, author=author_id)
    ),
    dossier_id=ID,
    question_id=ID,
    author_id=ID,
)


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

    @classmethod
    def of(cls, state: AnswerState) -> "Entry":
        """What a stored answer says."""
        return cls(value=state.value, not_applicable=state.not_applicable, reason=state.reason, comment=state.comment)

    def is_in(self, state: AnswerState) -> bool:
        return self == Entry.of(state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The dossier around one save, the same twice when nothing was to be written.

    `before` may be asked about the question and those that its answer may show or hide; `after` about its whole screen.
    """

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
    edition = published(dossier.edition)
    if key not in edition.question_ids:
        raise NotOpen
    filing = Filing(dossier, keys=edition.definition.around(key))
    before = filing.narrowed({key} | edition.definition.read_by[key])
    current = filing.working.state(key)
    is_stale = base_revision != current.revision
    # A save that came twice may be based on what is stored: its first time told the page of a colleague's answer since.
    is_known = mutation_id is not None and _was_saved(dossier, edition, key, [mutation_id])
    if entry.is_in(current) or is_known:
        _forget_draft(dossier, edition, key, by)
        return Saved(before=filing, after=filing)
    if key not in policies.open_keys(before):
        raise NotOpen
    if is_stale and not _was_saved(dossier, edition, key, after, current.revision):
        raise StaleAnswer(current)
    changed, _revision = store(filing, key=key, entry=entry, by=by, at=timezone.now(), mutation_id=mutation_id)
    return Saved(before=before, after=changed)


@transaction.atomic
def give_way(
    *, dossier: Dossier, key: str, entry: Entry | None, seen: int, by: User, mutation_id: uuid.UUID | None = None
) -> None:
    """Take the colleague's answer and give up one's own, which stays in the history just before theirs.

    `entry` None: what was typed was no answer. `seen`: the revision of theirs that the person chose; `mutation_id`
    names this choice, which may come twice. Raises NotOpen, and StaleAnswer when another answer stands by now.
    """
    dossier = lock_dossier(dossier)
    edition = published(dossier.edition)
    if key not in edition.question_ids:
        raise NotOpen
    filing = Filing(dossier, keys=edition.definition.around(key))
    if key not in policies.open_keys(filing):
        raise NotOpen
    theirs = filing.working.state(key)
    if mutation_id and _was_saved(dossier, edition, key, [mutation_id]):
        _forget_draft(dossier, edition, key, by)
        return
    if seen != theirs.revision:
        raise StaleAnswer(theirs)
    if entry is not None and not entry.is_in(theirs):
        mine, _revision = store(filing, key=key, entry=entry, by=by, at=timezone.now(), mutation_id=mutation_id)
        store(mine, key=key, entry=Entry.of(theirs), by=by, at=timezone.now())
    _forget_draft(dossier, edition, key, by)


def save_answers(filing: Filing, entries: Mapping[str, Entry], *, by: User) -> None:
    """Store several answers and their revisions, within a transaction that has locked the dossier and read `filing`.

    They are judged together, as they stand: one that another hides is kept, and counts for nothing. Four queries,
    whatever their number. Raises NotOpen, and then nothing is written.
    """
    if entries.keys() - policies.open_keys(filing):
        raise NotOpen
    at, dossier = timezone.now(), filing.dossier
    keys = {filing.working.edition.question_ids[key]: key for key in entries}
    # An assessment joined with the questions of its version: one row for each.
    homes = Assessment.objects.filter(dossier=dossier, version__themes__questions__in=keys).values_list(
        "pk", "version__themes__questions"
    )
    written = Answer.objects.bulk_create(
        (
            Answer(
                assessment_id=home,
                question_id=question,
                revision=filing.working.state(keys[question]).revision + 1,
                updated_at=at,
                updated_by=by,
                **_content(entries[keys[question]]),
            )
            for home, question in homes
        ),
        update_conflicts=True,
        unique_fields=["assessment", "question"],
        update_fields=["value", "not_applicable", "reason", "comment", "revision", "updated_at", "updated_by"],
    )
    AnswerRevision.objects.bulk_create(
        AnswerRevision(
            answer=answer,
            number=answer.revision,
            saved_at=at,
            saved_by=by,
            **_content(entries[keys[answer.question_id]]),
        )
        for answer in written
    )
    Draft.objects.filter(dossier=dossier, question__in=keys, author=by).delete()


def store(
    filing: Filing, *, key: str, entry: Entry, by: User, at: datetime, mutation_id: uuid.UUID | None = None
) -> tuple[Filing, AnswerRevision]:
    """Write one answer and its revision, within a transaction that has locked the dossier, seen that the question is
    open, and that nobody's words are at stake. Returns the dossier as it is now."""
    dossier, edition, current = filing.dossier, filing.working.edition, filing.working.state(key)
    revision = _write(dossier, edition, key, current, entry, by=by, at=at, mutation_id=mutation_id)
    _forget_draft(dossier, edition, key, by)
    state = replace(
        current,
        **_content(entry),
        revision=revision.number,
        answer_id=revision.answer_id,
        saved_at=at,
        saved_by=str(by),
        saved_by_id=by.pk,
    )
    return filing.with_answer(key, state), revision


def save_prefilled(*, dossier: Dossier, key: str, entry: Entry, by: User) -> None:
    """Write the first revision of an answer that the portal knows already. Within the opening's transaction."""
    _write(dossier, published(dossier.edition), key, EMPTY, entry, by=by, at=timezone.now())


def lock_dossier(dossier: Dossier) -> Dossier:
    """The same dossier, its row locked until the transaction ends, in the state and under the edition that it has
    then."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("A dossier is locked until its transaction ends, and there is none.")
    locked = copy(dossier)
    ((locked.state, locked.state_since, locked.edition_id),) = LOCK.rows(dossier_id=dossier.pk)
    return locked


def _forget_draft(dossier: Dossier, edition: PublishedEdition, key: str, by: User) -> None:
    """What the person has saved is no draft any more."""
    FORGETTING.run(dossier_id=dossier.pk, question_id=edition.question_ids[key], author_id=by.pk)


def _was_saved(
    dossier: Dossier, edition: PublishedEdition, key: str, mutations: Collection[uuid.UUID], revision: int | None = None
) -> bool:
    """One of these saves has been written already, even if somebody changed the answer since. With `revision`: as that
    revision."""
    if not mutations:
        return False
    written = AnswerRevision.objects.filter(
        answer__assessment__dossier=dossier,
        answer__question_id=edition.question_ids[key],
        mutation_id__in=mutations,
    )
    return written.exists() if revision is None else written.filter(number=revision).exists()


def _content(entry: Entry) -> dict[str, Any]:
    """The columns that an answer and a revision have in common."""
    return {each.name: getattr(entry, each.name) for each in fields(Entry)}


def _write(
    dossier: Dossier,
    edition: PublishedEdition,
    key: str,
    current: AnswerState,
    entry: Entry,
    *,
    by: User,
    at: datetime,
    mutation_id: uuid.UUID | None = None,
) -> AnswerRevision:
    """The next revision of an answer. Within a transaction that has locked the dossier: two first answers to one
    question cannot meet."""
    number = current.revision + 1
    content = _content(entry)
    row = {**content, "revision": number, "updated_at": at, "updated_by_id": by.pk}
    answer_id = current.answer_id
    if answer_id is None:
        question = edition.question_ids[key]
        assessment = Assessment.objects.get(dossier=dossier, version__themes__questions=question)
        answer_id = Answer.objects.create(assessment=assessment, question_id=question, **row).pk
    else:
        REWRITING.run(answer_id=answer_id, **row)
    return AnswerRevision.objects.create(
        answer_id=answer_id, number=number, mutation_id=mutation_id, saved_at=at, saved_by=by, **content
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
    answers = Answer.objects.filter(assessment__dossier=dossier, question_id=edition.question_ids[key])
    if not answers.exists():
        _write(dossier, edition, key, EMPTY, Entry(), by=by, at=timezone.now())
    answer = answers.get()
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
        pk=attachment.pk,
        answer__assessment__dossier=dossier,
        answer__assessment__replaced_by=None,
        answer__question__key=key,
        removed_at=None,
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
