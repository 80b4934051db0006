"""Who is in charge of a review, for its pages."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from assessments import policies
from assessments.models import Assignment, Review
from assessments.operations.assignments import fit_for
from assessments.review_queue import turn_in_words, turn_of


def charge_of(user: User, review: Review, *, is_ready: bool = False) -> dict[str, Any]:
    """What a page says of it, and what the person may do.

    `review`: as `assessments.views.reviews.get_review` reads it, its assignments with it. `is_ready`: as for
    `turn_in_words`.
    """
    in_charge = review.in_charge
    may_assign = policies.can_assign(user, review)
    taken = {assignment.reviewer_id for assignment in in_charge}
    may_ask = policies.can_ask_second_reading(user, review)
    candidates = list(candidates_for(review).exclude(pk__in=taken)) if may_assign or may_ask else []
    return {
        "turn_words": turn_in_words(
            turn_of(review.dossier), [each.reviewer for each in in_charge], user, is_ready=is_ready
        ),
        "in_charge": in_charge,
        # Why a colleague stepped back is for those who assign.
        "recusals": list(review.recusals.select_related("reviewer")) if may_assign else [],
        "is_mine": user.pk in taken,
        "may_judge": policies.can_judge(user, review),
        "can_take": not in_charge and policies.can_judge(user, review),
        "can_assign": may_assign,
        # Whoever assigns also closes (results.policies).
        "can_close": may_assign,
        "can_recuse": policies.can_recuse(user, review),
        "candidates": candidates if may_assign else [],
        "second_readers": review.second_readers,
        "can_ask_second_reading": may_ask,
        "second_candidates": [each for each in candidates if each.pk not in review.second_reader_ids],
    }


def candidates_for(review: Review) -> QuerySet[User]:
    """Reviewers who may examine it, with the number of open reviews that each has as `load`, the least busy first."""
    open_load = Q(
        assignments__review__closed_at=None,
        assignments__ended_at=None,
        assignments__part=Assignment.Part.EXAMINER,
    )
    return (
        fit_for(review)
        .annotate(load=Count("assignments", filter=open_load, distinct=True))
        .order_by("load", "full_name", "pk")
    )
