"""Settings that would let files through unseen, or nobody scan them, stop the portal at boot."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.files.storage import storages

from evidence.scanners import parse_address

# What a bucket needs, by the name of its variable. The endpoint is AWS's own when it is not said.
NEEDED = {
    "bucket_name": "EVIDENCE_S3_BUCKET",
    "region_name": "EVIDENCE_S3_REGION",
    "access_key": "EVIDENCE_S3_ACCESS_KEY",
    "secret_key": "EVIDENCE_S3_SECRET_KEY",
}


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


def storage_is_private(**kwargs: Any) -> list[CheckMessage]:
    """Refuse a bucket that is half set, which would keep evidence elsewhere than is believed, and public addresses."""
    told = settings.EVIDENCE_S3
    missing = [variable for option, variable in NEEDED.items() if not told[option]]
    if missing and (told["endpoint_url"] or len(missing) < len(NEEDED)):
        return [
            Error(
                f"The bucket of evidence is half set: {', '.join(missing)} missing.",
                hint="Set all of EVIDENCE_S3_BUCKET, _REGION, _ACCESS_KEY and _SECRET_KEY, or none of them.",
                id="evidence.E004",
            )
        ]
    endpoint = str(told["endpoint_url"] or "")
    if endpoint and not endpoint.startswith(("https://", "http://")):
        return [Error("EVIDENCE_S3_ENDPOINT must be an address: https://host.", id="evidence.E005")]
    try:
        address = storages["evidence"].url("quarantine/any")
    except ValueError:  # Django's word for a file without address
        return []
    return [
        Error(
            f"The storage of evidence gives files a public address: {address}",
            hint="Use evidence.storage.PrivateBucket, or PrivateFolder.",
            id="evidence.E006",
        )
    ]
