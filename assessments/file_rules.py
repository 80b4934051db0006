"""Which files a question takes."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evidence.uploads import MEDIA_TYPES
from questionnaires import engine


def accepted_formats(question: engine.Question) -> tuple[str, ...]:
    """Extensions that a question takes: its own where it names some, among those that the portal can examine."""
    named = tuple(f".{name}" for name in question.formats)
    return tuple(each for each in named if each in MEDIA_TYPES) or tuple(MEDIA_TYPES)


def refusal_of_file(question: engine.Question, name: str, *, already: int) -> str:
    """Why the question does not take this file, or nothing. `already` counts the files that it has."""
    formats = accepted_formats(question)
    if not name.lower().endswith(formats):
        words = ", ".join(each.removeprefix(".").upper() for each in formats)
        return _("%(name)s n’a pas été joint : cette question demande un fichier %(formats)s.") % {
            "name": name,
            "formats": words,
        }
    if question.max_files is not None and already >= question.max_files:
        return ngettext(
            "%(name)s n’a pas été joint : cette question prend %(count)d fichier. Retirez d’abord l’ancien.",
            "%(name)s n’a pas été joint : cette question prend %(count)d fichiers au plus. Retirez-en un d’abord.",
            question.max_files,
        ) % {"name": name, "count": question.max_files}
    return ""
