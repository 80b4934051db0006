"""The draft that an operation writes in: locked, so that two people who write at once come one after the other."""

from questionnaires.models import Edition, PublicationStatus, Version


class NotADraft(Exception):
    """It is published, or was: nothing of it changes any more."""


def lock_version(version: Version) -> Version:
    """The draft, locked until the transaction ends. Raises NotADraft."""
    locked = Version.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=version.pk)
    if locked.status != PublicationStatus.DRAFT:
        raise NotADraft
    return locked


def lock_edition(edition: Edition) -> Edition:
    """The same, for an edition."""
    locked = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    if locked.status != PublicationStatus.DRAFT:
        raise NotADraft
    return locked
