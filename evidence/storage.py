"""Where bytes are kept: in a private folder, or in a private bucket that speaks S3.

Whatever the storage, one that does not answer or has no room left is `StorageUnavailable`, which everybody who keeps or
opens a file can name without knowing what lies behind.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any, cast

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from storages.backends.s3 import S3Storage

# The least that S3 takes for a part of an object, and so the most that memory holds of a file on its way.
PART_BYTES = 5 * 1024 * 1024
READ_BYTES = 256 * 1024
NOT_THERE = {"404", "NoSuchKey", "NotFound"}


class StorageUnavailable(OSError):
    """The storage does not answer, refuses, or is full: to be tried again later."""


@contextmanager
def answering() -> Iterator[None]:
    """Say StorageUnavailable for whatever a folder or a bucket fails by, except that a file is not there."""
    try:
        yield
    except (StorageUnavailable, FileNotFoundError):
        raise
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in NOT_THERE:
            raise FileNotFoundError("No such object.") from error
        raise StorageUnavailable(str(error)) from error
    except (OSError, BotoCoreError, Boto3Error, HTTPClientError) as error:
        raise StorageUnavailable(f"{type(error).__name__}: {error}") from error


def _no_address() -> ValueError:
    """Django's own error for a file without address. Files are only ever served by the portal, which knows to whom."""
    return ValueError("This file is not accessible via a URL.")


class PrivateFolder(FileSystemStorage):
    """A folder that only this account reads. Without `base_url`, Django's own would give addresses under MEDIA_URL."""

    def __init__(self, location: Any) -> None:
        super().__init__(location, file_permissions_mode=0o600, directory_permissions_mode=0o700)

    def url(self, name: str | None) -> str:
        raise _no_address()


class PrivateBucket(S3Storage):
    """django-storages' S3, shut: no public address, no object over another, and bounds on time and memory.

    Options: those of S3Storage, `encryption` (of objects at rest: AES256, aws:kms, or blank for what the bucket does by
    itself), `timeout` (seconds without a sign of life, in one exchange) and `attempts` (of each exchange).
    """

    def __init__(
        self,
        *,
        encryption: str = "",
        timeout: float = 10,
        attempts: int = 3,
        addressing_style: str = "auto",
        **options: Any,
    ) -> None:
        super().__init__(
            default_acl=None,
            file_overwrite=False,
            querystring_auth=True,
            object_parameters={"ServerSideEncryption": encryption} if encryption else {},
            client_config=Config(
                signature_version="s3v4",
                s3={"addressing_style": addressing_style},
                connect_timeout=timeout,
                read_timeout=timeout,
                retries={"mode": "standard", "total_max_attempts": attempts},
                # Not every S3-compatible server knows the checksums that boto3 adds by itself. Ours is the SHA-256
                # taken on the way in, which the scan compares with what it reads.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            # One part after the other, each read when its turn comes.
            transfer_config=TransferConfig(
                use_threads=False, multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES
            ),
            **options,
        )

    @property
    def client(self) -> Any:
        return self.connection.meta.client

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        raise _no_address()

    def _open(self, name: str, mode: str = "rb") -> "BucketFile":
        return BucketFile(self, name)

    def _save(self, name: str, content: Any) -> str:
        with answering():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        with answering():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with answering():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with answering():
            return int(super().size(name))

    def walk(self, folder: str) -> Iterator[tuple[str, datetime]]:
        """Yield the name of each object under `folder`, with when it was written: a thousand to a request."""
        prefix = f"{folder}/" if folder else ""
        with answering():
            for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket_name, Prefix=prefix):
                for entry in page.get("Contents", ()):
                    yield entry["Key"], entry["LastModified"]

    def give_up_parts(self, before: datetime) -> int:
        """Delete the parts of what began before and was never finished: its process was killed. Returns how many.

        No list of objects shows them.
        """
        given_up = 0
        with answering():
            for page in self.client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket_name):
                for entry in page.get("Uploads", ()):
                    if entry["Initiated"] < before:
                        self.client.abort_multipart_upload(
                            Bucket=self.bucket_name, Key=entry["Key"], UploadId=entry["UploadId"]
                        )
                        given_up += 1
        return given_up

    def create(self) -> bool:
        """Make the bucket, unless it is there. Returns whether it was made."""
        with answering():
            try:
                self.client.head_bucket(Bucket=self.bucket_name)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") not in {*NOT_THERE, "NoSuchBucket"}:
                    raise
            else:
                return False
            # The region that AWS calls its own is the one that may not be said.
            elsewhere = self.region_name != "us-east-1"
            where = {"CreateBucketConfiguration": {"LocationConstraint": self.region_name}} if elsewhere else {}
            self.client.create_bucket(Bucket=self.bucket_name, **where)
            return True


class BucketFile(File):  # type: ignore[type-arg]  # which Django makes generic for type checkers alone
    """An object to read and to seek in, as it comes: nothing is kept of it but a buffer."""

    def __init__(self, storage: PrivateBucket, name: str) -> None:
        self._storage = storage
        super().__init__(self._begin(name), name)

    def _begin(self, name: str) -> IO[bytes]:
        return cast("IO[bytes]", io.BufferedReader(_Stream(self._storage, name), READ_BYTES))

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> "BucketFile":
        """As Django's: from the start, also when it was closed."""
        if self.closed:
            self.file = self._begin(str(self.name))
        else:
            self.seek(0)
        return self


class _Stream(io.RawIOBase):
    """The body of one request, and of another from where one seeks to. Raises FileNotFoundError, StorageUnavailable."""

    def __init__(self, storage: PrivateBucket, name: str) -> None:
        self._storage = storage
        self._name = name
        self._position = 0
        answer = self._ask()
        self.size: int = answer["ContentLength"]
        self._body: Any = answer["Body"]
        self._body_position = 0

    def _ask(self, **how: str) -> dict[str, Any]:
        with answering():
            return dict(self._storage.client.get_object(Bucket=self._storage.bucket_name, Key=self._name, **how))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise OSError("Before the start of the file.")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        if self._position >= self.size:
            return 0
        if self._body_position != self._position:
            self._body.close()
            self._body = self._ask(Range=f"bytes={self._position}-")["Body"]
            self._body_position = self._position
        with answering():
            data: bytes = self._body.read(len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        self._body_position = self._position
        return len(data)

    def close(self) -> None:
        if not self.closed and hasattr(self, "_body"):
            self._body.close()
        super().close()
