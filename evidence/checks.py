"""Settings that would let files through unseen, or nobody scan them, stop the portal at boot."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from evidence.scanners import parse_address


def scanner_is_configured(**kwargs: Any) -> list[CheckMessage]:
    """Refuse a scanner that protects nobody outside a demonstration, and a clamd without a usable address."""
    if settings.EVIDENCE_SCANNER == "demonstration" and not settings.DEMONSTRATION:
        return [
            Error(
                "EVIDENCE_SCANNER=demonstration knows the EICAR test file only.",
                hint="Set EVIDENCE_SCANNER=clamd (or none: files wait), or DEMONSTRATION=true for a demonstration.",
                id="evidence.E001",
            )
        ]
    if settings.EVIDENCE_SCANNER == "clamd":
        return _clamd_errors()
    return []


def _clamd_errors() -> list[CheckMessage]:
    if not settings.CLAMD_SOCKET:
        return [
            Error(
                "EVIDENCE_SCANNER=clamd needs CLAMD_SOCKET.",
                hint="Set CLAMD_SOCKET to the path of clamd's unix socket, or to host:port.",
                id="evidence.E002",
            )
        ]
    try:
        parse_address(settings.CLAMD_SOCKET)
    except ValueError as error:
        return [Error(str(error), id="evidence.E003")]
    return []
