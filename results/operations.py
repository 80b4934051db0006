"""Close a review and seal its result; ask for its report, and keep it."""

import hashlib
from collections.abc import Collection

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.models import Dossier, Review, SubmissionItem
from assessments.operations.answers import lock_dossier
from assessments.operations.dossiers import move
from assessments.operations.second_readings import check_acknowledged
from audit.operations import record
from jobs.operations import enqueue
from notifications.operations import notify
from results.models import Report, Result
from results.policies import can_request_again
from results.snapshot import build_snapshot, canonical, digest
from results.standing import Standing, standing_of

RENDER_TASK = "results.render_report"


class ReviewClosed(Exception):
    """The review is closed already: its result never changes."""


class NotWithReviewers(Exception):
    """The round was sent back, or the dossier withdrawn: there is nothing to close now."""


class NotExamined(Exception):
    """Some items have no verdict yet. `items` holds them."""

    def __init__(self, items: tuple[SubmissionItem, ...]) -> None:
        super().__init__(f"{len(items)} items have no verdict.")
        self.items = items


class QuestionsPending(Exception):
    """Questions to the publisher wait for the round to be sent. `keys` names them."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


class NotFavourable(Exception):
    """Something is refused, incomplete or unmet: `refused` and `gaps` name the questions."""

    def __init__(self, refused: tuple[str, ...], gaps: tuple[str, ...]) -> None:
        super().__init__(", ".join((*refused, *gaps)))
        self.refused, self.gaps = refused, gaps


class ExaminedAlone(Exception):
    """Every verdict is the closing person's own: whoever examines does not conclude alone."""


class ConclusionMissing(Exception):
    """Anything but a plain favourable outcome has to be explained to the publisher."""


@transaction.atomic
def close_review(
    *, review: Review, outcome: str, conclusion: str, by: User, acknowledged: Collection[int] = ()
) -> Result:
    """End a review: its result is sealed, its report queued, the publisher told. It cannot be undone.

    The review is locked before it is judged, as for a verdict: none slips in beside the closing. Raises
    what `check_closable` raises, ReviewClosed, ExaminedAlone, or Contested when a second opinion contests a verdict and
    is not among the ids of `acknowledged`. The caller has checked `policies.can_close`.
    """
    review = (
        Review.objects.select_for_update(of=("self",))
        .select_related("dossier__product__publisher", "dossier__edition")
        .get(pk=review.pk)
    )
    if review.is_closed:
        raise ReviewClosed
    standing = standing_of(review)
    conclusion = conclusion.strip()
    check_closable(standing, outcome=outcome, conclusion=conclusion)
    if standing.verdicts and {verdict.decided_by_id for verdict in standing.verdicts.values()} == {by.pk}:
        raise ExaminedAlone
    check_acknowledged(standing.round, acknowledged)
    closed_at = timezone.now()
    review.outcome, review.conclusion = Review.Outcome(outcome), conclusion
    review.closed_at, review.closed_by = closed_at, by
    review.turn_since, review.due_on = closed_at, None
    review.save(update_fields=["outcome", "conclusion", "closed_at", "closed_by", "turn_since", "due_on"])
    last = standing.round
    last.sent_at, last.sent_by = closed_at, by
    last.save(update_fields=["sent_at", "sent_by"])
    move(lock_dossier(review.dossier), Dossier.State.CLOSED)
    return _seal(standing, by=by)


def check_closable(standing: Standing, *, outcome: str, conclusion: str) -> None:
    """Raise what forbids this closing.

    NotWithReviewers, NotExamined, QuestionsPending, NotFavourable or ConclusionMissing.
    """
    if not standing.with_reviewers:
        raise NotWithReviewers
    if standing.unexamined:
        raise NotExamined(standing.unexamined)
    if standing.questioned:
        raise QuestionsPending(standing.questioned)
    if outcome == Review.Outcome.FAVOURABLE:
        if not standing.may_be_favourable:
            raise NotFavourable(standing.refused, standing.gaps)
    elif not conclusion:
        raise ConclusionMissing


def _seal(standing: Standing, *, by: User) -> Result:
    """Write the snapshot of a review that has just been closed, and everything that follows from it."""
    review, dossier = standing.review, standing.dossier
    assert review.closed_at is not None
    snapshot = build_snapshot(
        standing, outcome=review.outcome, conclusion=review.conclusion, closed_at=review.closed_at
    )
    content = canonical(snapshot)
    result = Result.objects.create(
        dossier=dossier,
        submission=standing.round.submission,
        content=content,
        content_hash=digest(content),
        sealed_at=review.closed_at,
        sealed_by=by,
    )
    Report.objects.create(result=result, job=enqueue(RENDER_TASK, result.pk))
    record(
        "review.closed",
        dossier,
        by=by,
        publisher=dossier.publisher_id,
        dossier=dossier.number,
        outcome=review.outcome,
        content_hash=result.content_hash,
    )
    words = {"number": dossier.number, "product": dossier.product.name, "outcome": review.get_outcome_display()}
    notify(
        dossier.team(),
        subject=_("Dossier %(number)s : votre résultat est disponible") % words,
        body=_("L’instruction du dossier %(number)s (%(product)s) est close. Conclusion : %(outcome)s.") % words,
        path=reverse("results:detail", args=[dossier.number]),
    )
    return result


@transaction.atomic
def request_report(result: Result) -> Report:
    """Queue the report again when its job has failed; a report that is ready or under way is left as it is."""
    report = _locked(result.report.pk)
    if can_request_again(report):
        report.job = enqueue(RENDER_TASK, result.pk)
        report.save(update_fields=["job"])
    return report


@transaction.atomic
def store_report(report: Report, pdf: bytes) -> Report:
    """Keep the PDF, once: whoever comes second finds the row filled, and what they drew is thrown away.

    The file has one name per dossier. What a worker killed before the commit may have left under that name
    is replaced, so no attempt ever leaves a stray file.
    """
    report = _locked(report.pk)
    if report.is_ready:
        return report
    name = f"{report.result.sealed_at.year}/{report_name(report.result.dossier)}"
    storage = report.file.storage
    storage.delete(name)
    report.file.name = storage.save(name, ContentFile(pdf))
    report.sha256 = hashlib.sha256(pdf).hexdigest()
    report.rendered_at = timezone.now()
    report.save(update_fields=["file", "sha256", "rendered_at"])
    return report


def report_name(dossier: Dossier) -> str:
    return f"rapport-{dossier.number}.pdf"


def _locked(report_id: int) -> Report:
    rows = Report.objects.select_for_update(of=("self",)).select_related("job", "result__dossier")
    return rows.get(pk=report_id)
