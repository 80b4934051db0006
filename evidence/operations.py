"""Receive a file, follow its scan, open it: the verbs of a piece of evidence."""

import hashlib
import logging
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from typing import IO, Any, cast
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Publisher, User
from audit.operations import record
from evidence import file_names
from evidence.models import Content, Document, DocumentVersion, evidence_storage
from evidence.previews import forget_previews
from evidence.scanners import Outcome, Verdict
from evidence.sentences import REFUSALS
from evidence.storage import StorageUnavailable, answering
from evidence.uploads import DRAWN_TYPES, Inspected, NotKept, inspect, invalid
from jobs.models import Job
from jobs.operations import enqueue

logger = logging.getLogger(__name__)

SCAN_TASK = "evidence.scan"
PREVIEWS_TASK = "evidence.draw_previews"
# The refusal of a file whose time was over: nobody opens it any more.
FORGOTTEN = "forgotten"


@dataclass(frozen=True)
class StoredFile:
    """Bytes in quarantine: where, how many, and their SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


class HashedUpload:
    """The bytes of an upload, hashed and counted as a storage reads them: from the start to the end, once.

    Offers what a storage reads with, and no `temporary_file_path`: a storage would move the file instead of reading
    it. Cannot seek: a storage that reads some bytes twice, to send them again, keeps them itself. Raises InvalidUpload
    past the limit, whatever size was announced.
    """

    closed = False

    def __init__(self, upload: "UploadedFile[bytes]") -> None:
        self._upload = upload
        self._upload.seek(0)
        self._digest = hashlib.sha256()
        self.count = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._upload.read(size)
        self._digest.update(data)
        self.count += len(data)
        if self.count > settings.EVIDENCE_MAX_BYTES:
            raise invalid("too_large")
        return data

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def receive(*, publisher: Publisher | None, file: "UploadedFile[bytes]", by: User, title: str = "") -> DocumentVersion:
    """Keep the file in quarantine and ask for its scan; return its version.

    A file that this publisher deposited already is not kept twice: its version is returned as it is, refused
    ones included. Raises InvalidUpload. The caller has checked `accounts.policies.can_fill`.

    Without a publisher (the proof of an account request) every deposit is kept apart: nothing tells that somebody else
    has deposited the same file.

    Not atomic as a whole: no row is locked, and no SQLite writer kept waiting, while bytes travel. When the rows are
    not written the bytes go again; what a killed process or the caller's own rollback leaves behind,
    `evidence.orphans` sweeps.
    """
    inspected = inspect(file)
    with ExitStack() as undo:
        stored = put_in_quarantine(file, undo)
        version = _register(publisher=publisher, inspected=inspected, stored=stored, by=by, title=title)
        if version.file.name == stored.name:
            undo.pop_all()
    return version


def put_in_quarantine(file: "UploadedFile[bytes]", undo: ExitStack) -> StoredFile:
    """Keep the bytes, hashed on their way, until `undo` takes them away.

    Raises InvalidUpload past the limit, and NotKept, which is one, when the storage fails.
    """
    name = _quarantine_name()
    undo.callback(delete_bytes, name)
    hashed = HashedUpload(file)
    try:
        with answering():
            evidence_storage().save(name, File(cast("IO[bytes]", hashed)))
    except StorageUnavailable as error:
        logger.exception("A file was not kept.")
        raise NotKept from error
    return StoredFile(name=name, size=hashed.count, sha256=hashed.sha256)


def delete_bytes(name: str) -> None:
    """Delete a file that no row needs any more. While the storage fails it stays, and `evidence.orphans` has it."""
    try:
        with answering():
            evidence_storage().delete(name)
    except StorageUnavailable:
        logger.exception("The bytes of %s stay, until they are swept.", name)


def _quarantine_name() -> str:
    """Return a place that nobody can guess and that says nothing of the file."""
    return DocumentVersion._meta.get_field("file").generate_filename(DocumentVersion(), uuid4().hex)


@transaction.atomic
def _register(
    *, publisher: Publisher | None, inspected: Inspected, stored: StoredFile, by: User, title: str
) -> DocumentVersion:
    # The publisher's row is the lock: the same file sent twice at once becomes one document.
    if publisher is not None:
        Publisher.objects.select_for_update(of=("self",), no_key=True).get(pk=publisher.pk)
        if known := DocumentVersion.objects.same_bytes(publisher, stored.sha256).first():
            return known
    document = Document.objects.create(
        publisher=publisher, title=(title.strip() or file_names.stem(inspected.name))[:200], created_by=by
    )
    return create_version(document, number=1, inspected=inspected, stored=stored, by=by)


def create_version(
    document: Document, *, number: int, inspected: Inspected, stored: StoredFile, by: User
) -> DocumentVersion:
    """Write the row of bytes in quarantine and ask for their scan. Within the transaction that locked its number."""
    version = DocumentVersion.objects.create(
        document=document,
        number=number,
        file=stored.name,
        original_name=inspected.name,
        media_type=inspected.media_type,
        size=stored.size,
        sha256=stored.sha256,
        received_from=by,
    )
    record(
        "evidence.received",
        version,
        by=by,
        publisher=version.document.publisher_id,
        size=stored.size,
        sha256=stored.sha256,
        type=inspected.media_type,
    )
    enqueue(SCAN_TASK, version.pk)
    return version


@transaction.atomic
def start_scan(version_id: int) -> DocumentVersion | None:
    """Mark the version as being scanned; None when it is judged already."""
    version = _locked(version_id)
    if not version.is_waiting:
        return None
    version.state = DocumentVersion.State.SCANNING
    version.save(update_fields=["state"])
    return version


@transaction.atomic
def mark_scanned(version: DocumentVersion, verdict: Verdict) -> DocumentVersion:
    """Write the scanner's verdict, once: a version already judged is returned as it is.

    Without a verdict the version waits again.
    """
    version = _locked(version.pk)
    if not version.is_waiting:
        return version
    if verdict.is_unavailable:
        version.state = DocumentVersion.State.RECEIVED
        version.save(update_fields=["state"])
        return version
    if verdict.outcome is Outcome.REFUSED and verdict.refusal not in REFUSALS:
        raise ValueError(f"Unknown refusal: {verdict.refusal!r}")
    version.state = DocumentVersion.State(verdict.outcome.value)
    version.refusal = verdict.refusal
    version.pages = verdict.pages
    version.scanned_at = timezone.now()
    if version.is_readable and version.media_type in DRAWN_TYPES:
        version.previews_state = DocumentVersion.PreviewsState.WAITING
        enqueue(PREVIEWS_TASK, version.pk)
    version.save(update_fields=["state", "refusal", "pages", "scanned_at", "previews_state"])
    if verdict.reading is not None:
        Content.objects.create(version=version, **asdict(verdict.reading))
    record(
        "evidence.scanned",
        version,
        by=None,
        publisher=version.document.publisher_id,
        verdict=verdict.outcome,
        refusal=verdict.refusal,
        detail=verdict.detail,
    )
    return version


def _locked(version_id: int) -> DocumentVersion:
    return DocumentVersion.objects.select_for_update(of=("self",)).get(pk=version_id)


def note_opening(version: DocumentVersion, *, by: User, **context: Any) -> None:
    """Trace that a person opened the file. With the visit of a dossier, all that a GET writes.

    `context` says by which road, when it is not the publisher's own: `submission=12`.
    """
    record("evidence.opened", version, by=by, publisher=version.document.publisher_id, **context)


@transaction.atomic
def forget_bytes(version: DocumentVersion) -> None:
    """Delete the file and what was read in it for ever; its row, its name and its hash stay.

    Doing it again changes nothing.
    """
    version = _locked(version.pk)
    if version.refusal == FORGOTTEN:
        return
    version.state, version.refusal = DocumentVersion.State.REFUSED, FORGOTTEN
    version.previews_state = DocumentVersion.PreviewsState.NONE
    version.save(update_fields=["state", "refusal", "previews_state"])
    Content.objects.filter(version=version).delete()
    forget_previews(version)
    record("evidence.forgotten", version, by=None, sha256=version.sha256)
    transaction.on_commit(partial(delete_bytes, str(version.file.name)))


def note_preview(version: DocumentVersion, page: int, *, by: User, **context: Any) -> None:
    """Trace that a person saw a file through its pictures. See `note_opening` for `context`.

    Its first page stands for the file: whoever looks at a file begins there, and one line for each of a hundred
    pages, which a browser asks for as they come into sight, would bury the journal.
    """
    if page == 1:
        record("evidence.previewed", version, by=by, publisher=version.document.publisher_id, **context)


def queue_waiting_scans() -> int:
    """Ask again for the scan of every waiting version for which no job is open. Returns how many were asked for."""
    open_jobs = Job.objects.filter(
        task=SCAN_TASK, subject_id=OuterRef("pk"), state__in=[Job.State.QUEUED, Job.State.RUNNING]
    )
    waiting = DocumentVersion.objects.waiting().filter(~Exists(open_jobs)).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True))
    for version_id in ids:
        enqueue(SCAN_TASK, version_id)
    return len(ids)
