"""How a file's state, size and length look."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from evidence import sentences
from evidence.models import Document, DocumentVersion, Preview
from evidence.policies import is_cleared
from ui.formats import NO_BREAK_SPACE, filesize_fr, long_date
from ui.templatetags.portal import badge

register = template.Library()

TONES = {
    DocumentVersion.State.RECEIVED: "new",
    DocumentVersion.State.SCANNING: "info",
    DocumentVersion.State.CLEAN: "success",
    DocumentVersion.State.REFUSED: "error",
}


@register.simple_tag
def file_state(version: DocumentVersion) -> SafeString:
    """{% file_state version %}: a badge, and the sentence that says what it means and what to do."""
    state = DocumentVersion.State(version.state)
    shown = badge(str(state.label), TONES[state])
    sentence = sentences.about(version.state, version.refusal)
    if not sentence:
        return shown
    refused = " fr-message fr-message--error" if state is DocumentVersion.State.REFUSED else ""
    return format_html('{}<p class="fr-text--sm fr-mt-1v fr-mb-0{}">{}</p>', shown, refused, sentence)


@register.filter
def preview_sentence(version: DocumentVersion) -> str:
    """What to say when a file cannot be leafed through, or not whole; nothing when it can, or before its verdict."""
    if not version.is_readable:
        return ""
    return str(sentences.PREVIEWS.get(version.previews_state, ""))


@register.filter
def pages_left(version: DocumentVersion, previews: Sequence[Preview]) -> str:
    """What of a document its strip of pages leaves out, or nothing."""
    total = version.pages or 1
    if version.previews_state != DocumentVersion.PreviewsState.DRAWN or len(previews) >= total:
        return ""
    return ngettext(
        "Première page sur %(total)d ; la suite est dans le fichier.",
        "%(count)d premières pages sur %(total)d ; la suite est dans le fichier.",
        len(previews),
    ) % {"count": len(previews), "total": total}


@register.filter
def file_facts(version: DocumentVersion) -> str:
    """« 1,4 Mo », and the number of pages of what has some: « 1,4 Mo, 12 pages »."""
    size = filesize_fr(version.size)
    if version.pages is None:
        return size
    pages = ngettext("%(count)d page", "%(count)d pages", version.pages) % {"count": version.pages}
    return f"{size}, {pages.replace(' ', NO_BREAK_SPACE)}"


@register.filter
def openable_by(version: DocumentVersion, user: User) -> bool:
    """Whether whoever sees the file's name may open it: it is scanned, and not kept from them. Reads its document."""
    return version.is_readable and is_cleared(user, version.document)


@register.simple_tag
def validity(document: Document) -> str:
    """« valable jusqu’au 3 mars 2027 », « expiré depuis le 3 mars 2026 », or nothing."""
    if document.expires_on is None:
        return ""
    text = _("expiré depuis le %(day)s") if document.is_expired else _("valable jusqu’au %(day)s")
    return text % {"day": long_date(document.expires_on)}
