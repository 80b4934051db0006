"""Ask a colleague to read a dossier after those who examine it, and give one's opinion on their verdicts."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.models import Assignment, Review, Round, SecondOpinion, Verdict
from assessments.operations.assignments import Unfit, fit_for, lock_review
from audit.operations import record
from notifications.operations import notify


class NotAsked(Exception):
    """Nobody asked the person to read this dossier a second time."""


class InCharge(Exception):
    """The person examines this dossier: they do not read it a second time."""


class VerdictGone(Exception):
    """The verdict was given again, or its author stepped back, since the page was opened."""


class RoundSent(Exception):
    """The verdicts of this round were sent: an opinion comes too late."""


class Contested(Exception):
    """Verdicts are contested and nobody said that they know. `opinions` holds the second readers'."""

    def __init__(self, opinions: list[SecondOpinion]) -> None:
        super().__init__(f"{len(opinions)} verdicts are contested.")
        self.opinions = opinions


@transaction.atomic
def ask_second_reading(review: Review, *, reviewer: User, by: User) -> Assignment:
    """Ask a named colleague to read the dossier; asked already, nothing happens. Raises ReviewOver, Unfit or InCharge.

    The caller has checked `policies.can_ask_second_reading`.
    """
    review = lock_review(review)
    if not fit_for(review).filter(pk=reviewer.pk).exists():
        raise Unfit
    if reviewer.pk in review.reviewer_ids:
        raise InCharge
    assignment, created = Assignment.objects.get_or_create(
        review=review,
        reviewer=reviewer,
        ended_at=None,
        defaults={"assigned_at": timezone.now(), "assigned_by": by, "part": Assignment.Part.SECOND_READER},
    )
    if created:
        dossier = review.dossier
        record(
            "review.second_reading_asked",
            dossier,
            by=by,
            publisher=dossier.publisher_id,
            dossier=dossier.number,
            reviewer=reviewer.pk,
        )
        if reviewer != by:
            notify(
                [reviewer],
                subject=_("Dossier %(number)s à relire") % {"number": dossier.number},
                body=_("%(who)s vous demande un second regard sur le dossier %(number)s (%(product)s).")
                % {"who": by, "number": dossier.number, "product": dossier.product.name},
                path=reverse("reviews:detail", args=[dossier.number]),
                about=by,
            )
    return assignment


@transaction.atomic
def give_opinion(*, verdict: Verdict, agrees: bool, by: User, seen_at: datetime, text: str = "") -> SecondOpinion:
    """Agree with a verdict of the open round, or contest it in words; given again, it replaces one's own.

    `seen_at`: the date of the verdict that the reader's page showed. Raises ReviewOver, NotAsked (who is no second
    reader of this dossier), RoundSent or VerdictGone.
    """
    review = lock_review(verdict.round.review)
    if by.pk not in review.second_reader_ids:
        raise NotAsked
    if Round.objects.get(pk=verdict.round_id).sent_at is not None:
        raise RoundSent
    current = Verdict.objects.standing().filter(pk=verdict.pk, decided_at=seen_at).first()
    if current is None:
        raise VerdictGone
    values = {
        "agrees": agrees,
        "text": "" if agrees else text,
        "given_at": timezone.now(),
        "given_on": current.decided_at,
    }
    opinion, _created = SecondOpinion.objects.update_or_create(verdict=current, reader=by, defaults=values)
    dossier = review.dossier
    record(
        "opinion.given",
        dossier,
        by=by,
        publisher=dossier.publisher_id,
        dossier=dossier.number,
        item=current.item_id,
        agrees=agrees,
    )
    return opinion


def contested(round: Round) -> list[SecondOpinion]:
    """The opinions that contest a verdict of this round as it stands, with verdict, question and reader. One query."""
    return list(
        SecondOpinion.objects.contesting()
        .filter(verdict__round=round)
        .select_related("verdict__item__question", "reader")
        .order_by("verdict__item", "pk")
    )


def silent_readers(round: Round) -> list[User]:
    """The second readers who have said nothing of this round. One query."""
    opinions = SecondOpinion.objects.filter(verdict__round=round)
    asked = Assignment.objects.standing().filter(review=round.review_id, part=Assignment.Part.SECOND_READER)
    silent = asked.exclude(reviewer__in=opinions.values("reader")).select_related("reviewer")
    return [assignment.reviewer for assignment in silent.order_by("pk")]


def check_acknowledged(round: Round, acknowledged: Collection[int]) -> None:
    """Raise Contested when a verdict is contested by an opinion whose id is not among `acknowledged`."""
    if unknown := [each for each in contested(round) if each.pk not in acknowledged]:
        raise Contested(unknown)
