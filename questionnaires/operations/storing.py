"""Write the content of files as drafts."""

from collections.abc import Sequence

from django.db import transaction

from questionnaires import engine, models
from questionnaires.models import PublicationStatus
from questionnaires.queries import without_disclaimer
from questionnaires.rows import write_version
from questionnaires.source_files import EditionTexts

NO_TEXTS = EditionTexts()


class AlreadyPublished(Exception):
    """The file differs from a version that was published under the same number."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} was published with another content: give the new one a new number.")


@transaction.atomic
def store_version(content: engine.Questionnaire, *, source: str = "") -> models.Version:
    """Write a questionnaire version as a draft, or find it unchanged.

    `source` is the YAML that `content` was read from. Without it, as from a workbook, the draft keeps the text that it
    had: what did not change is written back with its comments.
    A draft of the same number is replaced. Raises AlreadyPublished when that number was published
    with another content.
    """
    questionnaire, _ = models.Questionnaire.objects.get_or_create(
        code=content.code, defaults={"slug": content.slug, "kind": content.kind}
    )
    version, _ = models.Version.objects.select_for_update(of=("self",)).get_or_create(
        questionnaire=questionnaire, number=content.version, defaults={"title": content.title}
    )
    if version.status != PublicationStatus.DRAFT:
        if version.content_hash != engine.questionnaire_hash(content):
            raise AlreadyPublished(str(version))
        return version
    version.title, version.description = content.title, content.description
    version.source = source or version.source
    version.save(update_fields=["title", "description", "source"])
    write_version(version, content)
    return version


@transaction.atomic
def store_edition(content: engine.Edition, texts: EditionTexts = NO_TEXTS) -> models.Edition:
    """Write an edition and its versions as drafts, with their texts, or find them unchanged. Raises
    AlreadyPublished."""
    edition, _ = models.Edition.objects.select_for_update().get_or_create(
        code=content.code, defaults={"title": content.title, "disclaimer": content.disclaimer}
    )
    if edition.status != PublicationStatus.DRAFT:
        if edition.content_hash != engine.content_hash(without_disclaimer(content)):
            raise AlreadyPublished(f"Edition {edition.code}")
        if content.effective_on not in {None, edition.effective_on}:
            raise AlreadyPublished(f"Edition {edition.code}")
        return edition
    versions = [store_version(each, source=texts.versions.get(each.code, "")) for each in content.questionnaires]
    edition.title, edition.disclaimer = content.title, content.disclaimer
    edition.source = texts.edition or edition.source
    # A file that names no day leaves the one that was proposed.
    edition.effective_on = content.effective_on or edition.effective_on
    edition.save(update_fields=["title", "disclaimer", "source", "effective_on"])
    _write_entries(edition, versions)
    _write_flags(edition, content.flags)
    return edition


def _write_entries(edition: models.Edition, versions: Sequence[models.Version]) -> None:
    edition.entries.all().delete()
    models.EditionVersion.objects.bulk_create(
        models.EditionVersion(
            edition=edition, questionnaire_id=version.questionnaire_id, version=version, position=position
        )
        for position, version in enumerate(versions, start=1)
    )


def _write_flags(edition: models.Edition, flags: Sequence[engine.Flag]) -> None:
    edition.flags.all().delete()
    models.Flag.objects.bulk_create(
        models.Flag(edition=edition, position=position, name=flag.name, meaning=flag.meaning, condition=flag.condition)
        for position, flag in enumerate(flags, start=1)
    )
