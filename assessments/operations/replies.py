"""Answer in words what the reviewers refused or asked about."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments.filing import Filing
from assessments.models import Dossier, Reply
from assessments.operations.answers import lock_dossier
from audit.operations import record


class NotAsked(Exception):
    """The reviewers wait for no reply to this question: it was not sent back, or the dossier left again."""


@transaction.atomic
def reply(*, dossier: Dossier, key: str, text: str, by: User) -> Reply:
    """Write to the reviewers about one question of the last round; they read it with the next submission.

    Several may be written, none is changed. `text` is not blank. The dossier's row is locked first, so that no reply
    slips in beside a submission. The caller has checked `policies.can_fill`. Raises NotAsked.
    """
    dossier = lock_dossier(dossier)
    verdict = Filing(dossier).sent_back.get(key)
    if verdict is None:
        raise NotAsked
    written = Reply.objects.create(verdict=verdict, text=text, written_at=timezone.now(), written_by=by)
    record(
        "reply.written",
        dossier,
        by=by,
        publisher=dossier.publisher_id,
        dossier=dossier.number,
        question=key,
    )
    return written
