#!/usr/bin/env python3
"""Check the project, step by step, and say at the end what each step took and found.

    python scripts/check.py lint     without running the portal
    python scripts/check.py all      the same, then every test (inside scripts/with_services.py)

Runs on the Python of `.venv`. All steps run, whatever the others found; one failure is a failure.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.environment import FROM_OUTSIDE, decide  # noqa: E402

PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py"]
# What `check --deploy` judges: the settings as a production site would set them.
PRODUCTION = {
    "HTTPS": "true",
    "ALLOWED_HOSTS": "convergence.example",
    "CSRF_TRUSTED_ORIGINS": "https://convergence.example",
    "SITE_URL": "https://convergence.example",
    "RATE_LIMITS_OFF": "false",
    "CACHE_URL": "redis://localhost:6379/1",  # nothing is asked of it
    "STATIC_FILES_COLLECTED": "true",
    "EVIDENCE_SCANNER": "clamd",
}


class Step(NamedTuple):
    """A command, and the variables that it sees otherwise than the tests do."""

    name: str
    command: list[str]
    variables: Mapping[str, str] = {}


class Outcome(NamedTuple):
    step: Step
    passed: bool
    seconds: float
    last_line: str


def tool(name: str, *arguments: str) -> list[str]:
    return [str(Path(PYTHON).parent / name), *arguments]


AUDIT = Step("known weaknesses (pip-audit)", [PYTHON, "scripts/audit_dependencies.py"])
LINT = [
    Step("ruff check", tool("ruff", "check", "--output-format", "concise", ".")),
    Step("ruff format", tool("ruff", "format", "--check", "--output-format", "concise", ".")),
    Step("import contracts", tool("lint-imports", "--no-cache")),
    Step("templates (djlint)", tool("djlint", "--lint", "--quiet", "templates")),
    Step("compose file", tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")),
    Step("types (mypy)", tool("mypy", ".")),
    Step("migrations are complete", [*MANAGE, "makemigrations", "--check", "--dry-run"], FROM_OUTSIDE),
    AUDIT,
    Step("settings for production", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
]
PYTEST = [PYTHON, "-m", "pytest", "--color=yes" if sys.stdout.isatty() else "--color=no", "--durations=10"]
# The one that has nothing left to do takes tests from the other.
TWO_WORKERS = ["-n", "2", "--dist", "worksteal"]
ON_SQLITE = "(database or sqlite) and not once and not postgresql and not services and not browser"
TESTS = [
    Step("tests on PostgreSQL", [*PYTEST, *TWO_WORKERS, "-m", "not sqlite"]),
    # The demonstration runs on SQLite: what needs no service and no browser is proved there too. A test that does not
    # touch the database would prove the same thing again, and so would the long walks marked `once`.
    Step(
        "tests on SQLite",
        [*PYTEST, *TWO_WORKERS, "-m", ON_SQLITE],
        FROM_OUTSIDE,
    ),
]

# Those whose last line says more than that they passed.
TELLING = [AUDIT, *TESTS]


def main(goal: str) -> int:
    steps = {"lint": LINT, "all": [*LINT, *TESTS]}[goal]
    if goal == "all" and (missing := [name for name in FROM_OUTSIDE if not os.environ.get(name)]):
        sys.exit(f"The tests need {', '.join(missing)}: run them by `make test`, or scripts/with_services.py.")
    with tempfile.TemporaryDirectory(prefix="convergence-check-") as folder:
        decide(os.environ, Path(folder))
        outcomes = [carry_out(step) for step in steps]
    report(outcomes)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def carry_out(step: Step) -> Outcome:
    """Run a step, let its output through, and keep its last line."""
    print(f"\n── {step.name}", flush=True)
    started, last_line = time.monotonic(), ""
    process = subprocess.Popen(
        step.command,
        cwd=ROOT,
        env={**os.environ, **step.variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            last_line = line.strip() or last_line
    return Outcome(step, process.returncode == 0, time.monotonic() - started, last_line)


def report(outcomes: list[Outcome]) -> None:
    print("\n── summary")
    for step, passed, seconds, last_line in outcomes:
        detail = last_line.strip("= ") if step in TELLING or not passed else ""
        print(f"{'passed' if passed else 'FAILED'}  {seconds:6.1f} s  {step.name:<28}  {detail}".rstrip())
    print(f"{'':6}  {sum(outcome.seconds for outcome in outcomes):6.1f} s  in all", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"lint", "all"}:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
