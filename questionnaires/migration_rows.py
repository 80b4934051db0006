"""Between the rows of a map and the engine's dataclasses, both ways, without loss."""

from questionnaires import engine, models


def read_migration(version: models.Version) -> engine.Migration | None:
    """The map of a version; None where no version comes before it."""
    row = getattr(version, "migration_map", None)
    if row is None:
        return None
    return engine.Migration(
        from_version=row.from_version,
        grace_days=row.grace_days,
        moves=tuple(_read_move(move) for move in row.moves.all()),
    )


def _read_move(row: models.MigrationMove) -> engine.Move:
    return engine.Move(
        operation=engine.Operation(row.operation),
        sources=tuple(each.key for each in row.sources.all()),
        targets=tuple(each.key for each in row.targets.all()),
        choices=tuple(
            engine.ChoiceMove(source=each.source, target=each.target, old=each.old, new=each.new)
            for each in row.choices.all()
        ),
        why=row.why,
    )


def write_migration(version: models.Version, migration: engine.Migration | None) -> None:
    """Replace the map of a draft version."""
    models.MigrationMap.objects.filter(version=version).delete()
    if migration is None:
        return
    row = models.MigrationMap.objects.create(
        version=version, from_version=migration.from_version, grace_days=migration.grace_days
    )
    moves = models.MigrationMove.objects.bulk_create(
        models.MigrationMove(map=row, position=position, operation=move.operation, why=move.why)
        for position, move in enumerate(migration.moves, start=1)
    )
    pairs = list(zip(moves, migration.moves, strict=True))
    models.MigrationSource.objects.bulk_create(
        models.MigrationSource(map=row, move=move, position=position, key=key)
        for move, content in pairs
        for position, key in enumerate(content.sources, start=1)
    )
    models.MigrationTarget.objects.bulk_create(
        models.MigrationTarget(map=row, move=move, position=position, key=key)
        for move, content in pairs
        for position, key in enumerate(content.targets, start=1)
    )
    models.MigrationChoice.objects.bulk_create(
        models.MigrationChoice(
            move=move, position=position, source=each.source, target=each.target, old=each.old, new=each.new
        )
        for move, content in pairs
        for position, each in enumerate(content.choices, start=1)
    )
