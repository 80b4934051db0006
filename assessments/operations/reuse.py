"""Take answers and files up from another dossier of the publisher, and say later that they are still true."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from assessments import policies
from assessments.filing import Filing
from assessments.models import AnswerOrigin, AnswerRevision, Dossier
from assessments.operations.answers import Entry, NotOpen, link, lock_dossier, store
from assessments.reuse import Proposal, reuse_from
from audit.operations import record
from evidence.models import DocumentVersion


class NotThisPublishersDossier(Exception):
    """Nothing crosses from one publisher to another."""


@transaction.atomic
def take_up(*, dossier: Dossier, source: Dossier, bases: Mapping[str, int], by: User) -> tuple[str, ...]:
    """Save as this person's the answers of `source` to these questions, with their files and where they come from.

    `bases` gives by key the revision that the person had before them: a question that somebody answered since is left
    as it is, like one that cannot be taken up or is not open. Returns the keys that were taken up. The caller has
    checked that the source is visible to the person. Raises NotThisPublishersDossier.
    """
    dossier = lock_dossier(dossier)
    if source.publisher_id != dossier.publisher_id:
        raise NotThisPublishersDossier
    filing = Filing(dossier)
    picked = {
        each.key: each
        for each in reuse_from(source, filing, by).offered
        if bases.get(each.key) == each.current.revision
    }
    revisions = _take_all(filing, picked, by=by)
    if revisions:
        _tell_origins(source, revisions)
        record(
            "answers.reused",
            dossier,
            by=by,
            publisher=dossier.publisher_id,
            dossier=dossier.number,
            source=source.number,
            questions=list(revisions),
        )
    return tuple(revisions)


def _take_all(filing: Filing, picked: Mapping[str, Proposal], *, by: User) -> dict[str, AnswerRevision]:
    """Write what is open, then what that opened, until nothing more is. Returns the new revisions by key."""
    at, written = timezone.now(), dict[str, AnswerRevision]()
    versions = DocumentVersion.objects.in_bulk({file.pk for each in picked.values() for file in each.files})
    while new := policies.open_keys(filing) & (picked.keys() - written.keys()):
        # In the order of the edition.
        for key in [key for key in picked if key in new]:
            theirs = picked[key].theirs
            filing, written[key] = store(filing, key=key, entry=Entry.of(theirs), by=by, at=at)
            for file in picked[key].files:
                link(dossier=filing.dossier, edition=filing.working.edition, key=key, version=versions[file.pk], by=by)
    return written


def _tell_origins(source: Dossier, revisions: Mapping[str, AnswerRevision]) -> None:
    theirs = AnswerRevision.objects.filter(
        answer__assessment__dossier=source,
        answer__assessment__replaced_by=None,
        answer__question__key__in=revisions,
        number=F("answer__revision"),
    )
    origins = dict(theirs.values_list("answer__question__key", "pk"))
    AnswerOrigin.objects.bulk_create(
        AnswerOrigin(revision=revision, source_id=origins[key]) for key, revision in revisions.items()
    )


@transaction.atomic
def confirm(*, dossier: Dossier, key: str, by: User) -> None:
    """Say that an answer taken up from elsewhere is true here too. Doing it twice is doing it once. Raises NotOpen."""
    dossier = lock_dossier(dossier)
    filing = Filing(dossier)
    if key not in policies.open_keys(filing):
        raise NotOpen
    origin = filing.origins.get(key)
    if origin is None:
        return
    origin.confirmed_at, origin.confirmed_by = timezone.now(), by
    origin.save(update_fields=["confirmed_at", "confirmed_by"])
    record("answer.confirmed", dossier, by=by, publisher=dossier.publisher_id, dossier=dossier.number, question=key)
