"""Write and withdraw the notes that reviewers keep among themselves."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments.models import Review, ReviewNote
from audit.operations import record


@transaction.atomic
def write_note(*, review: Review, text: str, by: User, question_id: int | None = None) -> ReviewNote:
    """Add a note on one question of the dossier, or on the whole of it. `text` is not blank.

    Also on a review that is closed: what was learnt there serves the next one. Nobody is notified. The caller has read
    the review through `visible_to`. Needs `dossier__product` loaded.
    """
    note = ReviewNote.objects.create(
        review=review, question_id=question_id, author=by, text=text, written_at=timezone.now()
    )
    # Its words stay out of the trail, which lasts longer than the note.
    record("note.written", note, by=by, publisher=review.dossier.publisher_id, dossier=review.dossier.number)
    return note


@transaction.atomic
def withdraw_note(note: ReviewNote, *, by: User) -> None:
    """Hide a note for good. Withdrawn already, nothing happens. The caller has checked that `by` wrote it."""
    dossier = note.review.dossier
    if ReviewNote.objects.filter(pk=note.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        record("note.withdrawn", note, by=by, publisher=dossier.publisher_id, dossier=dossier.number)
