"""How a file's state, size and length look."""

from typing import Any

from django import template
from django.utils.translation import ngettext

from evidence import sentences
from evidence.models import DocumentVersion
from ui.formats import NO_BREAK_SPACE, filesize_fr

register = template.Library()

TONES = {
    DocumentVersion.State.RECEIVED: "new",
    DocumentVersion.State.SCANNING: "info",
    DocumentVersion.State.CLEAN: "success",
    DocumentVersion.State.REFUSED: "error",
}


@register.inclusion_tag("evidence/_state.html")
def file_state(version: DocumentVersion) -> dict[str, Any]:
    """{% file_state version %}: a badge, and the sentence that says what it means and what to do."""
    state = DocumentVersion.State(version.state)
    return {
        "label": state.label,
        "tone": TONES[state],
        "sentence": sentences.about(version.state, version.refusal),
        "refused": state is DocumentVersion.State.REFUSED,
    }


@register.filter
def file_facts(version: DocumentVersion) -> str:
    """« 1,4 Mo », and the number of pages of what has some: « 1,4 Mo, 12 pages »."""
    size = filesize_fr(version.size)
    if version.pages is None:
        return size
    pages = ngettext("%(count)d page", "%(count)d pages", version.pages) % {"count": version.pages}
    return f"{size}, {pages.replace(' ', NO_BREAK_SPACE)}"
