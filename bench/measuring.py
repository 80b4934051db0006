"""Take a measure and its baseline in turn, so that whatever slows the machine slows both."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext

Action = Callable[[], object]
TRANSACTION_WORDS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True, slots=True)
class Spread:
    """A median between its quartiles."""

    median: float
    q1: float
    q3: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        q1, median, q3 = statistics.quantiles(values, n=4, method="inclusive")
        return cls(round(median, 3), round(q1, 3), round(q3, 3))


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure. Times in milliseconds; `ratio` is to the bare view, or page, taken right after each round."""

    name: str
    statements: int
    rounds: int
    ms: Spread
    bare_ms: Spread
    ratio: Spread

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def count_statements(action: Action) -> int:
    """How many SQL statements an action runs, transaction control left out."""
    with CaptureQueriesContext(connection) as captured:
        action()
    return sum(not query["sql"].upper().startswith(TRANSACTION_WORDS) for query in captured.captured_queries)


def measure(
    name: str, prepare: Callable[[], Action], bare: Callable[[int], Action], *, rounds: int, warm_up: int = 3
) -> Figure:
    """Time an action against a bare one with as many statements, in turn, after a warm-up.

    `prepare` gives a fresh action for each round and is not timed.
    """
    for _ in range(warm_up):
        prepare()()
    statements = count_statements(prepare())
    of_the_session = count_statements(bare(0))
    baseline = bare(max(0, statements - of_the_session))
    for _ in range(warm_up):
        baseline()
    pairs = [(_timed(prepare()), _timed(baseline)) for _ in range(rounds)]
    return Figure(
        name=name,
        statements=statements,
        rounds=rounds,
        ms=Spread.of([own for own, _ in pairs]),
        bare_ms=Spread.of([other for _, other in pairs]),
        ratio=Spread.of([own / other for own, other in pairs]),
    )


def _timed(action: Action) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000
