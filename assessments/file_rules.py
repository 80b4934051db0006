"""Which files a question takes."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.answer_states import HeldFile
from evidence.models import DocumentVersion
from evidence.uploads import MEDIA_TYPES
from questionnaires import engine


def accepted_formats(question: engine.Question) -> tuple[str, ...]:
    """Extensions that a question takes: its own where it names some, among those that the portal can examine."""
    named = tuple(f".{name}" for name in question.formats)
    return tuple(each for each in named if each in MEDIA_TYPES) or tuple(MEDIA_TYPES)


def places_taken(files: Iterable[HeldFile]) -> int:
    """How many files count in what a question takes: one that the analysis refused takes nobody's place."""
    return sum(file.state != DocumentVersion.State.REFUSED for file in files)


def is_full(question: engine.Question, files: Iterable[HeldFile]) -> bool:
    """Whether a question that has these files takes no other."""
    return question.max_files is not None and places_taken(files) >= question.max_files


def refusal_of_file(question: engine.Question, name: str, *, there: Iterable[HeldFile]) -> str:
    """Why the question does not take this file, or nothing. `there`: the files that it has."""
    formats = accepted_formats(question)
    if not name.lower().endswith(formats):
        words = ", ".join(each.removeprefix(".").upper() for each in formats)
        return _("%(name)s n’a pas été joint : cette question demande un fichier %(formats)s.") % {
            "name": name,
            "formats": words,
        }
    if question.max_files is not None and is_full(question, there):
        return ngettext(
            "%(name)s n’a pas été joint : cette question prend %(count)d fichier. Retirez d’abord l’ancien.",
            "%(name)s n’a pas été joint : cette question prend %(count)d fichiers au plus. Retirez-en un d’abord.",
            question.max_files,
        ) % {"name": name, "count": question.max_files}
    return ""
