"""Submit a dossier: an immutable copy is what is judged."""

from collections.abc import Mapping

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.answer_states import Copy, working_copy
from assessments.models import (
    AnswerRevision,
    Dossier,
    Review,
    Submission,
    SubmissionEvidence,
    SubmissionItem,
)
from assessments.operations.answers import lock_dossier
from assessments.operations.assignments import fit_for
from assessments.operations.dossiers import move
from assessments.operations.reviews import open_round
from audit.operations import record
from notifications.operations import notify
from questionnaires import engine


class NotSubmittable(Exception):
    """The dossier is not being filled: submitted already, or over."""


class Incomplete(Exception):
    """Mandatory answers or evidence are missing. `keys` names the questions."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


class FilesWaiting(Exception):
    """Some files have not been scanned yet: filling goes on, submission waits."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


class GapsNotAcknowledged(Exception):
    """Mandatory requirements are unmet, and the publisher has not said that they know. `keys` names them."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


@transaction.atomic
def submit(*, dossier: Dossier, by: User, acknowledged: frozenset[str] = frozenset()) -> Submission:
    """Copy what is shown into a submission, and hand the dossier over to the reviewers.

    `acknowledged` are the keys of unmet requirements that the person was shown and accepted to file as
    gaps: one that appeared since is asked about. The row is locked before it is judged: two clicks, or
    two colleagues, cannot both submit. The caller has checked `policies.can_submit`.
    """
    dossier = lock_dossier(dossier)
    if dossier.state not in {Dossier.State.FILLING, Dossier.State.CORRECTIONS_ASKED}:
        raise NotSubmittable
    copy = working_copy(dossier)
    today = timezone.localdate()
    evaluation = copy.evaluate(today)
    check_submittable(copy, evaluation, acknowledged)
    submission = Submission.objects.create(
        dossier=dossier,
        number=dossier.submissions.count() + 1,
        submitted_at=timezone.now(),
        evaluated_on=today,
        submitted_by=by,
        acknowledged_gaps=len(evaluation.unmet),
    )
    _copy_items(submission, dossier, copy, evaluation)
    review = open_round(submission).review
    move(dossier, Dossier.State.SUBMITTED)
    record(
        "dossier.submitted",
        dossier,
        by=by,
        publisher=dossier.publisher_id,
        dossier=dossier.number,
        submission=submission.number,
        gaps=len(evaluation.unmet),
    )
    _tell_reviewers(review, dossier)
    _tell_team(dossier)
    return submission


def check_submittable(copy: Copy, evaluation: engine.Evaluation, acknowledged: frozenset[str]) -> None:
    """Raise what stops this copy from being filed: Incomplete, FilesWaiting or GapsNotAcknowledged."""
    if evaluation.incomplete:
        raise Incomplete(evaluation.incomplete)
    if waiting := waiting_keys(copy, evaluation):
        raise FilesWaiting(waiting)
    if unknown := tuple(key for key in evaluation.unmet if key not in acknowledged):
        raise GapsNotAcknowledged(unknown)


def waiting_keys(copy: Copy, evaluation: engine.Evaluation) -> tuple[str, ...]:
    """Shown questions with a file that has not been scanned yet."""
    return tuple(
        key
        for key, result in evaluation.questions.items()
        if result.shown and any(file.is_waiting for file in copy.state(key).files)
    )


def _copy_items(submission: Submission, dossier: Dossier, copy: Copy, evaluation: engine.Evaluation) -> None:
    """One item for each shown question that has an answer row; hidden answers are kept, never filed."""
    shown = [key for key in copy.states if evaluation.questions[key].shown]
    revisions = _current_revisions(dossier)
    items = SubmissionItem.objects.bulk_create(
        SubmissionItem(
            submission=submission,
            question_id=copy.edition.question_ids[key],
            revision_id=revisions[copy.edition.question_ids[key]],
        )
        for key in shown
    )
    SubmissionEvidence.objects.bulk_create(
        SubmissionEvidence(item=item, document_version=version)
        for key, item in zip(shown, items, strict=True)
        for version in copy.state(key).files
        if version.is_readable
    )


def _current_revisions(dossier: Dossier) -> Mapping[int, int]:
    """The id of the last revision of each answered question, by question id."""
    revisions = AnswerRevision.objects.filter(answer__assessment__dossier=dossier).order_by("number")
    return dict(revisions.values_list("answer__question_id", "pk"))


def _tell_reviewers(review: Review, dossier: Dossier) -> None:
    """Those in charge, if any; else everybody who may take it."""
    in_charge = User.objects.filter(pk__in=review.reviewer_ids, is_active=True)
    reviewers = (in_charge if in_charge.exists() else fit_for(review)).order_by("pk")
    words = {"number": dossier.number, "product": dossier.product.name}
    notify(
        reviewers,
        subject=_("Dossier %(number)s à instruire") % words,
        body=_("Le dossier %(number)s (%(product)s) vient d’être soumis.") % words,
        path=reverse("reviews:detail", args=[dossier.number]),
    )


def _tell_team(dossier: Dossier) -> None:
    words = {"number": dossier.number, "product": dossier.product.name}
    notify(
        dossier.team(),
        subject=_("Dossier %(number)s soumis") % words,
        body=_(
            "Le dossier %(number)s (%(product)s) a bien été soumis. Les examinateurs vont l’étudier ; "
            "vous serez prévenus de la suite."
        )
        % words,
        path=dossier.get_absolute_url(),
    )
