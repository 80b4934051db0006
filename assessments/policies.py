"""Who may do what to a dossier, and which questions are open."""

from enum import StrEnum

from accounts import policies as people
from accounts.models import Membership, User
from assessments.filing import Filing
from assessments.models import Dossier, Review


class Part(StrEnum):
    """What somebody who sees a dossier may do with it, at most."""

    SUBMITS = "submits"
    FILLS = "fills"
    READS = "reads"


def part_of(user: User, dossier: Dossier) -> Part:
    """The part of somebody to whom the dossier is visible. No query."""
    if can_submit(user, dossier):
        return Part.SUBMITS
    # A consultant sees none but those that are open to them.
    is_consultant = user.membership_roles.get(dossier.publisher_id) == Membership.Role.CONSULTANT
    return Part.FILLS if is_consultant or people.can_fill(user, dossier.publisher_id) else Part.READS


def can_fill(user: User, dossier: Dossier) -> bool:
    """May answer, attach and comment, when the state allows it: the team, or a consultant to whom it is open."""
    return people.can_fill(user, dossier.publisher_id) or is_consulted(user, dossier)


def can_follow_edition(user: User, dossier: Dossier) -> bool:
    """May make the dossier follow a newer edition, when its state allows it: whoever fills it for the publisher.

    It files nothing and loses nothing, so that it need not wait for those who bind the publisher; but there is no way
    back, so that it is not a consultant's, who is there for a while.
    """
    return people.can_fill(user, dossier.publisher_id)


def is_consulted(user: User, dossier: Dossier) -> bool:
    """Whether the dossier is open to this consultant now. Asks the database only about consultants."""
    if user.membership_roles.get(dossier.publisher_id) != Membership.Role.CONSULTANT:
        return False
    return dossier.consultations.filter(membership__in=user.memberships.current()).exists()


def can_open_to_consultants(user: User, publisher_id: int) -> bool:
    """May say which dossiers a consultant sees: whoever may invite one."""
    return Membership.Role.CONSULTANT in people.manageable_roles(user, publisher_id)


def can_submit(user: User, dossier: Dossier) -> bool:
    """May bind the publisher on this dossier."""
    return people.can_submit_for(user, dossier.publisher_id)


def can_review(user: User) -> bool:
    return people.is_reviewer(user)


def can_judge(user: User, review: Review) -> bool:
    """May give verdicts and send rounds: a reviewer in charge, or the first to act on what nobody has.

    Never a second reader: whoever gives an opinion on the verdicts gives none of them.
    """
    if user.pk in review.second_reader_ids:
        return False
    free = user.pk in review.reviewer_ids or not (review.reviewer_ids or user.pk in review.relieved_ids)
    return people.is_reviewer(user) and free and not review.is_closed


def can_settle(user: User, review: Review) -> bool:
    """May write down what the commission said: whoever may judge, or a lead."""
    return can_judge(user, review) or can_assign(user, review)


def can_assign(user: User, review: Review) -> bool:
    return people.is_review_lead(user) and not review.is_closed


def can_ask_second_reading(user: User, review: Review) -> bool:
    """A lead, or whoever is in charge."""
    return can_assign(user, review) or (user.pk in review.reviewer_ids and can_judge(user, review))


def can_give_opinion(user: User, review: Review) -> bool:
    return people.is_reviewer(user) and user.pk in review.second_reader_ids and not review.is_closed


def can_recuse(user: User, review: Review) -> bool:
    return people.is_reviewer(user) and not review.is_closed


def open_keys(filing: Filing) -> frozenset[str]:
    """The questions that may be answered now.

    The team may improve its working copy while what it filed is examined. The orientation alone shuts with the first
    submission, unless it is sent back: it selects the questions, so a pending change there would hide some that are
    examined, show some that nobody asked, and leave the team before another questionnaire than its reviewers.
    """
    shown = frozenset(key for key, result in filing.evaluation.questions.items() if result.shown)
    match filing.dossier.state:
        case Dossier.State.ORIENTATION:
            return filing.orientation
        case Dossier.State.FILLING:
            return shown
        case Dossier.State.SUBMITTED | Dossier.State.UNDER_REVIEW:
            return shown - filing.orientation
        case Dossier.State.CORRECTIONS_ASKED:
            return shown - filing.orientation | filing.reopened
    return frozenset()


def can_take_evidence(user: User, dossier: Dossier) -> bool:
    """May take all the evidence away at once: neither readers nor consultants, who do not open what is confidential."""
    return people.can_fill(user, dossier.publisher_id)


def can_reply(user: User, filing: Filing) -> bool:
    """May answer the reviewers in words: whoever may fill, while a round that was sent waits for the team."""
    return filing.dossier.state == Dossier.State.CORRECTIONS_ASKED and can_fill(user, filing.dossier)
