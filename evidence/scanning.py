"""Take a file out of quarantine to the antivirus and bring its verdict back."""

import hashlib
from collections.abc import Iterator

from django.core.files.base import File

from evidence import operations
from evidence.models import DocumentVersion
from evidence.scanners import Outcome, Scanner, Verdict, configured_scanner, refused, unavailable


def scan(version_id: int) -> Verdict | None:
    """Scan a waiting version and write the verdict; None when it was judged already."""
    version = operations.start_scan(version_id)
    if version is None:
        return None
    verdict = judge(version, configured_scanner())
    operations.mark_scanned(version, verdict)
    return verdict


def judge(version: DocumentVersion, scanner: Scanner) -> Verdict:
    """Return the scanner's verdict on the stored bytes, if they are still those that were received."""
    digest = hashlib.sha256()
    try:
        with version.file.open("rb") as file:
            verdict = scanner.scan(_hashed(file, digest))
    except OSError as error:  # the storage does not answer, or is not mounted
        return unavailable(f"{type(error).__name__}: the file cannot be read")
    # A machine that lost power may keep a row whose bytes never reached the disk.
    if verdict.outcome is Outcome.CLEAN and digest.hexdigest() != version.sha256:
        return refused("altered", digest.hexdigest())
    return verdict


def _hashed(file: "File[bytes]", digest: "hashlib._Hash") -> Iterator[bytes]:
    for chunk in file.chunks():
        digest.update(chunk)
        yield chunk
