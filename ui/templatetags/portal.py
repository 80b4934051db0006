"""The portal's template tags: components with a signature, so a wrong call fails."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ui import formats
from ui.navigation import Entry
from ui.radar import RadarPoint, radar_svg

register = template.Library()

BADGE_TONES = frozenset({"new", "info", "success", "warning", "error"})


@register.simple_tag(takes_context=True)
def jinja(context: Context, name: str, **more: Any) -> SafeString:
    """{% jinja "questions/slots.html" cards=cards %}: a template of the second engine, with what this page knows."""
    known: dict[Any, Any] = context.flatten() | more
    return mark_safe(render_to_string(name, known, known["request"], using="jinja2"))  # noqa: S308 — it escapes


@register.simple_tag
def badge(label: str, tone: str) -> SafeString:
    """A DSFR badge."""
    if tone not in BADGE_TONES:
        raise ValueError(f"Unknown badge tone: {tone!r}")
    return format_html('<p class="fr-badge fr-badge--{} fr-badge--no-icon">{}</p>', tone, label)


@register.inclusion_tag("components/progress_bar.html")
def progress_bar(value: int, maximum: int, label: str) -> dict[str, Any]:
    """Nothing to do (maximum 0) is a full bar: a step without questions is done."""
    empty = maximum == 0
    return {
        "value": value,
        "maximum": maximum,
        "label": label,
        "bar_value": 1 if empty else value,
        "bar_maximum": 1 if empty else maximum,
    }


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*parts: str) -> dict[str, Any]:
    """Label, address, label, address …, and last the page one is on. « Accueil » comes by itself."""
    if len(parts) % 2 == 0:
        raise ValueError("breadcrumb takes pairs of label and address, then the name of the page")
    *steps, here = parts
    return {"links": list(zip(steps[::2], steps[1::2], strict=True)), "here": here}


@register.simple_tag
def radar(points: Sequence[RadarPoint], size: int = 480) -> SafeString:
    return radar_svg(points, size)


@register.filter
def percent(value: Decimal | None) -> str:
    return formats.percent(value)


@register.filter
def duration_fr(days: int) -> str:
    return formats.duration_fr(days)


@register.filter
def points(value: Decimal) -> str:
    return formats.points(value)


@register.filter
def about_minutes(minutes: int) -> str:
    return formats.about_minutes(minutes)


@register.filter
def percent0(value: Decimal | None) -> str:
    return formats.percent(value, places=0)


@register.filter
def siren(number: str) -> str:
    return formats.siren(number)


@register.filter
def filesize_fr(size: int) -> str:
    return formats.filesize_fr(size)


@register.filter
def long_date(value: date | None) -> str:
    return formats.long_date(value)


@register.filter
def since_days(value: date | None) -> str:
    return formats.since_days(value)


@register.filter
def alert_tone(level_tag: str) -> str:
    """Tone of the DSFR alert for the level of a message of django.contrib.messages."""
    return {"success": "success", "warning": "warning", "error": "error"}.get(level_tag, "info")


@register.filter
def is_section_of(entry: Entry, path: str) -> bool:
    """True when the page at `path` lives under the entry: it is shown as the current section."""
    return entry.url != "/" and path.startswith(entry.url)


@register.filter
def focus_id(field: BoundField) -> str:
    """Where a link of the error summary leads: the control, or the first choice of a group."""
    return f"{field.auto_id}_0" if field.use_fieldset else str(field.id_for_label)
