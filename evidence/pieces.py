"""A file that comes in pieces, so that a network cut costs one piece and not the whole.

The pieces wait in the evidence storage: any web process may take the next one. Once they are all there the file is
read through them like any other upload: same hash, same inspection, same limits.
"""

import io
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import IO, Any, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import Publisher, User
from evidence.models import DocumentVersion, Upload, UploadPiece, evidence_storage
from evidence.operations import delete_bytes
from evidence.storage import StorageUnavailable, answering
from evidence.uploads import InvalidUpload, NotKept, invalid, require_acceptable

FOLDER = "uploads"
Keep = Callable[["UploadedFile[bytes]"], DocumentVersion]


class WrongPiece(Exception):
    """No piece of this upload has this number, or this size."""


class PiecesMissing(Exception):
    """The file is not whole. `numbers` are those of the pieces to send."""

    def __init__(self, numbers: list[int]) -> None:
        super().__init__(f"Missing: {numbers}")
        self.numbers = numbers


class PiecedFile(io.RawIOBase):
    """The pieces as one file to read and to seek in. Holds one piece open at a time."""

    def __init__(self, upload: Upload, pieces: list[UploadPiece]) -> None:
        self._pieces = pieces
        self._piece_size = upload.piece_size
        self._size = upload.size
        self._position = 0
        self._opened: tuple[int, Any] | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError("Before the start of the file.")
        self._position = start + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: Any) -> int:
        number, within = divmod(self._position, self._piece_size)
        if number >= len(self._pieces):
            return 0
        piece = self._open(number)
        piece.seek(within)
        data: bytes = piece.read(len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        self._release()
        super().close()

    def _open(self, number: int) -> Any:
        if self._opened is None or self._opened[0] != number:
            self._release()
            self._opened = (number, self._pieces[number].file.open("rb"))
        return self._opened[1]

    def _release(self) -> None:
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None


@transaction.atomic
def start_upload(*, publisher: Publisher, name: str, size: int, by: User) -> Upload:
    """Make room for a file of `size` bytes. Raises InvalidUpload: its name, its size, or too much on the way already.

    What the same person left for an hour makes room first. The caller has checked `evidence.policies.can_upload`.
    """
    acceptable = require_acceptable(name, size)
    # The person's row is the lock: quotas hold for uploads started at once.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    idle = timezone.now() - timedelta(seconds=settings.EVIDENCE_UPLOAD_IDLE_SECONDS)
    for left in Upload.objects.filter(by=by, moved_at__lt=idle):
        discard(left)
    under_way = Upload.objects.open().filter(by=by)
    total = under_way.aggregate(total=Sum("size"))["total"] or 0
    if under_way.count() >= settings.EVIDENCE_OPEN_UPLOADS or total + size > settings.EVIDENCE_OPEN_UPLOAD_BYTES:
        raise invalid("too_many")
    return Upload.objects.create(
        publisher=publisher, by=by, name=acceptable, size=size, piece_size=settings.EVIDENCE_PIECE_BYTES
    )


def put_piece(upload: Upload, number: int, data: bytes) -> None:
    """Keep one piece. The same piece again is the same piece; after completion it is nothing at all.

    Raises WrongPiece, StorageUnavailable. Bytes travel before the row is locked, as in `evidence.operations.receive`.
    """
    if not 0 <= number < upload.count or len(data) != upload.size_of(number):
        raise WrongPiece
    storage = evidence_storage()
    with ExitStack() as undo:
        # Nobody can guess the place, and it says nothing of the file.
        name = UploadPiece._meta.get_field("file").generate_filename(UploadPiece(), uuid4().hex)
        undo.callback(delete_bytes, name)
        with answering():
            storage.save(name, ContentFile(data))
        if _register(upload, number, name, len(data)):
            undo.pop_all()


@transaction.atomic
def _register(upload: Upload, number: int, name: str, size: int) -> bool:
    locked = _locked(upload.pk)
    if locked is None or locked.version_id is not None:
        return False
    locked.moved_at = timezone.now()
    locked.save(update_fields=["moved_at"])
    return UploadPiece.objects.get_or_create(upload=locked, number=number, defaults={"file": name, "size": size})[1]


def complete(upload: Upload, *, keep: Keep) -> DocumentVersion:
    """Read the pieces as one file, give it to `keep` (`receive`, or another way in), return the version.

    Completing again returns the same version. Raises PiecesMissing, and what `keep` raises: after InvalidUpload the
    pieces are of no use and go. Raises StorageUnavailable, and the pieces stay: whoever asks again needs send nothing.
    """
    if upload.version is not None:
        return upload.version
    pieces = list(upload.pieces.order_by("number"))
    if missing := sorted(set(range(upload.count)) - {piece.number for piece in pieces}):
        raise PiecesMissing(missing)
    try:
        with io.BufferedReader(PiecedFile(upload, pieces)) as whole:
            version = keep(UploadedFile(cast("IO[bytes]", whole), name=upload.name, size=upload.size))
    except NotKept as error:
        raise StorageUnavailable("The whole was not kept.") from error
    except InvalidUpload:
        abandon(upload)
        raise
    except FileNotFoundError:
        # Somebody completed it meanwhile, and the pieces went.
        if (done := Upload.objects.get(pk=upload.pk).version) is None:
            raise
        return done
    return _finish(upload, version)


@transaction.atomic
def _finish(upload: Upload, version: DocumentVersion) -> DocumentVersion:
    locked = _locked(upload.pk)
    if locked is None:
        return version
    if locked.version is None:
        locked.version = version
        locked.save(update_fields=["version"])
        _delete_pieces(locked)
    return locked.version


@transaction.atomic
def abandon(upload: Upload) -> None:
    """Forget the upload and its pieces. Abandoning twice is abandoning once; what was completed stays received."""
    if (locked := _locked(upload.pk)) is not None:
        discard(locked)


def discard(upload: Upload) -> None:
    """Delete the rows now and the bytes on commit. Within a transaction."""
    _delete_pieces(upload)
    upload.delete()


def sweep_abandoned() -> int:
    """Discard the uploads that have not moved for a day; return how many. One that is moving now is left alone."""
    limit = timezone.now() - timedelta(seconds=settings.EVIDENCE_UPLOAD_KEPT_SECONDS)
    swept = 0
    for pk in Upload.objects.filter(moved_at__lt=limit).values_list("pk", flat=True):
        with transaction.atomic():
            upload = _locked(pk)
            if upload is not None and upload.moved_at < limit:
                discard(upload)
                swept += 1
    return swept


def _delete_pieces(upload: Upload) -> None:
    for piece in upload.pieces.all():
        transaction.on_commit(partial(delete_bytes, str(piece.file.name)))
    upload.pieces.all().delete()


def _locked(pk: UUID) -> Upload | None:
    return Upload.objects.select_for_update(of=("self",)).filter(pk=pk).first()
