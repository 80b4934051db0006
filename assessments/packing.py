"""What the evidence pack of a submission holds, and how it is written: the same submission gives the same bytes."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from assessments.answer_states import filed_items
from assessments.models import Submission
from assessments.sections import section_of_key
from audit.spreadsheets import lines
from evidence.delivery import delivered_as
from evidence.models import DocumentVersion
from questionnaires import engine
from questionnaires.queries import published

# Formats that are compressed already.
STORED = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".docx", ".xlsx", ".odt", ".ods"})
READ_WRITE_FOR_ITS_OWNER = 0o600 << 16
UNIX = 3


class Altered(Exception):
    """The stored bytes are not those that were filed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedFile:
    """A filed document version, the questions that it proves, and where it lies; blank when it is left out."""

    version: DocumentVersion
    keys: tuple[str, ...]
    path: str


def packed_files(submission: Submission, definition: engine.Definition, keys: dict[int, str]) -> list[PackedFile]:
    """The files of a submission, each once, in the order of the screen. Three queries.

    `keys` gives question keys by question id. A file lies under the first question that it proves; one that the
    analysis refused since, or has not judged, is named and left out.
    """
    order = {key: place for place, key in enumerate(definition.questions)}
    proves: dict[int, list[str]] = {}
    versions: dict[int, DocumentVersion] = {}
    for item in sorted(filed_items(submission), key=lambda item: order[keys[item.question_id]]):
        for evidence in item.evidence.all():
            versions[evidence.document_version_id] = evidence.document_version
            proves.setdefault(evidence.document_version_id, []).append(keys[item.question_id])
    taken: set[str] = set()
    return [
        PackedFile(
            version=versions[pk],
            keys=tuple(found),
            path=_path(versions[pk], found[0], definition, taken) if versions[pk].is_readable else "",
        )
        for pk, found in proves.items()
    ]


def _path(version: DocumentVersion, key: str, definition: engine.Definition, taken: set[str]) -> str:
    """A path that no other file has, on systems that do not tell A from a either. The name is neutralised already."""
    place = section_of_key(definition, key)
    folder = f"{place[0].slug if place else 'orientation'}/{key}"
    name = PurePosixPath(delivered_as(version).name)
    candidates = (f"{name.stem}{again}{name.suffix}" for again in _again())
    path = next(each for each in (f"{folder}/{name}" for name in candidates) if each.casefold() not in taken)
    taken.add(path.casefold())
    return path


def _again() -> Iterator[str]:
    yield ""
    number = 2
    while True:
        yield f" ({number})"
        number += 1


def write_pack(submission: Submission, target: IO[bytes], advance: Callable[[int], None]) -> None:
    """Write the archive into `target`, which can seek. `advance` is told how far, in percent.

    Files are copied piece by piece: memory does not grow with them. Raises Altered, and OSError when the storage does
    not answer. Needs `dossier__product__publisher` and `dossier__edition` loaded.
    """
    edition = published(submission.dossier.edition)
    files = packed_files(submission, edition.definition, dict(edition.keys))
    total = sum(each.version.size for each in files if each.path) or 1
    written = 0
    with zipfile.ZipFile(target, "w") as archive:
        for packed in files:
            if packed.path:
                _copy(packed, archive, submission)
                written += packed.version.size
                advance(95 * written // total)
        _write(archive, submission, "manifest.json", _manifest(submission, files))
        _write(archive, submission, "index.csv", "".join(_index(files)))
        _write(archive, submission, "LISEZ-MOI.txt", _explanation(submission))


def _copy(packed: PackedFile, archive: zipfile.ZipFile, submission: Submission) -> None:
    version, digest = packed.version, hashlib.sha256()
    entry = _entry(submission, packed.path)
    entry.file_size = version.size  # so that it is known at once whether the entry is a large one
    with version.file.open("rb") as source, archive.open(entry, "w") as into:
        for chunk in source.chunks():
            digest.update(chunk)
            into.write(chunk)
    if digest.hexdigest() != version.sha256:
        raise Altered(f"Version {version.pk}")


def _write(archive: zipfile.ZipFile, submission: Submission, path: str, text: str) -> None:
    archive.writestr(_entry(submission, path), text)


def _entry(submission: Submission, path: str) -> zipfile.ZipInfo:
    """Dated from the submission: nothing in the archive says when, or where, it was made."""
    entry = zipfile.ZipInfo(path, date_time=submission.submitted_at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_STORED if PurePosixPath(path).suffix.lower() in STORED else zipfile.ZIP_DEFLATED
    entry.external_attr, entry.create_system = READ_WRITE_FOR_ITS_OWNER, UNIX
    return entry


def _manifest(submission: Submission, files: list[PackedFile]) -> str:
    dossier = submission.dossier
    told = {
        "dossier": dossier.number,
        "product": {"reference": dossier.product.reference, "name": dossier.product.name},
        "publisher": {"siren": dossier.product.publisher.siren, "name": dossier.product.publisher.legal_name},
        "submission": {"number": submission.number, "submitted_at": submission.submitted_at.isoformat()},
        "files": [
            {
                "path": packed.path or None,
                "name": packed.version.original_name,
                "title": packed.version.document.title,
                "version": packed.version.number,
                "media_type": packed.version.media_type,
                "size": packed.version.size,
                "sha256": packed.version.sha256,
                "state": packed.version.state,
                "questions": packed.keys,
            }
            for packed in files
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _index(files: list[PackedFile]) -> Iterator[str]:
    """One line for each question that a file proves."""
    header = [_("Exigence"), _("Fichier"), _("Titre"), _("Version"), _("Taille en octets"), "SHA-256", _("État")]
    rows = (
        [
            key,
            packed.path or packed.version.original_name,
            packed.version.document.title,
            packed.version.number,
            packed.version.size,
            packed.version.sha256,
            packed.version.get_state_display() if packed.path else _("absent : %(state)s") % _state(packed),
        ]
        for packed in files
        for key in packed.keys
    )
    return lines(header, rows)


def _state(packed: PackedFile) -> dict[str, str]:
    return {"state": packed.version.get_state_display()}


def _explanation(submission: Submission) -> str:
    return _(
        "Preuves du dossier %(dossier)s, soumission n° %(number)d.\n\n"
        "Chaque fichier est rangé sous la première exigence qu’il prouve.\n"
        "index.csv : une ligne par exigence et par fichier.\n"
        "manifest.json : les mêmes informations pour un programme, avec l’empreinte SHA-256 de chaque fichier. Pour "
        "vérifier qu’un fichier est celui qui a été déposé, comparez son empreinte à celle du manifeste.\n"
        "Un fichier CSV porte l’extension .txt : ainsi, aucun tableur n’en exécute les formules.\n\n"
        "Ces documents sont confidentiels : ne les transmettez qu’aux personnes qui doivent les lire.\n"
    ) % {"dossier": submission.dossier.number, "number": submission.number}
