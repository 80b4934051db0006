"""Who examines which dossier: take, assign, unassign, recuse."""

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import StaffRole, User
from accounts.policies import REVIEWING
from assessments.models import Assignment, Recusal, Review
from audit.operations import record
from notifications.operations import notify


class ReviewOver(Exception):
    """The review is closed: nobody examines it any more."""


class Relieved(Exception):
    """A lead relieved the person: only a lead puts them back in charge."""


class AlreadyTaken(Exception):
    """A colleague is in charge: only a lead adds a second one."""


class ReadsSecond(Exception):
    """The person was asked for a second reading: only a lead puts them in charge instead."""


class Unfit(Exception):
    """The person must not examine this dossier: no reviewer, of the publisher's team now or once, or recused."""


@transaction.atomic
def take(review: Review, *, by: User) -> Assignment:
    """Put oneself in charge of a review that nobody has.

    Raises ReviewOver, AlreadyTaken, Relieved, ReadsSecond or Unfit.
    """
    review = lock_review(review)
    if review.reviewer_ids - {by.pk}:
        raise AlreadyTaken
    if by.pk in review.relieved_ids:
        raise Relieved
    if by.pk in review.second_reader_ids:
        raise ReadsSecond
    return _assign(review, reviewer=by, by=by)


@transaction.atomic
def assign(review: Review, *, reviewer: User, by: User) -> Assignment:
    """Put a reviewer in charge, beside those who are already; a second reader is one no more.

    Raises ReviewOver or Unfit.
    """
    review = lock_review(review)
    assignment = _assign(review, reviewer=reviewer, by=by)
    if reviewer != by:
        notify(
            [reviewer],
            subject=_("Dossier %(number)s à examiner") % {"number": review.dossier.number},
            body=_("%(who)s vous confie l’examen du dossier %(number)s (%(product)s).")
            % {"who": by, "number": review.dossier.number, "product": review.dossier.product.name},
            path=reverse("reviews:detail", args=[review.dossier.number]),
            about=by,
        )
    return assignment


@transaction.atomic
def unassign(review: Review, *, reviewer: User, by: User) -> None:
    """Relieve a reviewer; the verdicts they gave stay. Raises ReviewOver."""
    review = lock_review(review)
    if _end(review, reviewer):
        record(
            "review.unassigned",
            review.dossier,
            by=by,
            publisher=review.dossier.publisher_id,
            dossier=review.dossier.number,
            reviewer=reviewer.pk,
        )
        if reviewer != by:
            notify(
                [reviewer],
                subject=_("Dossier %(number)s : il ne vous est plus confié") % {"number": review.dossier.number},
                body=_("Un responsable d’instruction vous a retiré le dossier %(number)s (%(product)s).")
                % {"number": review.dossier.number, "product": review.dossier.product.name},
                path=reverse("reviews:queue"),
            )


@transaction.atomic
def recuse(review: Review, *, by: User, reason: str) -> Recusal:
    """State a conflict of interest: from now on the person sees nothing of this dossier. Raises ReviewOver.

    The verdicts they gave no longer hold: a colleague gives them again (`Verdict.objects.standing`).
    """
    review = lock_review(review)
    _end(review, by)
    recusal, created = Recusal.objects.get_or_create(
        review=review, reviewer=by, defaults={"reason": reason, "stated_at": timezone.now()}
    )
    if created:
        record(
            "review.recused",
            review.dossier,
            by=by,
            publisher=review.dossier.publisher_id,
            dossier=review.dossier.number,
        )
        notify(
            User.objects.filter(groups__name=StaffRole.REVIEW_LEAD, is_active=True).exclude(pk=by.pk),
            subject=_("Dossier %(number)s : un examinateur se déporte") % {"number": review.dossier.number},
            body=_("%(who)s se déporte du dossier %(number)s. Motif : %(reason)s")
            % {"who": by, "number": review.dossier.number, "reason": reason},
            path=reverse("reviews:detail", args=[review.dossier.number]),
            about=by,
        )
    return recusal


def fit_for(review: Review) -> QuerySet[User]:
    """The reviewers who may examine it. Needs `dossier__product` loaded."""
    publisher = review.dossier.publisher_id
    reviewers = User.objects.filter(is_active=True, groups__name__in=REVIEWING)
    return (
        reviewers.exclude(recusals__review=review)
        .exclude(memberships__publisher=publisher)
        .exclude(former_memberships__publisher=publisher)
        .distinct()
    )


def lock_review(review: Review) -> Review:
    """The review, its row locked, its dossier with it. Raises ReviewOver."""
    rows = Review.objects.select_for_update(of=("self",)).select_related("dossier__product")
    review = rows.get(pk=review.pk)
    if review.is_closed:
        raise ReviewOver
    return review


def _assign(review: Review, *, reviewer: User, by: User) -> Assignment:
    if not fit_for(review).filter(pk=reviewer.pk).exists():
        raise Unfit
    if reviewer.pk in review.second_reader_ids:
        _end(review, reviewer)
    assignment, created = Assignment.objects.get_or_create(
        review=review, reviewer=reviewer, ended_at=None, defaults={"assigned_at": timezone.now(), "assigned_by": by}
    )
    if created:
        record(
            "review.taken" if reviewer == by else "review.assigned",
            review.dossier,
            by=by,
            publisher=review.dossier.publisher_id,
            dossier=review.dossier.number,
            reviewer=reviewer.pk,
        )
    return assignment


def _end(review: Review, reviewer: User) -> bool:
    """Relieve the person; false when they were not in charge."""
    return bool(review.assignments.standing().filter(reviewer=reviewer).update(ended_at=timezone.now()))
