"""Begin the next edition from one that is published."""

from dataclasses import replace

from django.db import IntegrityError, transaction

from accounts.models import User
from audit.operations import record
from questionnaires import engine
from questionnaires.exchange.yaml_text import questionnaire_yaml
from questionnaires.models import Edition, EditionVersion, Version
from questionnaires.operations.drafts import lock_edition
from questionnaires.queries import version_before
from questionnaires.rows import read_version, write_version


class EditionTaken(Exception):
    """An edition has this code, or a version the number that would follow from it."""


class QuestionnaireThere(Exception):
    """The edition holds a version of this questionnaire already."""


@transaction.atomic
def begin_edition(*, source: Edition, code: str, title: str, by: User) -> Edition:
    """A draft with the flags of `source` and a draft copy of each of its versions, numbered « <code>.1 ».

    Raises EditionTaken.
    """
    number = f"{code}.1"
    try:
        with transaction.atomic():
            edition = Edition.objects.create(code=code, title=title, disclaimer=source.disclaimer)
            for entry in source.entries.select_related("version__questionnaire"):
                version = _copied(entry.version, number)
                edition.entries.create(
                    questionnaire_id=entry.questionnaire_id, version=version, position=entry.position
                )
    except IntegrityError as error:
        raise EditionTaken from error
    for flag in source.flags.all():
        edition.flags.create(position=flag.position, name=flag.name, meaning=flag.meaning, condition=flag.condition)
    record("edition.begun", edition, by=by, source=source.code)
    return edition


def _copied(version: Version, number: str) -> Version:
    """The same content under another number, its text with its comments, and a map from the version before."""
    content = replace(read_version(version), version=number, migration=None)
    # Answers come from what is published last, be it another version than the one that is copied.
    before = version_before(version.questionnaire)
    new = replace(content, migration=engine.proposed_migration(read_version(before), content)) if before else content
    copy = Version.objects.create(
        questionnaire=version.questionnaire,
        number=number,
        title=version.title,
        description=version.description,
        source=questionnaire_yaml(new, version.source),
    )
    write_version(copy, new)
    return copy


@transaction.atomic
def enter_version(*, edition: Edition, version: Version, by: User) -> None:
    """Let a draft edition hold a version, after the others: of a questionnaire that it does not hold yet.

    Raises NotADraft, QuestionnaireThere.
    """
    edition = lock_edition(edition)
    last = edition.entries.order_by("-position").values_list("position", flat=True).first() or 0
    try:
        with transaction.atomic():
            EditionVersion.objects.create(
                edition=edition, version=version, questionnaire_id=version.questionnaire_id, position=last + 1
            )
    except IntegrityError as error:
        raise QuestionnaireThere from error
    record("edition.version_entered", edition, by=by, version=str(version))


@transaction.atomic
def rename_edition(*, edition: Edition, title: str, disclaimer: str, by: User) -> Edition:
    """Change what a draft edition is called, and its word to the reader. Raises NotADraft."""
    edition = lock_edition(edition)
    if (edition.title, edition.disclaimer) != (title, disclaimer):
        edition.title, edition.disclaimer = title, disclaimer
        edition.save(update_fields=["title", "disclaimer"])
        record("edition.renamed", edition, by=by)
    return edition
