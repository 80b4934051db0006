"""Publish what holds, retire what has been replaced."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.operations import record
from questionnaires import engine, models
from questionnaires.models import PublicationStatus
from questionnaires.operations.drafts import lock_edition
from questionnaires.queries import applies_from, edition_in_force, last_edition, predecessors, read_edition
from questionnaires.rows import read_version


class NotProposed(Exception):
    """Nobody proposed the edition as it is now: never, or it was changed since."""


class NeedsSomebodyElse(Exception):
    """Whoever proposed an edition does not approve it."""


class TooEarly(Exception):
    """It would apply before `standing`, which it follows."""

    def __init__(self, standing: models.Edition) -> None:
        super().__init__(standing.code)
        self.standing = standing


@transaction.atomic
def propose_edition(edition: models.Edition, *, effective_on: date, by: User) -> models.Edition:
    """Ask somebody else to publish the draft as it is now, to be followed from that day on.

    Proposing again replaces the proposal. Raises NotADraft, TooEarly: an edition follows the last one published, whose
    questions its maps start from; and engine.DefinitionErrors as publish_edition() would.
    """
    edition = lock_edition(edition)
    last = last_edition()
    if last is not None and effective_on < applies_from(last):
        raise TooEarly(last)
    edition.proposed_hash = _examined(edition).hash
    edition.proposed_at, edition.proposed_by, edition.effective_on = timezone.now(), by, effective_on
    edition.save(update_fields=["proposed_hash", "proposed_at", "proposed_by", "effective_on"])
    record(
        "edition.proposed",
        edition,
        by=by,
        content_hash=edition.proposed_hash,
        effective_on=effective_on.isoformat(),
    )
    return edition


@transaction.atomic
def publish_edition(edition: models.Edition, *, by: User | None) -> models.Edition:
    """Compile the edition and freeze it with its versions. Publishing twice is publishing once.

    A person publishes what somebody else proposed, and nothing else: raises NotProposed and NeedsSomebodyElse. `by`
    None is whoever runs the portal, whose files were read by two people before. Raises engine.DefinitionErrors, with
    everything that engine.examine() says is wrong, when the edition does not hold.
    """
    edition = models.Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.status != PublicationStatus.DRAFT:
        return edition
    _lock_versions(edition)
    definition = _examined(edition)
    if by is not None:
        if edition.proposed_hash != definition.hash:
            raise NotProposed
        if edition.proposed_by_id == by.pk:
            raise NeedsSomebodyElse
    for entry in edition.entries.select_related("version__questionnaire"):
        _freeze_version(entry.version)
    edition.status = PublicationStatus.PUBLISHED
    edition.content_hash = definition.hash
    edition.published_at = timezone.now()
    edition.published_by = by
    edition.save(update_fields=["status", "content_hash", "published_at", "published_by"])
    record("edition.published", edition, by=by, content_hash=definition.hash)
    return edition


def _lock_versions(edition: models.Edition) -> None:
    """So that nobody saves between what is examined and what is frozen."""
    held = models.Version.objects.filter(pk__in=edition.entries.values("version"))
    list(held.select_for_update().order_by("pk"))


def _examined(edition: models.Edition) -> engine.Definition:
    """The compiled edition; engine.DefinitionErrors when it may not be published."""
    content = read_edition(edition)
    if errors := engine.examine(content, predecessors(edition)).errors:
        raise engine.DefinitionErrors(errors)
    return engine.compile_edition(content)


class StillInForce(Exception):
    """New dossiers open on this edition: another has to take its place first."""


@transaction.atomic
def retire_edition(edition: models.Edition, *, by: User) -> models.Edition:
    """Open no new dossier on it. Those that are pinned to it keep it. Retiring twice is retiring once.

    Nothing but a published edition is retired. Raises StillInForce for the one that new dossiers open on: nobody could
    open any.
    """
    edition = models.Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.status == PublicationStatus.PUBLISHED:
        if edition == edition_in_force(timezone.localdate()):
            raise StillInForce
        edition.status = PublicationStatus.RETIRED
        edition.save(update_fields=["status"])
        record("edition.retired", edition, by=by)
    return edition


@transaction.atomic
def publish_diagnostic(version: models.Version, *, by: User | None) -> models.Version:
    """Compile a diagnostic and freeze it. Raises engine.DefinitionErrors when it does not hold."""
    version = models.Version.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=version.pk)
    if version.status != PublicationStatus.DRAFT:
        return version
    engine.compile_diagnostic(read_version(version))
    _freeze_version(version)
    record("diagnostic.published", version, by=by, content_hash=version.content_hash)
    return version


def _freeze_version(version: models.Version) -> None:
    """A version may already be frozen: two editions can hold the same one."""
    if version.status != PublicationStatus.DRAFT:
        return
    version.content_hash = engine.questionnaire_hash(read_version(version))
    version.status = PublicationStatus.PUBLISHED
    version.published_at = timezone.now()
    version.save(update_fields=["content_hash", "status", "published_at"])
