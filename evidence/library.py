"""What a publisher does with the documents of its library: say what they are, give them a new version."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from audit.operations import record
from evidence.models import Document, DocumentVersion
from evidence.operations import StoredFile, create_version, put_in_quarantine
from evidence.uploads import Inspected, inspect


class SameBytes(Exception):
    """The file is, byte for byte, the current version. `version` is that one."""

    def __init__(self, version: DocumentVersion) -> None:
        super().__init__("The file is the current version.")
        self.version = version


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a publisher says of a document. `kind` is a `Document.Kind`."""

    title: str
    kind: str
    issued_on: date | None
    expires_on: date | None
    is_confidential: bool


@transaction.atomic
def describe(*, document: Document, description: Description, by: User) -> Document:
    """Write what the document is. Saying the same again changes nothing.

    The trail keeps what changed from what to what, the title excepted: it may hold somebody's name.
    The caller has checked `accounts.policies.can_fill`.
    """
    document = _locked(document)
    changed = {
        field: [getattr(document, field), getattr(description, field)]
        for field in description.__slots__
        if getattr(document, field) != getattr(description, field)
    }
    if not changed:
        return document
    for field, (_before, after) in changed.items():
        setattr(document, field, after)
    document.save(update_fields=list(changed))
    retitled = changed.pop("title", None) is not None
    record(
        "evidence.described",
        document,
        by=by,
        publisher=document.publisher_id,
        retitled=retitled,
        **{field: [_as_json(each) for each in values] for field, values in changed.items()},
    )
    return document


def add_version(*, document: Document, file: "UploadedFile[bytes]", by: User) -> DocumentVersion:
    """Keep the file in quarantine as the document's next version, ask for its scan, return it.

    The states of the earlier versions stay what they are. Raises InvalidUpload, and SameBytes when nothing is new. The
    caller has checked `accounts.policies.can_fill`. Like `receive`, not atomic as a whole.
    """
    inspected = inspect(file)
    with ExitStack() as undo:
        stored = put_in_quarantine(file, undo)
        version = _number(document, inspected=inspected, stored=stored, by=by)
        undo.pop_all()
    return version


@transaction.atomic
def _number(document: Document, *, inspected: Inspected, stored: StoredFile, by: User) -> DocumentVersion:
    # The document's row is the lock: two versions given at once follow each other.
    document = _locked(document)
    current = document.versions.latest("number")
    # Bytes that were lost or refused by mistake may come again; what stands may not.
    if current.sha256 == stored.sha256 and current.state != DocumentVersion.State.REFUSED:
        raise SameBytes(current)
    return create_version(document, number=current.number + 1, inspected=inspected, stored=stored, by=by)


def _locked(document: Document) -> Document:
    return Document.objects.select_for_update(of=("self",), no_key=True).get(pk=document.pk)


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
