"""Put a document's new version where an older one stands, wherever the answer can still change."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.db import transaction

from accounts.models import User
from assessments import policies
from assessments.answer_states import Copy
from assessments.file_rules import accepted_formats, is_full
from assessments.filing import Filing
from assessments.models import Attachment, Dossier
from assessments.operations.answers import link, lock_dossier, unlink
from evidence.models import DocumentVersion


class NotReadable(Exception):
    """A version that is not cleared, or was refused, takes nobody's place."""


class Kept(StrEnum):
    """Why an older version stays where it is."""

    CLOSED = "closed"  # the dossier is over, or the person may only read it
    HIDDEN = "hidden"  # the question is not asked any more
    FORMAT = "format"  # the question takes no file of this type
    FULL = "full"  # the one that it would replace was refused, and the question has all its files without it


@dataclass(frozen=True, slots=True)
class Place:
    """One answer that holds the document."""

    dossier: Dossier
    key: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """Where the new version stands now, and where it does not and why."""

    done: list[Place] = field(default_factory=list)
    kept: list[tuple[Place, Kept]] = field(default_factory=list)


def use_everywhere(*, version: DocumentVersion, by: User) -> Replacement:
    """Attach `version` and remove the earlier ones, in every open question of the person's dossiers.

    One transaction per dossier: what is done in one stays done should the next one fail, and doing all again goes on.
    Raises NotReadable. The caller has checked `accounts.policies.can_fill`.
    """
    if not version.is_readable:
        raise NotReadable
    replacement = Replacement()
    for dossier in dossiers_holding_older(version, by):
        _use_in(dossier, version, by, replacement)
    return replacement


def dossiers_holding_older(version: DocumentVersion, user: User) -> list[Dossier]:
    """The person's dossiers in which an earlier version of the same document stands."""
    older = Attachment.objects.filter(
        removed_at=None,
        answer__assessment__replaced_by=None,
        document_version__document=version.document_id,
        document_version__number__lt=version.number,
    )
    visible = Dossier.objects.visible_to(user).filter(pk__in=older.values("answer__assessment__dossier"))
    return list(visible.select_related("product").order_by("pk"))


@transaction.atomic
def _use_in(dossier: Dossier, version: DocumentVersion, by: User, replacement: Replacement) -> None:
    dossier = lock_dossier(dossier)
    filing = Filing(dossier)
    copy = filing.working
    open_keys = policies.open_keys(filing) if policies.can_fill(by, dossier) else frozenset()
    done, kept = [], []
    for key, attachments in filing.attachments.items():
        older = [each for each in attachments if _is_older(each, version)]
        if not older:
            continue
        if reason := _why_kept(copy, key, version, open_keys, shown=filing.result(key).shown):
            kept.append((Place(dossier, key), reason))
            continue
        # Judged once for all the questions: evaluating again for each would keep the person waiting.
        link(dossier=dossier, edition=copy.edition, key=key, version=version, by=by)
        for each in older:
            unlink(dossier=dossier, key=key, attachment=each, by=by)
        done.append(Place(dossier, key))
    replacement.done.extend(done)
    replacement.kept.extend(kept)


def _is_older(attachment: Attachment, version: DocumentVersion) -> bool:
    standing = attachment.document_version
    return standing.document_id == version.document_id and standing.number < version.number


def _why_kept(copy: Copy, key: str, version: DocumentVersion, open_keys: frozenset[str], *, shown: bool) -> Kept | None:
    if not shown:
        return Kept.HIDDEN
    if key not in open_keys:
        return Kept.CLOSED
    question = copy.definition.questions[key]
    if not version.original_name.lower().endswith(accepted_formats(question)):
        return Kept.FORMAT
    if is_full(question, (file for file in copy.state(key).files if file.document_id != version.document_id)):
        return Kept.FULL
    return None
