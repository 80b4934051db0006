"""Submit a dossier: an immutable copy is what is judged."""

from collections.abc import Mapping

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.answer_states import Copy
from assessments.filing import Filing
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


class NotSettled(Exception):
    """Items that were sent back have neither another answer, nor other files, nor a reply. `keys` names them."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


class NotReadAgain(Exception):
    """Answers that an edition asks to read again have been neither changed nor confirmed. `keys` names them."""

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

    The first time it is the whole working copy. Then it is what was filed, but for what the last round sent back and
    for what that reveals: see `filing.next_submission_copy`. The rest of the working copy stays pending.

    `acknowledged` are the keys of unmet requirements that the person was shown and accepted to file as
    gaps: one that appeared since is asked about. The row is locked before it is judged: two clicks, or
    two colleagues, cannot both submit. The caller has checked `policies.can_submit`.
    """
    dossier = lock_dossier(dossier)
    if dossier.state not in Dossier.SUBMITTABLE:
        raise NotSubmittable
    filing = Filing(dossier)
    if filing.unsettled:
        raise NotSettled(filing.unsettled)
    if filing.to_read_again:
        raise NotReadAgain(filing.to_read_again)
    evaluation = filing.next_evaluation
    check_submittable(filing.next_copy, evaluation, acknowledged)
    submission = Submission.objects.create(
        dossier=dossier,
        number=dossier.submissions.count() + 1,
        submitted_at=timezone.now(),
        evaluated_on=filing.today,
        submitted_by=by,
        acknowledged_gaps=len(evaluation.unmet),
    )
    _copy_items(submission, filing)
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


def _copy_items(submission: Submission, filing: Filing) -> None:
    """One item for each question to file; hidden answers are kept, never filed."""
    copy, question_ids = filing.next_copy, filing.working.edition.question_ids
    revisions = _revisions(filing.dossier)
    items = SubmissionItem.objects.bulk_create(
        SubmissionItem(
            submission=submission,
            question_id=question_ids[key],
            revision_id=revisions[question_ids[key], copy.state(key).revision],
        )
        for key in filing.to_file
    )
    SubmissionEvidence.objects.bulk_create(
        SubmissionEvidence(item=item, document_version_id=file.pk)
        for key, item in zip(filing.to_file, items, strict=True)
        for file in filing.files_to_file(key)
    )


def _revisions(dossier: Dossier) -> Mapping[tuple[int, int], int]:
    """The id of each revision of the dossier's answers, by question id and number."""
    revisions = AnswerRevision.objects.filter(answer__assessment__dossier=dossier)
    return {
        (question, number): pk for question, number, pk in revisions.values_list("answer__question_id", "number", "pk")
    }


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
