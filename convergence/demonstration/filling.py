"""Fill a dossier as its story says: answers, history, comments and evidence, written in bulk.

`save_answer` judges each save against the whole dossier, which is right for people and slow for a thousand answers.
What is written is the same: a current value, its revisions, its attachments, and their trace.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Membership, User
from assessments.answer_states import AnswerState, Copy, working_copy
from assessments.models import Answer, AnswerRevision, Assessment, Attachment, Dossier
from assessments.operations.answers import Entry
from audit.operations import record
from convergence.demonstration.papers import Cabinet
from convergence.demonstration.stories import DossierStory, as_stored
from evidence.models import DocumentVersion
from questionnaires import engine

# Who usually answers, by the beginning of the key.
AUTHORS = {
    "SEC": Membership.Role.CONTRIBUTOR,
    "ETH": Membership.Role.CONTRIBUTOR,
    "RGPD": Membership.Role.REPRESENTATIVE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One answer to write: what was typed, by whom, in order; and its files."""

    key: str
    saves: tuple[tuple[Entry, User], ...]
    files: tuple[DocumentVersion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """What is needed to answer a dossier's questions. `answers` are those of the ordinary publisher, of this one,
    of its product and of this dossier, the last one winning."""

    story: DossierStory
    answers: Mapping[str, Any]
    members: Mapping[str, User]
    cabinet: Cabinet
    today: date

    def draft(self, question: engine.Question) -> Draft:
        key = question.key
        remark = self.story.comments.get(key, {})
        author = self.members[remark.get("by", AUTHORS.get(key.partition("-")[0], Membership.Role.MANDATAIRE))]
        entry = self._entry(question, comment=remark.get("text", ""))
        earlier = [
            (Entry(value=as_stored(said["value"], self.today)), self.members[said["by"]])
            for said in self.story.earlier.get(key, ())
        ]
        return Draft(key=key, saves=(*earlier, (entry, author)), files=tuple(self._files(question)))

    def _entry(self, question: engine.Question, *, comment: str) -> Entry:
        if reason := self.story.not_applicable.get(question.key):
            return Entry(not_applicable=True, reason=reason, comment=comment)
        if question.type is engine.QuestionType.FILE:
            return Entry(comment=comment)
        return Entry(value=as_stored(self.answers[question.key], self.today), comment=comment)

    def _files(self, question: engine.Question) -> Iterator[DocumentVersion]:
        key = question.key
        if key == self.story.waiting_file:
            yield self.cabinet.waiting_paper_for(key)
        elif key == self.story.infected_file:
            yield self.cabinet.infected_paper_for(key)
        elif key in self.story.not_applicable or key in self.story.without_evidence:
            return
        elif question.requires_evidence or question.type is engine.QuestionType.FILE:
            yield self.cabinet.paper_for(key)


def fill(dossier: Dossier, pen: Pen, *, only_orientation: bool = False) -> None:
    """Answer what is shown, then what the answers reveal, until the story has nothing more to say."""
    copy = working_copy(dossier)
    drafts: list[Draft] = []
    while fresh := list(_next_questions(copy, pen, only_orientation=only_orientation)):
        found = [pen.draft(question) for question in fresh]
        drafts += found
        copy = _with_drafts(copy, found)
    _write(dossier, copy, drafts)


def _next_questions(copy: Copy, pen: Pen, *, only_orientation: bool) -> Iterator[engine.Question]:
    kinds = copy.definition.kinds
    for key, result in copy.evaluate(pen.today).questions.items():
        wanted = kinds[key] is engine.Kind.ORIENTATION or not only_orientation
        if wanted and result.shown and key not in copy.states and pen.story.answers_to(key):
            yield copy.definition.questions[key]


def _with_drafts(copy: Copy, drafts: list[Draft]) -> Copy:
    states = dict(copy.states)
    for draft in drafts:
        entry, _author = draft.saves[-1]
        states[draft.key] = AnswerState(
            value=entry.value, not_applicable=entry.not_applicable, reason=entry.reason, files=draft.files
        )
    return Copy(edition=copy.edition, programme=copy.programme, states=states)


def _write(dossier: Dossier, copy: Copy, drafts: list[Draft]) -> None:
    homes = _assessments(dossier, copy)
    moments = dict(zip((draft.key for draft in drafts), _moments(dossier, len(drafts)), strict=True))
    answers = Answer.objects.bulk_create(
        Answer(
            assessment_id=homes[draft.key],
            question_id=copy.edition.question_ids[draft.key],
            revision=len(draft.saves),
            updated_at=moments[draft.key],
            updated_by=draft.saves[-1][1],
            **_content(draft.saves[-1][0]),
        )
        for draft in drafts
    )
    pairs = list(zip(answers, drafts, strict=True))
    AnswerRevision.objects.bulk_create(
        AnswerRevision(
            answer=answer,
            number=number,
            saved_at=moments[draft.key] - timedelta(hours=20) * (len(draft.saves) - number),
            saved_by=author,
            **_content(entry),
        )
        for answer, draft in pairs
        for number, (entry, author) in enumerate(draft.saves, start=1)
    )
    for answer, draft in pairs:
        for version in draft.files:
            _attach(dossier, answer, draft, version)


def _attach(dossier: Dossier, answer: Answer, draft: Draft, version: DocumentVersion) -> None:
    author = draft.saves[-1][1]
    attachment = Attachment.objects.create(answer=answer, document_version=version, attached_by=author)
    # With the answer that it proves: otherwise every answer of the demonstration would have changed today.
    Attachment.objects.filter(pk=attachment.pk).update(attached_at=answer.updated_at)
    record(
        "evidence.attached",
        dossier,
        by=author,
        publisher=dossier.publisher_id,
        question=draft.key,
        sha256=version.sha256,
    )


def _assessments(dossier: Dossier, copy: Copy) -> dict[str, int]:
    """The id of the assessment that each question belongs to, by question key."""
    rows = dict(Assessment.objects.filter(dossier=dossier).values_list("version_id", "pk"))
    return {
        question.key: rows[copy.edition.version_ids[questionnaire.code]]
        for questionnaire in copy.definition.edition.questionnaires
        for question in questionnaire.questions()
    }


def _moments(dossier: Dossier, count: int) -> Iterator[datetime]:
    """Moments of saving, spread from the day after the opening until this morning."""
    start = dossier.created_at + timedelta(days=1)
    step = (timezone.now() - timedelta(hours=3) - start) / max(count, 1)
    return (start + step * index for index in range(count))


def _content(entry: Entry) -> dict[str, Any]:
    return {
        "value": entry.value,
        "not_applicable": entry.not_applicable,
        "reason": entry.reason,
        "comment": entry.comment,
    }
