#!/usr/bin/env python3
"""Ask whether a known weakness is in what the portal installs (requirements.txt), by pip-audit.

    python scripts/audit_dependencies.py

A weakness ends it with 1, unless ACCEPTED says why it does not touch us and until when. Where no index answers it says
« not verified » and ends with 0: a build without a network must pass, and says what it did not see.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.txt"
PATIENCE_SECONDS = 90


class Acceptance(NamedTuple):
    """Why a weakness is left alone, and the day when that is looked at again."""

    reason: str
    until: date


ACCEPTED: Mapping[str, Acceptance] = {}


class Weakness(NamedTuple):
    package: str
    version: str
    identifier: str
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        fix = f"mended in {', '.join(self.fixed_in)}" if self.fixed_in else "no version mends it yet"
        return f"{self.package} {self.version}: {self.identifier}, {fix}"


def main() -> int:
    report = ask()
    if report is None:
        print("not verified: no index of weaknesses answers from here")
        return 0
    packages, unseen = report["dependencies"], skipped(report)
    found = [each for each in weaknesses(report) if not is_accepted(each, ACCEPTED, date.today())]  # noqa: DTZ011
    for weakness in found:
        print(weakness)
    print(verdict(len(found), len(packages), len(unseen)))
    return 1 if found else 0


def verdict(found: int, packages: int, unseen: int) -> str:
    """The last line, which scripts/check.py repeats. A package that the index does not know was not looked at."""
    if unseen == packages:
        return f"not verified: the index that answers knows none of the {packages} packages"
    seen = f"{found} known weaknesses in {packages - unseen} packages"
    return f"{seen}; {unseen} not verified" if unseen else seen


def ask() -> dict[str, Any] | None:
    """What pip-audit says of the lock; None when it got no answer."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--no-deps", "--disable-pip"]
    options = ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        done = subprocess.run(
            [*command, *options], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )
        report: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None
    return report


def weaknesses(report: Mapping[str, Any]) -> Iterator[Weakness]:
    """Every weakness of a report of pip-audit, where each package has « vulns » or a « skip_reason »."""
    for package in report["dependencies"]:
        for known in package.get("vulns", []):
            yield Weakness(package["name"], package["version"], known["id"], tuple(known["fix_versions"]))


def skipped(report: Mapping[str, Any]) -> list[str]:
    """The packages about which the index knows nothing."""
    return [package["name"] for package in report["dependencies"] if "skip_reason" in package]


def is_accepted(weakness: Weakness, accepted: Mapping[str, Acceptance], today: date) -> bool:
    """Whether it is left alone, today still."""
    return weakness.identifier in accepted and today <= accepted[weakness.identifier].until


if __name__ == "__main__":
    sys.exit(main())
