"""Keep what is typed and cannot be an answer yet, and let it go."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments import policies
from assessments.filing import Filing
from assessments.models import Dossier, Draft
from assessments.operations.answers import NotOpen, lock_dossier
from questionnaires.queries import published


@transaction.atomic
def keep_draft(
    *, dossier: Dossier, key: str, typed: Mapping[str, Sequence[str]], base_revision: int, by: User
) -> Draft:
    """Replace the person's draft of this question. One that does not apply by now is kept for the day it applies again.
    Raises NotOpen, as a save would.
    """
    dossier = lock_dossier(dossier)
    edition = published(dossier.edition)
    if key not in edition.question_ids:
        raise NotOpen
    filing = Filing(dossier, keys=edition.definition.around(key))
    is_shut = filing.result(key).shown and key not in policies.open_keys(filing)
    if is_shut or dossier.state not in Dossier.WRITABLE:
        raise NotOpen
    draft, _ = Draft.objects.update_or_create(
        dossier=dossier,
        question_id=edition.question_ids[key],
        author=by,
        defaults={
            "typed": {name: list(texts) for name, texts in typed.items()},
            "base_revision": base_revision,
            "saved_at": timezone.now(),
        },
    )
    return draft


def drop_draft(*, dossier: Dossier, key: str, by: User) -> None:
    """The person gives up what they typed. Giving up twice is giving up once."""
    Draft.objects.filter(dossier=dossier, question__key=key, author=by).delete()
