"""Published questionnaires, compiled once per process."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from django.db.models import Case, F, QuerySet, When
from django.utils import timezone

from questionnaires import engine, models
from questionnaires.library import Library
from questionnaires.rows import read_version, read_versions

# Compiled editions that a process holds: one a year, and the public library reads them all.
KEPT = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEdition:
    """A compiled edition, and the rows that its keys stand for. Published, or a draft that is tried: see `drafted`."""

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
        questionnaires=tuple(read_versions([entry.version for entry in entries])),
        flags=tuple(
            engine.Flag(name=flag.name, meaning=flag.meaning, condition=flag.condition) for flag in edition.flags.all()
        ),
        effective_on=edition.effective_on,
    )


def edition_around(version: models.Version) -> models.Edition | None:
    """The edition in which a version's conditions are read: the draft that holds it, else the last that does."""
    is_draft_first = Case(When(status=models.PublicationStatus.DRAFT, then=0), default=1)
    return version.editions.order_by(is_draft_first, "-pk").first()


def edition_in_force(today: date) -> models.Edition | None:
    """The edition that dossiers open on: of those published and not retired, the last one that applies by now.

    One without a day of its own applies from its publication. None while there is none.
    """
    standing = _by_day(models.PublicationStatus.PUBLISHED)
    return next((each for each in reversed(standing) if applies_from(each) <= today), None)


def last_edition() -> models.Edition | None:
    """Of those that are published, the one that applies last, be it from a day to come. None while there is none."""
    return next(reversed(_by_day(models.PublicationStatus.PUBLISHED)), None)


def editions_after(edition: models.Edition) -> list[models.Edition]:
    """The editions that replace this one, the nearest first, those announced for a later day included."""
    in_order = _by_day(*models.PublicationStatus.values)
    if edition not in in_order:
        return []
    after = in_order[in_order.index(edition) + 1 :]
    return [each for each in after if each.status == models.PublicationStatus.PUBLISHED]


def applies_from(edition: models.Edition) -> date:
    """The day from which a published edition is the one to follow."""
    if edition.effective_on is not None:
        return edition.effective_on
    assert edition.published_at is not None, "a draft applies to nobody"
    return timezone.localdate(edition.published_at)


def _by_day(*statuses: str) -> list[models.Edition]:
    """Those that were published and are in one of these states, in the order of the days from which they apply.
    There are a few: one a year."""
    published = models.Edition.objects.filter(status__in=statuses, published_at__isnull=False)
    return sorted(published.order_by("published_at", "pk"), key=applies_from)


def version_before(questionnaire: models.Questionnaire) -> models.Version | None:
    """The version that a draft of this questionnaire follows: the last published."""
    published = models.Version.objects.exclude(status=models.PublicationStatus.DRAFT)
    same = published.filter(questionnaire=questionnaire).select_related("questionnaire")
    return same.order_by("-published_at", "-pk").first()


def predecessors(edition: models.Edition) -> dict[str, engine.Questionnaire]:
    """What is published of the questionnaires of an edition, by « SEC@2026.1 », in the order of publication."""
    versions = (
        models.Version.objects.exclude(status=models.PublicationStatus.DRAFT)
        .filter(questionnaire__in=edition.entries.values("questionnaire"))
        .select_related("questionnaire")
        .order_by("published_at", "pk")
    )
    return {content.name: content for content in read_versions(list(versions))}


def versions_between(old: engine.Questionnaire, new: engine.Questionnaire) -> tuple[engine.Questionnaire, ...]:
    """The versions from one to the other, both included, each following the one before by its map.

    None is read from the database but those in between. ValueError when `new` does not come from `old`.
    """
    chain = [new]
    while chain[0].name != old.name:
        first = chain[0].migration
        if first is None:
            raise ValueError(engine.NO_MAP.format(new=new.name, old=old.name))
        chain.insert(0, old if first.from_version == old.name else _version_named(first.from_version))
    return tuple(chain)


def _version_named(name: str) -> engine.Questionnaire:
    code, number = name.split("@", 1)
    return read_version(
        models.Version.objects.select_related("questionnaire").get(questionnaire__code=code, number=number)
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
    return _with_rows(edition_id, definition)


def drafted(edition: models.Edition) -> PublishedEdition:
    """A draft in the same form, as its rows are now: it changes, and is never kept. Raises engine.DefinitionErrors
    when it does not compile, or does not say what becomes of every answer given until now."""
    content = read_edition(edition)
    definition = engine.compile_edition(content)
    if errors := engine.check_succession(_as_if_explained(content), predecessors(edition)).errors:
        raise engine.DefinitionErrors(errors)
    return _with_rows(edition.pk, definition)


def _as_if_explained(edition: engine.Edition) -> engine.Edition:
    """The reasons of a map may come last: they change no answer."""
    return replace(
        edition,
        questionnaires=tuple(
            replace(
                each,
                migration=replace(
                    each.migration, moves=tuple(replace(move, why=move.why or "…") for move in each.migration.moves)
                ),
            )
            if each.migration
            else each
            for each in edition.questionnaires
        ),
    )


def _with_rows(edition_id: int, definition: engine.Definition) -> PublishedEdition:
    questions = models.Question.objects.filter(theme__version__editions=edition_id).values_list("key", "pk")
    ids = dict(questions)
    versions = models.EditionVersion.objects.filter(edition=edition_id)
    return PublishedEdition(
        definition=definition,
        question_ids=ids,
        keys={pk: key for key, pk in ids.items()},
        version_ids=dict(versions.values_list("questionnaire__code", "version_id")),
    )


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
