"""`make bench`: build a portal of real size in an empty PostgreSQL, measure, tell.

python scripts/with_services.py python -m bench [--rounds 40] [--dossiers 300] [--queue 2000] [--crowd 10000] [--json]
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.test import override_settings

from tests.environment import decide


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="convergence-bench-") as folder:
        decide(os.environ, Path(folder))
        os.environ["DJANGO_SETTINGS_MODULE"] = "convergence.settings"
        django.setup()
        from bench import measures, world  # noqa: PLC0415 — models can be imported from here on
        from convergence.gunicorn import spare_what_stays  # noqa: PLC0415 — reads the settings

        _require_empty_postgresql()
        started = time.monotonic()
        built = world.build(arguments.dossiers)
        seconds = time.monotonic() - started
        spare_what_stays()  # as each process of the server does
        with override_settings(ROOT_URLCONF="bench.urls"):
            figures, rates = measures.take(built, rounds=arguments.rounds, queue=arguments.queue, crowd=arguments.crowd)
    if arguments.json:
        machine = {"python": platform.python_version(), "cpus": os.cpu_count()}
        told = {
            **machine,
            "dossiers": arguments.dossiers,
            "figures": [figure.as_json() for figure in figures],
            "rates": [rate.as_json() for rate in rates],
        }
        print(json.dumps(told, indent=2))
        return
    print(f"{arguments.dossiers} dossiers, built in {seconds:.0f} s. Median [quartiles].\n")
    print(f"{'':<52}{'SQL':>5}{'ms':>28}{'bare, ms':>26}{'ratio':>26}")
    for figure in figures:
        spreads = (f"{s.median:9.1f} [{s.q1:.1f} – {s.q3:.1f}]" for s in (figure.ms, figure.bare_ms, figure.ratio))
        own, bare, ratio = spreads
        print(f"{figure.name:<52}{figure.statements:>5}{own:>28}{bare:>26}{ratio:>26}")
    print(f"\n{'':<52}{'saves':>8}{'a second':>10}{'refused':>9}{'lost':>6}")
    for rate in rates:
        print(f"{rate.name:<52}{rate.saves:>8}{rate.per_second:>10}{rate.refused:>9}{rate.lost:>6}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=", description="Measure the main pages.")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--dossiers", type=int, default=300)
    parser.add_argument("--queue", type=int, default=2000, help="dossiers in the reviewers' queue, ten documents each")
    parser.add_argument(
        "--crowd", type=int, default=10_000, help="dossiers around, 150 answers each, for the last figures"
    )
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _require_empty_postgresql() -> None:
    if connection.vendor != "postgresql":
        sys.exit("The bench measures PostgreSQL: run it by `make bench`, or scripts/with_services.py.")
    if connection.introspection.table_names():
        sys.exit(f"The bench fills the database it is given, and {settings.DATABASES['default']['NAME']} is not empty.")


if __name__ == "__main__":
    main()
