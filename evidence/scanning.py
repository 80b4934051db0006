"""Take a file out of quarantine to the antivirus, then to the inspection of its structure; bring the verdict back."""

import hashlib
import tempfile
from collections.abc import Iterator
from typing import IO

from django.core.files.base import File

from evidence import operations, sandbox
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
    """Return the verdict on the stored bytes, if they are still those that were received."""
    try:
        with version.file.open("rb") as file:
            return judge_bytes(file, version.media_type, version.sha256, scanner)
    except OSError as error:  # the storage does not answer or is not mounted, or no room is left for the copy
        return unavailable(f"{type(error).__name__}: the file cannot be read")


def judge_bytes(file: "File[bytes]", media_type: str, sha256: str, scanner: Scanner) -> Verdict:
    """Show the bytes to the antivirus and, once it cleared them, a copy to the inspection of their structure.

    The copy is for a storage that may be far away. It has no name: whatever kills this process frees its bytes. Raises
    OSError.
    """
    digest = hashlib.sha256()
    with tempfile.TemporaryFile() as copy:
        verdict = scanner.scan(_copied(file, digest, copy))
        if verdict.outcome is not Outcome.CLEAN:
            return verdict
        # A machine that lost power may keep a row whose bytes never reached the disk.
        if digest.hexdigest() != sha256:
            return refused("altered", digest.hexdigest())
        copy.flush()
        return sandbox.inspect(copy, media_type)


def _copied(file: "File[bytes]", digest: "hashlib._Hash", copy: IO[bytes]) -> Iterator[bytes]:
    for chunk in file.chunks():
        digest.update(chunk)
        copy.write(chunk)
        yield chunk
