"""The pictures of a clean version's pages: drawn one by one, kept as they come, forgotten with the file."""

import io
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image

from evidence import sandbox
from evidence.models import DocumentVersion, Preview, evidence_storage

# What a person leafs through before they open the file. A document of more pages shows its first ones.
MAX_PAGES = 100
State = DocumentVersion.PreviewsState


def draw(version_id: int, told: Callable[[int], object]) -> None:
    """Draw the pages that are not drawn yet; `told` hears the progress, in percent, after each.

    Stops at the first page that cannot be drawn: what made it fail is likely to be on the next ones too. May be run
    again, after a kill or at the same time. Raises OSError when the storage is away, and sandbox.Stopped.
    """
    version = DocumentVersion.objects.get(pk=version_id)
    if not version.is_readable or version.previews_state != State.WAITING:
        return
    last = min(version.pages or 1, MAX_PAGES)
    drawn = set(version.previews.values_list("page", flat=True))
    state = State.DRAWN
    with tempfile.TemporaryFile() as copy:  # without a name: whatever kills this process frees its bytes
        with version.file.open("rb") as file:
            for chunk in file.chunks():
                copy.write(chunk)
        copy.flush()
        for page in (page for page in range(1, last + 1) if page not in drawn):
            picture = sandbox.draw(copy, version.media_type, page)
            if picture is None:
                state = State.FAILED
                break
            keep(version, page, picture)
            told(100 * page // last)
    _end(version_id, state)


def give_up(version_id: int) -> None:
    """Say that the pages which are not drawn will not be."""
    _end(version_id, State.FAILED)


def keep(version: DocumentVersion, page: int, picture: bytes) -> None:
    """Store a page's picture, once: nothing is kept twice, nor of a version that was forgotten meanwhile."""
    storage = evidence_storage()
    with Image.open(io.BytesIO(picture), formats=["JPEG"]) as image:
        width, height = image.size
    with ExitStack() as undo:
        name = Preview._meta.get_field("file").generate_filename(Preview(), f"{uuid4().hex}.jpg")
        undo.callback(storage.delete, name)
        storage.save(name, ContentFile(picture))
        if _register(version, page, name, width, height):
            undo.pop_all()


@transaction.atomic
def _register(version: DocumentVersion, page: int, name: str, width: int, height: int) -> bool:
    """Whether the row was written."""
    locked = DocumentVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if not locked.is_readable or locked.previews.filter(page=page).exists():
        return False
    Preview.objects.create(version=locked, page=page, file=name, width=width, height=height)
    return True


@transaction.atomic
def _end(version_id: int, state: State) -> None:
    locked = DocumentVersion.objects.select_for_update(of=("self",)).get(pk=version_id)
    if locked.previews_state == State.WAITING:
        locked.previews_state = state
        locked.save(update_fields=["previews_state"])


def forget_previews(version: DocumentVersion) -> None:
    """Delete the pictures of a version whose row the caller has locked."""
    for preview in version.previews.all():
        # While the storage fails it stays, and `evidence.orphans` has it.
        transaction.on_commit(partial(preview.file.storage.delete, str(preview.file.name)), robust=True)
    version.previews.all().delete()
