"""What the portal is built on: audited where an index answers, and listed in a bill of materials."""

import json
import re
import subprocess
from datetime import date, timedelta

import pytest
from django.conf import settings

from scripts.audit_dependencies import Acceptance, Weakness, is_accepted, skipped, verdict, weaknesses

REPORT = {
    "dependencies": [
        {"name": "sound", "version": "1.0", "vulns": []},
        {"name": "weak", "version": "2.0", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.1"]}]},
        {"name": "private", "skip_reason": "Dependency not found on PyPI"},
    ]
}
WEAK = Weakness("weak", "2.0", "PYSEC-2026-1", ("2.1",))
TODAY = date(2026, 11, 23)


def test_a_weakness_is_named_with_the_version_that_mends_it():
    assert list(weaknesses(REPORT)) == [WEAK]
    assert str(WEAK) == "weak 2.0: PYSEC-2026-1, mended in 2.1"


def test_a_package_that_the_index_does_not_know_is_never_called_sound():
    assert skipped(REPORT) == ["private"]
    assert verdict(1, 3, 1) == "1 known weaknesses in 2 packages; 1 not verified"
    assert verdict(0, 3, 3).startswith("not verified")


@pytest.mark.parametrize(("days", "accepted"), [(1, True), (0, True), (-1, False)])
def test_a_weakness_is_accepted_until_its_day(days, accepted):
    known = {"PYSEC-2026-1": Acceptance("we never call it", TODAY + timedelta(days=days))}

    assert is_accepted(WEAK, known, TODAY) is accepted
    assert not is_accepted(WEAK, {}, TODAY)


def test_the_bill_of_materials_lists_every_locked_package_and_says_nothing_of_the_moment(tmp_path):
    recipe = (settings.BASE_DIR / "Makefile").read_text()
    (command,) = re.findall(r"^\t@(\.venv/bin/cyclonedx-py .+)$", recipe, re.MULTILINE)
    made = tmp_path / "sbom.json"
    words = command.replace("var/sbom.cdx.json", str(made)).split()

    subprocess.run(words, cwd=settings.BASE_DIR, check=True, capture_output=True)

    bill = json.loads(made.read_text())
    assert "serialNumber" not in bill
    assert "timestamp" not in bill["metadata"]
    listed = {(each["name"].lower(), each["version"]) for each in bill["components"]}
    locked = re.findall(r"^([\w.-]+)==([\w.]+)", (settings.BASE_DIR / "requirements.txt").read_text(), re.MULTILINE)
    assert listed == {(name.lower(), version) for name, version in locked}
