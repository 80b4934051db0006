"""Remind those who are expected to act, before and after the date they were given. Nothing closes by itself."""

import logging
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import StaffRole, User
from assessments.models import Dossier, Reminder, Review, Round
from assessments.operations.assignments import fit_for
from audit.operations import record
from notifications.operations import notify
from ui.formats import long_date

logger = logging.getLogger(__name__)
Kind = Reminder.Kind
OF_REVIEWERS = (Kind.REVIEW_SOON, Kind.REVIEW_LATE)

SUBJECTS: Mapping[str, Promise] = {
    Kind.REVIEW_SOON: gettext_lazy("Dossier %(number)s : à examiner avant le %(day)s"),
    Kind.REVIEW_LATE: gettext_lazy("Dossier %(number)s : l’examen est en retard"),
    Kind.ANSWER_SOON: gettext_lazy("Dossier %(number)s : répondez avant le %(day)s"),
    Kind.ANSWER_LATE: gettext_lazy("Dossier %(number)s : votre réponse est attendue"),
}
BODIES: Mapping[str, Promise] = {
    Kind.REVIEW_SOON: gettext_lazy("%(product)s attend la réponse des examinateurs, visée pour le %(day)s."),
    Kind.REVIEW_LATE: gettext_lazy("La réponse des examinateurs à %(product)s était visée pour le %(day)s."),
    Kind.ANSWER_SOON: gettext_lazy("Les corrections demandées pour %(product)s sont attendues avant le %(day)s."),
    Kind.ANSWER_LATE: gettext_lazy(
        "Les corrections demandées pour %(product)s étaient attendues avant le %(day)s. Le dossier reste ouvert : vous "
        "pouvez encore répondre."
    ),
}


def remind(today: date) -> int:
    """Send the reminders that are due; returns how many rounds were reminded of. `today`: in Europe/Paris.

    Safe to run any number of times: each reminder leaves once. One that a stopped worker missed leaves late, unless the
    next one is due.
    """
    return sum(_remind(pk, kind, today) for kind in Kind for pk in list(due(kind, today).values_list("pk", flat=True)))


def due(kind: str, today: date) -> QuerySet[Round]:
    """The rounds whose reminder of this kind is due and was not sent."""
    late = kind in (Kind.REVIEW_LATE, Kind.ANSWER_LATE)
    date_field = "target_on" if kind in OF_REVIEWERS else "answer_by"
    before, after = timedelta(days=settings.REMINDER_DAYS_BEFORE), timedelta(days=settings.REMINDER_DAYS_AFTER)
    if late:
        period = Q(**{f"{date_field}__lte": today - after})
    else:
        period = Q(**{f"{date_field}__range": (today, today + before)})
    sent = Reminder.objects.filter(round=OuterRef("pk"), kind=kind)
    return _waiting(kind).filter(period, ~Exists(sent)).order_by("pk")


def _waiting(kind: str) -> QuerySet[Round]:
    """The last rounds of the reviews where those whom this kind addresses have the turn."""
    is_open = Round.objects.filter(review__closed_at=None)
    if kind in OF_REVIEWERS:
        states = (Dossier.State.SUBMITTED, Dossier.State.UNDER_REVIEW)
        return is_open.filter(sent_at=None, review__dossier__state__in=states)
    later = Round.objects.filter(review=OuterRef("review"), number__gt=OuterRef("number"))
    sent_back = is_open.filter(sent_at__isnull=False, review__dossier__state=Dossier.State.CORRECTIONS_ASKED)
    return sent_back.filter(~Exists(later))


@transaction.atomic
def _remind(pk: int, kind: str, today: date) -> bool:
    """Whether this call sent it. Judged again once the review is locked: it may have moved meanwhile.

    One that would reach nobody waits for somebody: it is not counted as sent.
    """
    Review.objects.select_for_update(of=("self",)).get(rounds=pk)
    round = due(kind, today).select_related("review__dossier__product").filter(pk=pk).first()
    if round is None:
        return False
    dossier = round.review.dossier
    addressed = list(_reviewers_of(round.review) if kind in OF_REVIEWERS else dossier.team())
    if not addressed:
        logger.warning("Nobody to remind (%s) of the dossier %s.", kind, dossier.number)
        return False
    Reminder.objects.create(round=round, kind=kind, sent_at=timezone.now())
    record(
        "reminder.sent",
        dossier,
        by=None,
        publisher=dossier.publisher_id,
        dossier=dossier.number,
        round=round.number,
        kind=kind,
    )
    day = round.target_on if kind in OF_REVIEWERS else round.answer_by
    words = {"number": dossier.number, "product": dossier.product.name, "day": long_date(day)}
    page = "reviews:detail" if kind in OF_REVIEWERS else "dossiers:instruction"
    notify(
        addressed,
        subject=str(SUBJECTS[kind]) % words,
        body=str(BODIES[kind]) % words,
        path=reverse(page, args=[dossier.number]),
    )
    return True


def _reviewers_of(review: Review) -> Iterable[User]:
    """Those in charge who may still examine it; the leads when there is nobody."""
    fit = fit_for(review)
    in_charge = list(fit.filter(assignments__in=review.assignments.in_charge()))
    return in_charge or list(fit.filter(groups__name=StaffRole.REVIEW_LEAD))
