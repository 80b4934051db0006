"""Files that somebody gives with a request: by a plain form, or sent in pieces before and only named now."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from accounts.models import Publisher
from accounts.requests import SignedInRequest
from evidence.models import DocumentVersion, Upload
from evidence.pieces import Keep, PiecesMissing, complete
from evidence.uploads import invalid

IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One file. `upload_id`: as the page named it, blank for a file of a plain form."""

    name: str = ""
    upload_id: str = ""
    file: "UploadedFile[bytes] | None" = None
    upload: Upload | None = None

    @property
    def became(self) -> DocumentVersion | None:
        """What it is already: the answer to a request that had done its work was lost, and the request came again."""
        return self.upload.version if self.upload else None

    @property
    def is_gone(self) -> bool:
        return self.file is None and self.upload is None

    def receive(self, keep: Keep) -> DocumentVersion:
        """Give the file to `keep`. Raises InvalidUpload, also for what is gone or not whole."""
        if self.file is not None:
            return keep(self.file)
        if self.upload is None:
            raise invalid("gone")
        try:
            return complete(self.upload, keep=keep)
        except PiecesMissing:
            raise invalid("not_whole") from None


def arrivals(request: SignedInRequest, *, publisher: Publisher, prefix: str = "") -> Iterator[Arrival]:
    """The files of the request, under `<prefix>files`, then what came in pieces, under `<prefix>uploads`.

    An upload that is somebody else's, another publisher's or nobody's is gone, whichever it is.
    """
    for file in request.FILES.getlist(f"{prefix}files"):
        yield Arrival(name=file.name or "", file=file)
    named = list(dict.fromkeys(request.POST.getlist(f"{prefix}uploads")))
    own = Upload.objects.of(request.user).filter(publisher=publisher).select_related("version__document")
    found = own.in_bulk([UUID(each) for each in named if IDENTIFIER.fullmatch(each)])
    for each in named:
        upload = found.get(UUID(each)) if IDENTIFIER.fullmatch(each) else None
        yield Arrival(name=upload.name if upload else "", upload_id=each, upload=upload)
