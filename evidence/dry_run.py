"""The same judgement as a deposit and its scan, on a file that is not kept."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from evidence import file_names, prechecks, sentences
from evidence.models import DocumentVersion
from evidence.prechecks import Caution, Expected, Facts
from evidence.scanners import Outcome, Verdict, configured_scanner
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
    warnings: tuple[Caution, ...] = ()


def check(
    upload: "UploadedFile[bytes]",
    *,
    names: tuple[str, ...] = (),
    expires_on: date | None = None,
    is_signature_expected: bool = False,
) -> Checked:
    """Judge a file that is not kept, by the very functions that judge a deposit, then look at it as they would.

    `names` (the product's, the publisher's), the end of its validity and whether a signature is expected are what the
    file does not tell.
    """
    try:
        inspected = inspect(upload)
    except InvalidUpload as refusal:
        name = file_names.neutralise(upload.name or "")
        return Checked(verdict="refused", name=name, code=refusal.code, sentence=refusal.sentence)
    upload.seek(0)
    sha256 = hashlib.file_digest(upload, "sha256").hexdigest()
    verdict = judge_bytes(upload, inspected.media_type, sha256, configured_scanner())
    expected = Expected(
        today=timezone.localdate(),
        notice=timedelta(days=settings.EVIDENCE_EXPIRY_NOTICE_DAYS),
        names=names,
        is_signature_expected=is_signature_expected,
    )
    answer, state = ANSWERS[verdict.outcome]
    return Checked(
        verdict=answer,
        name=inspected.name,
        code=verdict.refusal,
        sentence=sentences.about(state, verdict.refusal),
        media_type=inspected.media_type,
        pages=verdict.pages,
        sha256=sha256,
        warnings=_warnings(verdict, expires_on, expected) if verdict.outcome is Outcome.CLEAN else (),
    )


def _warnings(verdict: Verdict, expires_on: date | None, expected: Expected) -> tuple[Caution, ...]:
    reading = asdict(verdict.reading) if verdict.reading else {}
    return prechecks.check(Facts(expires_on=expires_on, **reading), expected)
