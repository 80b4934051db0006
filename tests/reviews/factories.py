"""Reviews by the hundred, for the queue: bare dossiers of three review items, in a few queries."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import User
from assessments.models import (
    Answer,
    AnswerRevision,
    Assessment,
    Dossier,
    Programme,
    Review,
    Round,
    Submission,
    SubmissionItem,
    Verdict,
)
from products import references
from products.models import Product
from questionnaires.queries import published
from tests.assessments.editions import published_edition
from tests.factories import PublisherFactory, UserFactory

# Questions that ask for evidence: each filed answer is a review item.
KEYS = ("SEC-GOV-02", "SEC-HEB-05", "SEC-DEV-08")


def many_reviews(
    count: int,
    *,
    state: str = Dossier.State.SUBMITTED,
    programme: str = Programme.WITHOUT_EXCHANGE,
    first_days_ago: int = 1,
    examined: int = 0,
    by: User | None = None,
) -> list[Review]:
    """Reviews in one state, each submitted one day before the one that precedes it.

    `examined` items of each were accepted by `by`.
    """
    by = by or UserFactory.create()
    now = timezone.now()
    days = [now - timedelta(days=first_days_ago + n) for n in range(count)]
    submissions = _submissions(count, days, state=state, programme=programme, by=by)
    is_sent = state == Dossier.State.CORRECTIONS_ASKED
    is_closed = state == Dossier.State.CLOSED
    reviews = Review.objects.bulk_create(
        Review(
            dossier=submission.dossier,
            opened_at=submission.submitted_at,
            turn_since=submission.submitted_at,
            due_on=None if is_closed else _due(submission),
            **({"outcome": "favourable", "closed_at": submission.submitted_at, "closed_by": by} if is_closed else {}),
        )
        for submission in submissions
    )
    rounds = Round.objects.bulk_create(
        Round(
            review=review,
            submission=submission,
            number=1,
            opened_at=submission.submitted_at,
            target_on=_due(submission),
            **({"sent_at": submission.submitted_at, "sent_by": by, "answer_by": _due(submission)} if is_sent else {}),
        )
        for review, submission in zip(reviews, submissions, strict=True)
    )
    items = _items(submissions, by=by)
    Verdict.objects.bulk_create(
        Verdict(round=rounds[index], item=item, decision="accepted", decided_at=now, decided_by=by)
        for index, own in enumerate(items)
        for item in own[:examined]
    )
    return reviews


def _due(submission: Submission) -> date:
    return timezone.localdate(submission.submitted_at) + timedelta(days=30)


def _submissions(count: int, days: list[datetime], *, state: str, programme: str, by: User) -> list[Submission]:
    edition = published_edition()
    publisher = PublisherFactory.create()
    start = Dossier.objects.count()
    products = Product.objects.bulk_create(
        Product(
            publisher=publisher, reference=references.draw(), name=f"Suivi {start + n}", description="…", created_by=by
        )
        for n in range(count)
    )
    dossiers = Dossier.objects.bulk_create(
        Dossier(
            number=f"2026-{500_000 + start + n:06d}",
            product=product,
            programme=programme,
            edition=edition,
            state=state,
            state_since=days[n],
            created_by=by,
        )
        for n, product in enumerate(products)
    )
    return Submission.objects.bulk_create(
        Submission(dossier=dossier, number=1, submitted_at=days[n], evaluated_on=days[n].date(), submitted_by=by)
        for n, dossier in enumerate(dossiers)
    )


def _items(submissions: list[Submission], *, by: User) -> list[list[SubmissionItem]]:
    edition = published(published_edition())
    now = timezone.now()
    assessments = Assessment.objects.bulk_create(
        Assessment(dossier=submission.dossier, version_id=edition.version_ids["SEC"]) for submission in submissions
    )
    answers = Answer.objects.bulk_create(
        Answer(assessment=each, question_id=edition.question_ids[key], revision=1, updated_at=now, updated_by=by)
        for each in assessments
        for key in KEYS
    )
    revisions = AnswerRevision.objects.bulk_create(
        AnswerRevision(answer=answer, number=1, saved_at=now, saved_by=by) for answer in answers
    )
    items = SubmissionItem.objects.bulk_create(
        SubmissionItem(submission=submissions[n // len(KEYS)], question_id=answers[n].question_id, revision=revision)
        for n, revision in enumerate(revisions)
    )
    return [items[n : n + len(KEYS)] for n in range(0, len(items), len(KEYS))]
