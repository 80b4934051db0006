"""Thousands of dossiers around those that are measured: what they cost must not be felt."""

from django.db import connection, transaction
from django.utils import timezone

from assessments.models import Dossier, Programme
from bench.world import ANSWERS_OF_A_CROWDED_DOSSIER, World, ordinary_dossier
from products.models import Product
from products.references import draw

# A year of its own: the numbers given in the usual way stay free.
YEAR = 2099

ASSESSMENTS = """
    INSERT INTO assessments_assessment (dossier_id, version_id)
    SELECT dossier.id, assessment.version_id
    FROM assessments_dossier dossier, assessments_assessment assessment
    WHERE dossier.number LIKE %(crowd)s AND assessment.dossier_id = %(model)s
"""
ANSWERS = """
    INSERT INTO assessments_answer
        (assessment_id, question_id, value, not_applicable, reason, comment, revision, updated_at, updated_by_id)
    SELECT copied.id, answer.question_id, answer.value, answer.not_applicable, answer.reason, answer.comment, 1,
        answer.updated_at, answer.updated_by_id
    FROM assessments_answer answer
    JOIN assessments_assessment assessment ON assessment.id = answer.assessment_id
    JOIN assessments_assessment copied ON copied.version_id = assessment.version_id
    JOIN assessments_dossier dossier ON dossier.id = copied.dossier_id
    WHERE assessment.dossier_id = %(model)s AND dossier.number LIKE %(crowd)s
"""
REVISIONS = """
    INSERT INTO assessments_answerrevision
        (answer_id, number, value, not_applicable, reason, comment, saved_at, saved_by_id)
    SELECT answer.id, 1, answer.value, answer.not_applicable, answer.reason, answer.comment, answer.updated_at,
        answer.updated_by_id
    FROM assessments_answer answer
    JOIN assessments_assessment assessment ON assessment.id = answer.assessment_id
    JOIN assessments_dossier dossier ON dossier.id = assessment.dossier_id
    WHERE dossier.number LIKE %(crowd)s
"""


@transaction.atomic
def gather(world: World, count: int) -> int:
    """Copy one dossier in filling that many times, spread over the publishers. Returns how many answers there are."""
    publisher, mandataire = world.teams[1]
    model = ordinary_dossier(publisher, mandataire, world.edition, "Service copié", ANSWERS_OF_A_CROWDED_DOSSIER)
    now = timezone.now()
    references: set[str] = set()
    while len(references) < count:
        references.add(draw())
    products = Product.objects.bulk_create(
        [
            Product(
                publisher=world.teams[number % len(world.teams)][0],
                reference=reference,
                name=f"Service de la foule {number}",
                description="Un service parmi d’autres.",
                created_by=world.teams[number % len(world.teams)][1],
            )
            for number, reference in enumerate(sorted(references))
        ],
        batch_size=2000,
    )
    Dossier.objects.bulk_create(
        [
            Dossier(
                number=f"{YEAR}-{number:06}",
                product=product,
                programme=Programme.WITH_EXCHANGE,
                edition=world.edition,
                state=Dossier.State.FILLING,
                state_since=now,
                created_by=mandataire,
            )
            for number, product in enumerate(products)
        ],
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        for statement in (ASSESSMENTS, ANSWERS, REVISIONS):
            cursor.execute(statement, {"crowd": f"{YEAR}-%", "model": model.pk})
        cursor.execute("SELECT count(*) FROM assessments_answer")
        (answers,) = cursor.fetchone()
    return int(answers)
