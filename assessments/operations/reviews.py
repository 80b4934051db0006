"""Examine what was filed: rounds, verdicts, sending back. Closing is `results.operations.close_review`."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import StaffRole, User
from assessments.answer_states import filed_items
from assessments.clocks import correction_target, review_target
from assessments.models import Dossier, Review, Round, Submission, SubmissionEvidence, SubmissionItem, Verdict
from assessments.operations.assignments import AlreadyTaken, ReadsSecond, Relieved, Unfit, fit_for, take
from assessments.operations.dossiers import move
from assessments.operations.second_readings import check_acknowledged
from audit.operations import record
from notifications.operations import notify
from questionnaires import engine
from ui.formats import long_date


class RoundOver(Exception):
    """The round was sent, or the review closed: its verdicts no longer change."""


class NotInCharge(Exception):
    """A colleague is in charge of this review, or the person must not examine it, or reads it a second time."""


class NotExamined(Exception):
    """Some items have no verdict yet. `items` holds them."""

    def __init__(self, items: list[SubmissionItem]) -> None:
        super().__init__(f"{len(items)} items have no verdict.")
        self.items = items


class NothingToSend(Exception):
    """Every item is accepted: there is nothing to ask the publisher, the review can be closed."""


class StaleVerdict(Exception):
    """Another reviewer judged this item since the page was opened. `current` is their verdict."""

    def __init__(self, current: Verdict) -> None:
        super().__init__("The verdict was changed by somebody else.")
        self.current = current


class NotCorrectable(Exception):
    """This item has no score to correct: its question is not scored, or stands as « non applicable », or goes back."""


def has_score(item: SubmissionItem, *, scored: bool) -> bool:
    """Whether the answer has a score, that a reviewer may correct. `scored`: whether its question is. Needs `revision`
    loaded."""
    return scored and not item.revision.not_applicable


def needs_verdict(item: SubmissionItem, question: engine.Question) -> bool:
    """Review items: expected evidence, attached files, « non applicable ». Needs `revision` and `evidence` loaded."""
    return question.requires_evidence or item.revision.not_applicable or bool(item.evidence.all())


def items_to_judge(submission: Submission, definition: engine.Definition) -> list[SubmissionItem]:
    """The review items of a submission, in the order of the screen. Three queries."""
    by_question = {item.question_id: item for item in filed_items(submission).select_related("question")}
    by_key = {item.question.key: item for item in by_question.values()}
    ordered = ((by_key[key], question) for key, question in definition.questions.items() if key in by_key)
    return [item for item, question in ordered if needs_verdict(item, question)]


def stopping(items: QuerySet[SubmissionItem]) -> QuerySet[SubmissionItem]:
    """Those of these items that stop a review from being closed as it is: to judge, or to send back.

    One is to judge as `needs_verdict` says.
    """
    files = SubmissionEvidence.objects.filter(item=OuterRef("pk"))
    verdicts = Verdict.objects.standing().filter(item=OuterRef("pk"))
    to_judge = ~Q(question__evidence="") | Q(revision__not_applicable=True) | Exists(files)
    return items.filter(
        (to_judge & ~Exists(verdicts)) | Exists(verdicts.filter(decision__in=Verdict.REOPENING))
    ).order_by()


def open_round(submission: Submission) -> Round:
    """Start the round that judges a submission, within the submitting transaction.

    An accepted item whose answer and files have not changed keeps its verdict.
    """
    now = timezone.now()
    target = review_target(now)
    review, created = Review.objects.get_or_create(
        dossier=submission.dossier, defaults={"opened_at": now, "turn_since": now, "due_on": target}
    )
    if not created:
        review.turn_since, review.due_on = now, target
        review.save(update_fields=["turn_since", "due_on"])
    previous = review.rounds.order_by("-number").first()
    current = Round.objects.create(
        review=review,
        submission=submission,
        number=previous.number + 1 if previous else 1,
        opened_at=now,
        target_on=target,
    )
    if previous:
        _carry_over(previous, current)
    return current


def _carry_over(previous: Round, current: Round) -> None:
    accepted = {
        _identity(verdict.item): verdict
        for verdict in previous.verdicts.standing()
        .filter(decision=Verdict.Decision.ACCEPTED)
        .select_related("item")
        .prefetch_related("item__evidence")
    }
    items = current.submission.items.prefetch_related("evidence")
    same = [(item, accepted[_identity(item)]) for item in items if _identity(item) in accepted]
    Verdict.objects.bulk_create(
        Verdict(
            round=current,
            item=item,
            decision=verdict.decision,
            text=verdict.text,
            corrected_score=verdict.corrected_score,
            correction_reason=verdict.correction_reason,
            # The verdict that was really given, whatever the number of rounds since.
            carried_from_id=verdict.carried_from_id or verdict.pk,
            decided_at=verdict.decided_at,
            decided_by_id=verdict.decided_by_id,
        )
        for item, verdict in same
    )


def _identity(item: SubmissionItem) -> tuple[int, int, frozenset[int]]:
    """What must stay the same for a verdict to stand: the answer's revision and the files."""
    return (
        item.question_id,
        item.revision_id,
        frozenset(evidence.document_version_id for evidence in item.evidence.all()),
    )


@transaction.atomic
def give_verdict(
    *,
    round: Round,
    item: SubmissionItem,
    decision: str,
    by: User,
    reason: str = "",
    text: str = "",
    corrected_score: Decimal | None = None,
    correction_reason: str = "",
    seen_at: datetime | None = None,
) -> Verdict:
    """Judge one item. Nothing is told to the publisher before the round is sent.

    `corrected_score`, from 0 to 1, replaces the computed score, and `correction_reason` says why: both or neither, and
    only with an acceptance. `seen_at` is the date of the verdict that the reviewer's page showed, None when it showed
    none. Raises RoundOver, NotInCharge, NotCorrectable, or StaleVerdict when a colleague judged the item in between.
    The first verdict on a dossier that nobody has puts its author in charge; the one after which nothing is left but
    to close tells the leads so.
    """
    round = _open_round_of(round)
    if item.submission_id != round.submission_id:
        raise ValueError("This item belongs to another submission.")
    if corrected_score is not None:
        accepted = decision == Verdict.Decision.ACCEPTED
        if not accepted or not has_score(item, scored=item.question.scored):
            raise NotCorrectable
    _put_in_charge(round.review, by)
    # One that no longer holds is replaced by whoever comes first.
    current = Verdict.objects.standing().select_for_update(of=("self",)).filter(round=round, item=item).first()
    if current and current.decided_at != seen_at:
        raise StaleVerdict(current)
    values = {
        "decision": decision,
        "reason": reason if decision == Verdict.Decision.REFUSED else "",
        "text": text,
        "corrected_score": corrected_score,
        "correction_reason": correction_reason,
        "carried_from": None,
        "decided_at": timezone.now(),
        "decided_by": by,
    }
    stopped_by = list(stopping(round.submission.items.all()).values_list("pk", flat=True)[:2])
    verdict, _created = Verdict.objects.update_or_create(round=round, item=item, defaults=values)
    dossier = round.review.dossier
    if dossier.state == Dossier.State.SUBMITTED:
        move(dossier, Dossier.State.UNDER_REVIEW)
    record(
        "verdict.given",
        dossier,
        by=by,
        publisher=dossier.publisher_id,
        dossier=dossier.number,
        round=round.number,
        item=item.pk,
        decision=decision,
        **({} if corrected_score is None else {"corrected_score": str(corrected_score)}),
    )
    if decision == Verdict.Decision.ACCEPTED and stopped_by == [item.pk]:
        _tell_leads(round.review, by=by)
    return verdict


def _tell_leads(review: Review, *, by: User) -> None:
    """Nothing is left to examine nor to send: only a lead ends the review."""
    dossier = review.dossier
    notify(
        fit_for(review).filter(groups__name=StaffRole.REVIEW_LEAD).exclude(pk=by.pk),
        subject=_("Dossier %(number)s : prêt à clore") % {"number": dossier.number},
        body=_("Tout est accepté dans le dossier %(number)s (%(product)s) : il reste à clore l’instruction.")
        % {"number": dossier.number, "product": dossier.product.name},
        path=reverse("reviews:detail", args=[dossier.number]),
    )


def _open_round_of(round: Round) -> Round:
    """The round with its review and dossier, the review's row locked. Raises RoundOver."""
    Review.objects.select_for_update().get(pk=round.review_id)
    fresh = Round.objects.select_related("review__dossier__product", "review__dossier__edition", "submission").get(
        pk=round.pk
    )
    if fresh.sent_at is not None or fresh.review.is_closed:
        raise RoundOver
    return fresh


def _put_in_charge(review: Review, by: User) -> None:
    try:
        take(review, by=by)
    except AlreadyTaken as error:
        if not review.assignments.in_charge().filter(reviewer=by).exists():
            raise NotInCharge from error
    except (Relieved, ReadsSecond, Unfit) as error:
        raise NotInCharge from error


def unexamined(round: Round, definition: engine.Definition) -> list[SubmissionItem]:
    """The review items that have no verdict in this round yet, or one that no longer holds."""
    judged = set(round.verdicts.standing().values_list("item_id", flat=True))
    return [item for item in items_to_judge(round.submission, definition) if item.pk not in judged]


@transaction.atomic
def send_back(
    *,
    round: Round,
    definition: engine.Definition,
    by: User,
    message: str = "",
    acknowledged: Collection[int] = (),
) -> Round:
    """Tell the publisher what was refused or asked: only these questions reopen.

    Everything is judged first, so that the publisher gets one list and not several. `acknowledged`: ids of the
    second opinions that contest a verdict and that the person knows of. Raises RoundOver, NotInCharge, NotExamined,
    NothingToSend or second_readings.Contested.
    """
    round = _open_round_of(round)
    _put_in_charge(round.review, by)
    if missing := unexamined(round, definition):
        raise NotExamined(missing)
    reopened = round.verdicts.filter(decision__in=Verdict.REOPENING).count()
    if not reopened:
        raise NothingToSend
    check_acknowledged(round, acknowledged)
    now = timezone.now()
    round.sent_at, round.sent_by, round.message, round.answer_by = now, by, message, correction_target(now)
    round.save(update_fields=["sent_at", "sent_by", "message", "answer_by"])
    round.review.turn_since, round.review.due_on = now, round.answer_by
    round.review.save(update_fields=["turn_since", "due_on"])
    dossier = round.review.dossier
    move(dossier, Dossier.State.CORRECTIONS_ASKED)
    record(
        "round.sent",
        dossier,
        by=by,
        publisher=dossier.publisher_id,
        dossier=dossier.number,
        round=round.number,
        reopened=reopened,
    )
    notify(
        dossier.team(),
        subject=_("Dossier %(number)s : des corrections sont demandées") % {"number": dossier.number},
        body=ngettext(
            "Les examinateurs demandent une correction pour %(product)s.",
            "Les examinateurs demandent %(count)d corrections pour %(product)s.",
            reopened,
        )
        % {"count": reopened, "product": dossier.product.name}
        + " "
        + _("Répondez avant le %(day)s.") % {"day": long_date(round.answer_by)},
        path=reverse("dossiers:instruction", args=[dossier.number]),
    )
    return round


def rulings_of(verdicts: Iterable[Verdict], keys: Mapping[int, str]) -> dict[str, engine.Ruling]:
    """The verdicts as the evaluation reads them (rule 15).

    Refused evidence is absent, a refused N/A is not marked, a corrected score replaces the computed one. `keys` gives
    question keys by question id. Needs `item__revision` loaded.
    """
    return {
        keys[verdict.item.question_id]: _ruling(verdict)
        for verdict in verdicts
        if verdict.decision == Verdict.Decision.REFUSED or verdict.corrected_score is not None
    }


def _ruling(verdict: Verdict) -> engine.Ruling:
    if verdict.decision != Verdict.Decision.REFUSED:
        return engine.Ruling(score=verdict.corrected_score)
    not_applicable = verdict.item.revision.not_applicable
    return engine.Ruling(not_applicable_refused=not_applicable, evidence_refused=not not_applicable)
