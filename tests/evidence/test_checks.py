"""The portal does not start with a scanner that cannot work, or that protects nobody."""

import pytest
from django.core.checks import run_checks


def _scanner_errors() -> list[str]:
    return [str(message.id) for message in run_checks() if str(message.id).startswith("evidence.")]


@pytest.mark.parametrize(
    ("scanner", "demonstration", "clamd", "errors"),
    [
        ("demonstration", False, "", ["evidence.E001"]),
        ("demonstration", True, "", []),
        ("clamd", False, "", ["evidence.E002"]),
        ("clamd", False, "clamav", ["evidence.E003"]),
        ("clamd", False, "clamav:3310", []),
        ("clamd", False, "/run/clamav/clamd.ctl", []),
        ("none", False, "", []),
    ],
)
def test_the_scanner_is_checked_at_boot(settings, scanner, demonstration, clamd, errors):
    settings.EVIDENCE_SCANNER = scanner
    settings.DEMONSTRATION = demonstration
    settings.CLAMD_SOCKET = clamd

    assert _scanner_errors() == errors
