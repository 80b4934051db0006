"""A portal that has lived: hundreds of dossiers, one filled to the last question, one closed with its result."""

import hashlib
import io
from dataclasses import dataclass

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Publisher, StaffRole, User
from assessments.models import (
    Answer,
    AnswerRevision,
    Assessment,
    Attachment,
    Dossier,
    Programme,
    Review,
    Submission,
    Verdict,
)
from assessments.operations.dossiers import finish_orientation, open_dossier
from assessments.operations.reviews import give_verdict, items_to_judge
from assessments.operations.submissions import submit
from assessments.sections import sections_of
from bench.answers import all_questions, good_value
from evidence.models import Document, DocumentVersion
from products.models import Product
from products.operations import create_product
from questionnaires.engine import Question, QuestionType
from questionnaires.models import Edition
from questionnaires.queries import PublishedEdition, edition_in_force, published
from results.models import Result
from results.operations import close_review
from tests.factories import UserFactory

PUBLISHERS = 30
ANSWERS_OF_AN_ORDINARY_DOSSIER = 60
# 10,000 of them hold 1.5 million answers.
ANSWERS_OF_A_CROWDED_DOSSIER = 150


@dataclass(frozen=True, slots=True)
class World:
    """What the measures need to know of the data."""

    edition: Edition
    teams: list[tuple[Publisher, User]]
    mandataire: User
    reviewer: User
    full: Dossier
    # Filed to the last question, with no verdict yet.
    filed: Dossier
    result: Result
    largest_theme: tuple[str, str]
    saved_key: str
    # A question that asks for evidence.
    proven_key: str


def build(dossiers: int) -> World:
    """Fill an empty database. Through the operations where the measured dossiers are concerned, in bulk elsewhere."""
    call_command("migrate", verbosity=0)
    call_command("load_questionnaires", verbosity=0, stdout=io.StringIO())
    call_command("sync_roles", verbosity=0, stdout=io.StringIO())
    edition = edition_in_force(timezone.localdate())
    assert edition is not None, "load_questionnaires published it"
    teams = [_team(number) for number in range(PUBLISHERS)]
    reviewer, lead = _reviewers()
    for number in range(dossiers - 3):
        publisher, mandataire = teams[number % PUBLISHERS]
        ordinary_dossier(publisher, mandataire, edition, f"Service {number}", ANSWERS_OF_AN_ORDINARY_DOSSIER)
    publisher, mandataire = teams[0]
    full = ordinary_dossier(publisher, mandataire, edition, "Service rempli", None)
    compiled = published(edition)
    filed = ordinary_dossier(publisher, mandataire, edition, "Service soumis", None)
    _submit(filed, mandataire)
    evaluated = ordinary_dossier(publisher, mandataire, edition, "Service évalué", None)
    closed = _close(_submit(evaluated, mandataire), reviewer, lead)
    section, theme = max(
        ((section, theme) for section in sections_of(compiled.definition) for theme in section.themes),
        key=lambda pair: len(pair[1].questions),
    )
    saved = next(question for question in theme.questions if question.type is not QuestionType.FILE)
    return World(
        edition=edition,
        teams=teams,
        mandataire=mandataire,
        reviewer=reviewer,
        full=full,
        filed=filed,
        result=closed,
        largest_theme=(section.slug, theme.slug),
        saved_key=saved.key,
        proven_key=next(each.key for each in all_questions(compiled.definition) if each.requires_evidence),
    )


def _team(number: int) -> tuple[Publisher, User]:
    mandataire = User.objects.create_user(f"mandataire{number}@bench.example", None, full_name=f"Personne {number}")
    publisher = Publisher.objects.create(
        siren=f"{100_000_000 + number}",
        legal_name=f"Éditeur {number}",
        address="1 rue du Banc",
        postal_code="75001",
        city="Paris",
        created_by=mandataire,
    )
    Membership.objects.create(user=mandataire, publisher=publisher, role=Membership.Role.MANDATAIRE)
    return publisher, mandataire


def ordinary_dossier(publisher: Publisher, by: User, edition: Edition, name: str, answers: int | None) -> Dossier:
    """A dossier in filling; `answers` questions have one, None for all of them with their evidence."""
    product = create_product(
        publisher=publisher,
        by=by,
        name=name,
        description="Un service numérique de santé, pour mesurer.",
        website="https://service.example",
        device_class=Product.DeviceClass.IIA,
        platforms=["ios", "android", "web"],
    )
    dossier = open_dossier(product=product, programme=Programme.WITH_EXCHANGE, edition=edition, by=by)
    compiled = published(edition)
    _answer(dossier, compiled, all_questions(compiled.definition)[:answers], by)
    if answers is None:
        _prove(dossier, compiled, publisher, by)
    return finish_orientation(dossier=dossier, by=by)


@transaction.atomic
def _answer(dossier: Dossier, compiled: PublishedEdition, questions: list[Question], by: User) -> None:
    now = timezone.now()
    told = set(Answer.objects.filter(assessment__dossier=dossier).values_list("question_id", flat=True))
    by_version = {a.version_id: a for a in Assessment.objects.filter(dossier=dossier)}
    assessment_of = {
        question.key: by_version[compiled.version_ids[questionnaire.code]]
        for questionnaire in compiled.definition.edition.questionnaires
        for question in questionnaire.questions()
    }
    answers = Answer.objects.bulk_create(
        Answer(
            assessment=assessment_of[question.key],
            question_id=compiled.question_ids[question.key],
            value=good_value(question),
            revision=1,
            updated_at=now,
            updated_by=by,
        )
        for question in questions
        if compiled.question_ids[question.key] not in told
    )
    AnswerRevision.objects.bulk_create(
        AnswerRevision(answer=answer, number=1, value=answer.value, saved_at=now, saved_by=by) for answer in answers
    )


@transaction.atomic
def _prove(dossier: Dossier, compiled: PublishedEdition, publisher: Publisher, by: User) -> None:
    """Attach a clean file to every answer that asks for one."""
    now = timezone.now()
    for answer in Answer.objects.filter(assessment__dossier=dossier):
        question = compiled.definition.questions[compiled.keys[answer.question_id]]
        if not question.requires_evidence and question.type != "file":
            continue
        document = Document.objects.create(publisher=publisher, title=f"Preuve {question.key}", created_by=by)
        version = DocumentVersion.objects.create(
            document=document,
            number=1,
            file=f"clean/{dossier.number}-{question.key}.pdf",
            original_name=f"{question.key}.pdf",
            media_type="application/pdf",
            size=250_000,
            sha256=hashlib.sha256(f"{dossier.number} {question.key}".encode()).hexdigest(),
            state=DocumentVersion.State.CLEAN,
            received_from=by,
            scanned_at=now,
        )
        Attachment.objects.create(answer=answer, document_version=version, attached_by=by)


def _reviewers() -> tuple[User, User]:
    """A reviewer and a lead, each with the second factor without which they would open nothing."""
    return (
        UserFactory.create(email="examinateur@bench.example", full_name="Examinatrice", staff_role=StaffRole.REVIEWER),
        UserFactory.create(
            email="responsable@bench.example", full_name="Responsable", staff_role=StaffRole.REVIEW_LEAD
        ),
    )


def _submit(dossier: Dossier, mandataire: User) -> Submission:
    every_gap = frozenset(published(dossier.edition).definition.questions)
    return submit(dossier=dossier, by=mandataire, acknowledged=every_gap)


def _close(submission: Submission, reviewer: User, lead: User) -> Result:
    """Accept every item and close the review."""
    definition = published(submission.dossier.edition).definition
    for item in items_to_judge(submission, definition):
        give_verdict(round=submission.round, item=item, decision=Verdict.Decision.ACCEPTED, by=reviewer)
    return close_review(
        review=Review.objects.get(dossier=submission.dossier),
        outcome=Review.Outcome.WITH_RESERVATIONS,
        conclusion="Conclusion du banc de mesure.",
        by=lead,
    )
