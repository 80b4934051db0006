"""Bring an item before the commission, and write down what it said."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments import policies
from assessments.models import AgendaEntry, Review
from assessments.operations.assignments import lock_review
from assessments.operations.reviews import NotInCharge
from audit.operations import record


class AlreadyOnAgenda(Exception):
    """The commission is asked about this item already."""


class AlreadySettled(Exception):
    """A colleague wrote down what the commission said."""


@transaction.atomic
def put_on_agenda(*, review: Review, question_id: int, asked: str, by: User) -> AgendaEntry:
    """Ask the commission about one item. `asked` is not blank. The publisher is told nothing.

    Raises ReviewOver, NotInCharge or AlreadyOnAgenda.
    """
    review = lock_review(review)
    if not policies.can_judge(by, review):
        raise NotInCharge
    if review.agenda.filter(question=question_id, settled_at=None).exists():
        raise AlreadyOnAgenda
    entry = AgendaEntry.objects.create(
        review=review, question_id=question_id, asked=asked, put_at=timezone.now(), put_by=by
    )
    dossier = review.dossier
    record(
        "agenda.put",
        entry,
        by=by,
        publisher=dossier.publisher_id,
        dossier=dossier.number,
        question=entry.question.key,
    )
    return entry


@transaction.atomic
def settle(entry: AgendaEntry, *, ruling: str, by: User) -> AgendaEntry:
    """Write the commission's words on what it was asked; they are never changed. `ruling` is not blank.

    They are no verdict: whoever is in charge gives theirs in their light. Raises ReviewOver, NotInCharge or
    AlreadySettled.
    """
    review = lock_review(entry.review)
    if not policies.can_settle(by, review):
        raise NotInCharge
    entry = AgendaEntry.objects.select_related("question").get(pk=entry.pk, review=review)
    if entry.is_settled:
        raise AlreadySettled
    entry.ruling, entry.settled_at, entry.settled_by = ruling, timezone.now(), by
    entry.save(update_fields=["ruling", "settled_at", "settled_by"])
    dossier = review.dossier
    record(
        "agenda.settled",
        entry,
        by=by,
        publisher=dossier.publisher_id,
        dossier=dossier.number,
        question=entry.question.key,
    )
    return entry
