"""Several people at the same moment, each in a connection of their own. PostgreSQL only: SQLite has one writer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

Refusals = tuple[type[Exception], ...]


def at_once(*acts: Callable[[], object], refusals: Refusals) -> list[object]:
    """Let all acts go together; return what each gave, or the refusal it met, in order.

    Any other exception is raised: a deadlock or a broken constraint is no answer to a person.
    """
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=10)
            return act()
        except refusals as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
