"""Let Django empty the database after a transactional test, in spite of rows that nobody may delete.

A pytest plugin. `audit.protection` refuses DELETE and TRUNCATE to everybody, and that is right: here, and only
here, between two tests, the triggers stand aside for the time of one flush.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.errors import DeadlockDetected

if TYPE_CHECKING:  # this module cannot be the first to ask for it
    from django.db.backends.base.operations import BaseDatabaseOperations

ATTEMPTS = 5

Flush = Callable[["BaseDatabaseOperations", Iterable[str]], None]


@pytest.fixture(scope="session", autouse=True)
def flush_passes_the_protection() -> Iterator[None]:
    """Wrap the flush of each engine in use, for the whole run."""
    with pytest.MonkeyPatch.context() as patch:
        for engine in {type(connection.ops) for connection in connections.all()}:
            patch.setattr(engine, "execute_sql_flush", _passing_the_protection(engine.execute_sql_flush))
        yield


def _passing_the_protection(flush: Flush) -> Flush:
    def flush_all(operations: "BaseDatabaseOperations", statements: Iterable[str]) -> None:
        connection, statements = operations.connection, list(statements)
        for attempts_left in reversed(range(ATTEMPTS)):
            try:
                with transaction.atomic(using=connection.alias), STANDING_ASIDE[connection.vendor](connection):
                    flush(operations, statements)
            except OperationalError as error:
                # A live worker's round, or a request of a browser just closed, wanted the same tables in another order
                # and PostgreSQL chose to end the flush.
                if not attempts_left or not isinstance(error.__cause__, DeadlockDetected):
                    raise
            else:
                return

    return flush_all


@contextmanager
def _as_replica(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """PostgreSQL fires no ordinary trigger for a replica. Until the end of the transaction; superusers only."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


@contextmanager
def _without_triggers(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """SQLite cannot silence a trigger: drop them all, and write them again as they were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        yield
        for _, sql in triggers:
            cursor.execute(sql)


STANDING_ASIDE = {"postgresql": _as_replica, "sqlite": _without_triggers}
