"""Published questionnaires, compiled once per process."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from django.conf import settings
from django.db.models import F, QuerySet

from questionnaires import engine, models
from questionnaires.library import Library
from questionnaires.rows import read_version

# Compiled editions that a process holds: one a year, and the public library reads them all.
KEPT = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEdition:
    """A compiled edition, and the rows that its keys stand for."""

    definition: engine.Definition
    question_ids: Mapping[str, int]
    keys: Mapping[int, str]
    version_ids: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDiagnostic:
    """The compiled diagnostic, and the version that its rows belong to."""

    version_id: int
    compiled: engine.CompiledDiagnostic


def read_edition(edition: models.Edition) -> engine.Edition:
    """Read an edition, draft or not, from its rows. The disclaimer is left out: it is a word to the
    reader, editable after publication, and no part of what is hashed."""
    entries = edition.entries.select_related("version__questionnaire")
    return engine.Edition(
        code=edition.code,
        title=edition.title,
        questionnaires=tuple(read_version(entry.version) for entry in entries),
        flags=tuple(
            engine.Flag(name=flag.name, meaning=flag.meaning, condition=flag.condition) for flag in edition.flags.all()
        ),
    )


def without_disclaimer(edition: engine.Edition) -> engine.Edition:
    """The edition as it is hashed and compiled."""
    return replace(edition, disclaimer="")


def published(edition: models.Edition) -> PublishedEdition:
    """The compiled form of a published edition: read from the database once per process."""
    return _published(edition.pk, edition.content_hash)


@lru_cache(maxsize=KEPT)
def _published(edition_id: int, content_hash: str) -> PublishedEdition:
    edition = models.Edition.objects.get(pk=edition_id)
    definition = engine.compile_edition(read_edition(edition))
    if definition.hash != content_hash:
        raise RuntimeError(f"Edition {edition.code} is not what was published: its rows were altered.")
    questions = models.Question.objects.filter(theme__version__editions=edition_id).values_list("key", "pk")
    ids = dict(questions)
    versions = models.EditionVersion.objects.filter(edition=edition_id)
    return PublishedEdition(
        definition=definition,
        question_ids=ids,
        keys={pk: key for key, pk in ids.items()},
        version_ids=dict(versions.values_list("questionnaire__code", "version_id")),
    )


def edition_in_force() -> models.Edition | None:
    """The edition that new dossiers open on. None while nothing is published under its code."""
    return readable_editions().filter(code=settings.CURRENT_EDITION, status=models.PublicationStatus.PUBLISHED).first()


def readable_editions() -> QuerySet[models.Edition]:
    """Those that anybody may read, the latest first: published, and for life, retired since."""
    return models.Edition.objects.exclude(status=models.PublicationStatus.DRAFT).order_by("-published_at", "-pk")


def library_of(edition: models.Edition) -> Library:
    """The requirements of a published edition, indexed once per process."""
    return _library(edition.pk, edition.content_hash)


@lru_cache(maxsize=KEPT)
def _library(edition_id: int, content_hash: str) -> Library:
    return Library.of(_published(edition_id, content_hash).definition)


def first_with_this_version(
    edition: models.Edition, questionnaire: str, among: Iterable[models.Edition]
) -> models.Edition:
    """The oldest edition that holds the very version of the questionnaire that this one does: that never changes."""
    version = published(edition).version_ids[questionnaire]
    same = (each for each in among if published(each).version_ids.get(questionnaire) == version)
    return min(same, key=lambda each: (each.published_at, each.pk), default=edition)


def published_diagnostic() -> PublishedDiagnostic | None:
    """The diagnostic in force: the last one published. None while there is none."""
    version = (
        models.Version.objects.filter(
            questionnaire__kind=models.Questionnaire.Kind.DIAGNOSTIC, status=models.PublicationStatus.PUBLISHED
        )
        .order_by(F("published_at").desc(), "-pk")
        .first()
    )
    return _published_diagnostic(version.pk, version.content_hash) if version else None


@lru_cache(maxsize=2)
def _published_diagnostic(version_id: int, content_hash: str) -> PublishedDiagnostic:
    version = models.Version.objects.select_related("questionnaire").get(pk=version_id)
    return PublishedDiagnostic(version_id=version_id, compiled=engine.compile_diagnostic(read_version(version)))
