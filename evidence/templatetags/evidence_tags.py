"""How a file's state looks."""

from typing import Any

from django import template

from evidence import sentences
from evidence.models import DocumentVersion

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
