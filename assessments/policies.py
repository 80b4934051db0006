"""Who may do what to a dossier, and which questions are open."""

from enum import StrEnum

from accounts import policies as people
from accounts.models import Membership, User
from assessments.answer_states import Copy, submitted_copy
from assessments.models import Dossier, Review, Round, Verdict
from assessments.sections import orientation_of
from questionnaires import engine


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
    """May give verdicts and send rounds: a reviewer in charge, or the first to act on what nobody has."""
    free = user.pk in review.reviewer_ids or not (review.reviewer_ids or user.pk in review.relieved_ids)
    return people.is_reviewer(user) and free and not review.is_closed


def can_assign(user: User, review: Review) -> bool:
    return people.is_review_lead(user) and not review.is_closed


def can_recuse(user: User, review: Review) -> bool:
    return people.is_reviewer(user) and not review.is_closed


def reopening_verdicts(dossier: Dossier, copy: Copy) -> dict[str, Verdict]:
    """What the last round sent back, by question key: refused, or asked about. Empty unless corrections are asked."""
    if dossier.state != Dossier.State.CORRECTIONS_ASKED:
        return {}
    last = Round.objects.filter(review__dossier=dossier).order_by("-number").values("pk")[:1]
    verdicts = Verdict.objects.filter(round=last, decision__in=Verdict.REOPENING)
    verdicts = verdicts.select_related("item__revision").prefetch_related("item__evidence")
    return {copy.edition.keys[verdict.item.question_id]: verdict for verdict in verdicts}


def open_keys(dossier: Dossier, copy: Copy, evaluation: engine.Evaluation) -> frozenset[str]:
    """The questions that may be answered now. During corrections: those sent back, and those which
    their new answers reveal."""
    shown = frozenset(key for key, result in evaluation.questions.items() if result.shown)
    match dossier.state:
        case Dossier.State.ORIENTATION:
            return frozenset(question.key for question in orientation_of(copy.definition).questions())
        case Dossier.State.FILLING:
            return shown
        case Dossier.State.CORRECTIONS_ASKED:
            return shown & (reopening_verdicts(dossier, copy).keys() | _revealed(dossier, copy, shown))
    return frozenset()


def _revealed(dossier: Dossier, copy: Copy, shown: frozenset[str]) -> frozenset[str]:
    last = dossier.submissions.order_by("-number").first()
    if last is None:
        return frozenset()
    filed = submitted_copy(last, edition=copy.edition, programme=copy.programme).evaluate(last.evaluated_on)
    return frozenset(key for key in shown if not filed.questions[key].shown)
