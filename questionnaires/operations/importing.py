"""Bring a questionnaire from a file: keep the file until its author has looked, then write it as a draft."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, nonmember

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from audit.operations import record
from questionnaires import engine, models
from questionnaires.exchange.reading import Reading
from questionnaires.fitting import misfits
from questionnaires.models import PublicationStatus
from questionnaires.operations.storing import AlreadyPublished, store_version
from questionnaires.rows import read_version


class DoesNotFit(Exception):
    """Texts, numbers or names that the database cannot hold; `reasons` are French sentences."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


class OtherQuestionnaire(Exception):
    """The code, or the address, is that of another questionnaire."""


class DraftThere(Exception):
    """A draft of that number says something else, and nobody said to replace it."""


class Standing(StrEnum):
    """What importing would do."""

    NEW = "new"
    SAME = "same"
    REPLACES = "replaces"
    PUBLISHED = "published"
    OTHER = "other"

    do_not_call_in_templates = nonmember(True)  # noqa: FBT003 — as Django's own choices say it


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What stands under the number of a file, and the keys that would come, go and change if it were replaced."""

    standing: Standing
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def outlook(reading: Reading) -> Outlook:
    """What importing would do now, without doing it."""
    content = reading.content
    if _is_taken(content):
        return Outlook(standing=Standing.OTHER)
    version = _versions(content).first()
    if version is None:
        return Outlook(standing=Standing.NEW)
    there = read_version(version)
    if there == content and (version.status != PublicationStatus.DRAFT or _says_the_same(version, reading)):
        return Outlook(standing=Standing.SAME)
    if version.status != PublicationStatus.DRAFT:
        return Outlook(standing=Standing.PUBLISHED)
    old = {each.key: each for each in there.questions()}
    new = {each.key: each for each in content.questions()}
    return Outlook(
        standing=Standing.REPLACES,
        added=tuple(key for key in new if key not in old),
        removed=tuple(key for key in old if key not in new),
        changed=tuple(key for key in new if key in old and new[key] != old[key]),
    )


@transaction.atomic
def import_version(reading: Reading, *, replace: bool, by: User | None) -> models.Version:
    """Write what was read as a draft. Importing what is there already changes nothing.

    `replace`: a draft of the same number may go. Raises DoesNotFit, OtherQuestionnaire, DraftThere, and
    AlreadyPublished: what was published is never replaced.
    """
    if reasons := misfits(reading.content):
        raise DoesNotFit(reasons)
    list(_versions(reading.content).select_for_update(of=("self",)))
    found = outlook(reading)
    if found.standing is Standing.SAME:
        return _versions(reading.content).get()
    if found.standing is Standing.OTHER:
        raise OtherQuestionnaire
    if found.standing is Standing.PUBLISHED:
        raise AlreadyPublished(f"{reading.content.code}@{reading.content.version}")
    if found.standing is Standing.REPLACES and not replace:
        raise DraftThere
    version = store_version(reading.content, source=reading.source)
    record(
        "questionnaire.imported",
        version,
        by=by,
        format=reading.format,
        content_hash=engine.questionnaire_hash(reading.content),
        replaced=found.standing is Standing.REPLACES,
    )
    return version


def _versions(content: engine.Questionnaire) -> QuerySet[models.Version]:
    return models.Version.objects.filter(questionnaire__code=content.code, number=content.version).select_related(
        "questionnaire"
    )


def _is_taken(content: engine.Questionnaire) -> bool:
    """Whether a questionnaire of that code, or at that address, is another one."""
    same = Q(code=content.code, slug=content.slug, kind=content.kind)
    return models.Questionnaire.objects.filter(Q(code=content.code) | Q(slug=content.slug)).exclude(same).exists()


def _says_the_same(version: models.Version, reading: Reading) -> bool:
    """A file that only changes comments changes something."""
    return not reading.source or reading.source == version.source


# --- Between the upload and the word --------------------------------------------------------------


@transaction.atomic
def keep_file(data: bytes, *, file_name: str, by: User) -> models.WaitingFile:
    """Keep a file for its author, in the place of what they brought before. Those whose time is over go."""
    models.WaitingFile.objects.filter(Q(expires_at__lte=timezone.now()) | Q(author=by)).delete()
    until = timezone.now() + timedelta(days=settings.IMPORT_KEPT_DAYS)
    return models.WaitingFile.objects.create(author=by, data=data, file_name=file_name, expires_at=until)


@transaction.atomic
def import_waiting(kept: models.WaitingFile, reading: Reading, *, replace: bool, by: User) -> models.Version:
    """Import what was read of the file, which then goes. Raises as import_version() does."""
    version = import_version(reading, replace=replace, by=by)
    kept.delete()
    return version
