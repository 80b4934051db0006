"""A crowd of dossiers under examination, to see whether the reviewers' pages feel it."""

import hashlib
from collections.abc import Iterable
from itertools import islice

from django.db import transaction
from django.utils import timezone

from accounts.models import Publisher, User
from assessments.models import (
    Answer,
    AnswerRevision,
    Assessment,
    Dossier,
    Programme,
    Submission,
    SubmissionEvidence,
    SubmissionItem,
    Verdict,
)
from assessments.operations.dossiers import open_dossier
from assessments.operations.reviews import open_round
from bench.answers import all_questions, good_value
from evidence.models import Document, DocumentVersion
from products.models import Product
from products.operations import create_product
from questionnaires.engine import Question
from questionnaires.models import Edition
from questionnaires.queries import PublishedEdition, published

DOCUMENTS_OF_A_DOSSIER = 10
BATCH = 100


def fill_queue(teams: list[tuple[Publisher, User]], edition: Edition, reviewer: User, *, numbers: range) -> None:
    """Add one submitted dossier for each number, each with its documents; half of them half examined, some sent back.

    Numbers and products come by the operations; what is filed is written in bulk: submitting thousands of dossiers one
    by one would take longer than everything that is measured.
    """
    compiled = published(edition)
    proven = [question for question in all_questions(compiled.definition) if question.requires_evidence]
    questions = list(islice(proven, DOCUMENTS_OF_A_DOSSIER))
    for start in range(numbers.start, numbers.stop, BATCH):
        with transaction.atomic():
            dossiers = [
                _dossier(*teams[number % len(teams)], edition, f"Service en file {number}")
                for number in range(start, min(start + BATCH, numbers.stop))
            ]
            _file(dossiers, compiled, questions, reviewer)


def _dossier(publisher: Publisher, by: User, edition: Edition, name: str) -> Dossier:
    product = create_product(
        publisher=publisher,
        by=by,
        name=name,
        description="Un service numérique de santé, pour mesurer.",
        website="https://service.example",
        device_class=Product.DeviceClass.NONE,
        platforms=["web"],
    )
    return open_dossier(product=product, programme=Programme.WITHOUT_EXCHANGE, edition=edition, by=by)


def _file(dossiers: list[Dossier], compiled: PublishedEdition, questions: list[Question], reviewer: User) -> None:
    now = timezone.now()
    assessments = {
        (assessment.dossier_id, assessment.version_id): assessment
        for assessment in Assessment.objects.filter(dossier__in=dossiers)
    }
    version_of = {
        question.key: compiled.version_ids[questionnaire.code]
        for questionnaire in compiled.definition.edition.questionnaires
        for question in questionnaire.questions()
    }
    answers = Answer.objects.bulk_create(
        Answer(
            assessment=assessments[dossier.pk, version_of[question.key]],
            question_id=compiled.question_ids[question.key],
            value=good_value(question),
            revision=1,
            updated_at=now,
            updated_by=dossier.created_by,
        )
        for dossier in dossiers
        for question in questions
    )
    revisions = AnswerRevision.objects.bulk_create(
        AnswerRevision(answer=each, number=1, value=each.value, saved_at=now, saved_by=each.updated_by)
        for each in answers
    )
    submissions = Submission.objects.bulk_create(
        Submission(
            dossier=dossier,
            number=1,
            submitted_at=now,
            evaluated_on=timezone.localdate(),
            submitted_by=dossier.created_by,
        )
        for dossier in dossiers
    )
    filed = [submission for submission in submissions for _ in questions]
    items = SubmissionItem.objects.bulk_create(
        SubmissionItem(submission=submission, question_id=revision.answer.question_id, revision=revision)
        for submission, revision in zip(filed, revisions, strict=True)
    )
    SubmissionEvidence.objects.bulk_create(
        SubmissionEvidence(item=item, document_version=version)
        for item, version in zip(items, _versions(items), strict=True)
    )
    for position, submission in enumerate(submissions):
        own = items[position * len(questions) : (position + 1) * len(questions)]
        _examine(submission, own, reviewer, position)


def _versions(items: list[SubmissionItem]) -> list[DocumentVersion]:
    """A clean document of the publisher for each item."""
    documents = Document.objects.bulk_create(
        Document(
            publisher=item.submission.dossier.product.publisher,
            title=f"Preuve {item.pk}",
            created_by=item.submission.submitted_by,
        )
        for item in items
    )
    return DocumentVersion.objects.bulk_create(
        DocumentVersion(
            document=document,
            number=1,
            file=f"clean/file-{document.pk}.pdf",
            original_name=f"preuve-{document.pk}.pdf",
            media_type="application/pdf",
            size=250_000,
            pages=12,
            sha256=hashlib.sha256(f"queue {document.pk}".encode()).hexdigest(),
            state=DocumentVersion.State.CLEAN,
            received_from=document.created_by,
            scanned_at=timezone.now(),
        )
        for document in documents
    )


def _examine(submission: Submission, items: list[SubmissionItem], reviewer: User, position: int) -> None:
    """One in two is half examined; one in ten went back to its publisher."""
    current = open_round(submission)
    dossier, state = submission.dossier, Dossier.State.SUBMITTED
    if position % 2:
        _judge(current.pk, items[: len(items) // 2], reviewer)
        state = Dossier.State.UNDER_REVIEW
    if position % 10 == 1:
        current.sent_at, current.sent_by = timezone.now(), reviewer
        current.save(update_fields=["sent_at", "sent_by"])
        current.review.turn_since = current.sent_at
        current.review.save(update_fields=["turn_since"])
        state = Dossier.State.CORRECTIONS_ASKED
    Dossier.objects.filter(pk=dossier.pk).update(state=state)


def _judge(round_id: int, items: Iterable[SubmissionItem], reviewer: User) -> None:
    Verdict.objects.bulk_create(
        Verdict(
            round_id=round_id,
            item=item,
            decision=Verdict.Decision.REFUSED,
            reason=Verdict.Reason.INCOMPLETE,
            text="Il manque la date du document et la signature du responsable.",
            decided_at=timezone.now(),
            decided_by=reviewer,
        )
        for item in items
    )
