"""Options that each database engine needs to be safe and fast here."""

from typing import Any

SQLITE_OPTIONS = {
    # A write transaction takes its lock at once: two writers wait for each other, neither fails half way.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # legacy_alter_table: Django alters a table by making it anew and renaming it. Without this, SQLite refuses
    # the renaming while a trigger of another table (audit.protection) reads the table that is being replaced.
    # recursive_triggers: without it, INSERT OR REPLACE deletes rows and no DELETE trigger hears of it.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA legacy_alter_table=ON;"
        " PRAGMA recursive_triggers=ON;"
    ),
}


def with_engine_options(database: dict[str, Any]) -> dict[str, Any]:
    """Return the parsed DATABASE_URL with the options of its engine added."""
    if database.get("ENGINE") == "django.db.backends.sqlite3":
        return {**database, "OPTIONS": {**SQLITE_OPTIONS, **database.get("OPTIONS", {})}}
    return {**database, "CONN_HEALTH_CHECKS": True}
