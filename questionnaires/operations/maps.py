"""Write what becomes of the questions of the version before: the map of a draft."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from accounts.models import User
from audit.operations import record
from questionnaires import engine
from questionnaires.migration_rows import write_migration
from questionnaires.models import Version
from questionnaires.operations.drafts import lock_version
from questionnaires.queries import version_before
from questionnaires.rows import read_version, read_versions


class NothingBefore(Exception):
    """The questionnaire has no published version: nothing becomes anything."""


class MapChangedMeanwhile(Exception):
    """Somebody said otherwise of that question after the person had opened it."""


@transaction.atomic
def refresh_map(version: Version, *, by: User) -> engine.Migration:
    """Bring the map to what the draft says now; what people decided stays. Raises NotADraft, NothingBefore."""
    version = lock_version(version)
    before = version_before(version.questionnaire)
    if before is None:
        raise NothingBefore
    old, new = read_versions([before, version])
    migration = engine.refreshed(new.migration, old, new)
    if migration != new.migration:
        write_migration(version, migration)
        record("map.refreshed", version, by=by, source=str(before))
    return migration


@transaction.atomic
def save_move(
    *,
    version: Version,
    source: str,
    operation: engine.Operation,
    targets: Sequence[str],
    choices: Sequence[engine.ChoiceMove],
    why: str,
    seen: engine.Move | None,
    by: User,
) -> None:
    """Say what becomes of one old question. `seen` is the line that the person had before them.

    Raises NotADraft, NothingBefore, MapChangedMeanwhile.
    """
    version = lock_version(version)
    migration = read_version(version).migration
    if migration is None:
        raise NothingBefore
    if engine.move_of(migration, source) != seen:
        raise MapChangedMeanwhile
    changed = engine.with_move(migration, source, operation, targets, choices, why)
    if changed != migration:
        write_migration(version, changed)
        record("map.saved", version, by=by, question=source, operation=operation, targets=list(targets))


@transaction.atomic
def save_grace(version: Version, *, days: int, by: User) -> None:
    """Say how long dossiers have to follow. Raises NotADraft, NothingBefore."""
    version = lock_version(version)
    migration = read_version(version).migration
    if migration is None:
        raise NothingBefore
    if migration.grace_days != days:
        write_migration(version, replace(migration, grace_days=days))
        record("map.saved", version, by=by, days=days)
