"""The same judgement as a deposit and its scan, on a file that is not kept."""

import hashlib
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile

from evidence import file_names, sentences
from evidence.models import DocumentVersion
from evidence.scanners import Outcome, configured_scanner
from evidence.scanning import judge_bytes
from evidence.uploads import InvalidUpload, inspect

# The answer for each outcome, and the state of a version that was deposited.
ANSWERS = {
    Outcome.CLEAN: ("accepted", DocumentVersion.State.CLEAN),
    Outcome.REFUSED: ("refused", DocumentVersion.State.REFUSED),
    Outcome.UNAVAILABLE: ("waiting", DocumentVersion.State.RECEIVED),
}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What would be said of a file. `verdict`: accepted, refused or waiting; `code` and `sentence` say why."""

    verdict: str
    name: str
    code: str = ""
    sentence: str = ""
    media_type: str = ""
    pages: int | None = None
    sha256: str = ""


def check(upload: "UploadedFile[bytes]") -> Checked:
    """Judge a file that is not kept, by the very functions that judge a deposit."""
    try:
        inspected = inspect(upload)
    except InvalidUpload as refusal:
        name = file_names.neutralise(upload.name or "")
        return Checked(verdict="refused", name=name, code=refusal.code, sentence=refusal.sentence)
    upload.seek(0)
    sha256 = hashlib.file_digest(upload, "sha256").hexdigest()
    verdict = judge_bytes(upload, inspected.media_type, sha256, configured_scanner())
    answer, state = ANSWERS[verdict.outcome]
    return Checked(
        verdict=answer,
        name=inspected.name,
        code=verdict.refusal,
        sentence=sentences.about(state, verdict.refusal),
        media_type=inspected.media_type,
        pages=verdict.pages,
        sha256=sha256,
    )
