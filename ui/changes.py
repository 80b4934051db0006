"""The picture of what scores gain and lose: a column for each size of change, as SVG.

Attributes only, as ui.radar. Decorative for assistive technologies: its table always stands beside it.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ui.radar import BLUE, FONT, GRID, INK, MUTED

# Sizes of change, in points: what loses is told by its outline, what gains is full. Never by colour alone.
BOUNDS = (Decimal(1), Decimal(5), Decimal(10))
SLOTS = 2 * len(BOUNDS) + 3
STILL = SLOTS // 2

COLUMN, GAP, TALLEST, TOP = 34, 4, 90, 20
WIDTH = SLOTS * COLUMN
HEIGHT = TOP + TALLEST + 40
MINUS = "\u2212"


def slot_of(points: Decimal) -> int:
    """The column of a change, from the greatest loss to the greatest gain; the one in the middle is no change."""
    if not points:
        return STILL
    away = 1 + sum(abs(points) >= bound for bound in BOUNDS)
    return STILL + away if points > 0 else STILL - away


def distribution(changes: Sequence[Decimal]) -> tuple[int, ...]:
    """How many changes, in points, fall in each column."""
    counts = [0] * SLOTS
    for points in changes:
        counts[slot_of(points)] += 1
    return tuple(counts)


def slot_labels() -> tuple[str, ...]:
    """What each column holds, in words."""
    bounds = [Decimal(0), *BOUNDS]
    spans = [
        *(_("de %(low)s à %(high)s points") % {"low": low, "high": high} for low, high in pairwise(bounds)),
        _("%(low)s points et plus") % {"low": BOUNDS[-1]},
    ]
    lost = [_("perdent %(span)s") % {"span": span} for span in reversed(spans)]
    return (*lost, _("sans changement"), *(_("gagnent %(span)s") % {"span": span} for span in spans))


def changes_svg(counts: Sequence[int]) -> SafeString:
    """Draw the counts of `distribution`; readable from 300 pixels on."""
    most = max(counts, default=0) or 1
    columns = format_html_join("", "{}", ((_column(slot, count, most),) for slot, count in enumerate(counts)))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="impact-picture" aria-hidden="true" focusable="false" '
        'viewBox="0 0 {} {}" font-family="{}" font-size="12">{}{}</svg>',
        WIDTH, HEIGHT, FONT, columns, _axis(),
    )  # fmt: skip


def _column(slot: int, count: int, most: int) -> SafeString:
    if not count:
        return SafeString("")
    height = max(3, TALLEST * count / most)
    x, y = slot * COLUMN + GAP, TOP + TALLEST - height
    fill, stroke = (GRID, MUTED) if slot == STILL else ("#ffffff", BLUE) if slot < STILL else (BLUE, BLUE)
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="2"/>'
        '<text x="{}" y="{}" text-anchor="middle" font-weight="700" fill="{}">{}</text>',
        x, f"{y:.1f}", COLUMN - 2 * GAP, f"{height:.1f}", fill, stroke,
        slot * COLUMN + COLUMN / 2, f"{y - 5:.1f}", INK, count,
    )  # fmt: skip


def _axis() -> SafeString:
    base = TOP + TALLEST + 1
    marks = [((STILL - n) * COLUMN, f"{MINUS}{bound}") for n, bound in enumerate(BOUNDS, start=1)]
    marks += [((STILL + 1 + n) * COLUMN, f"+{bound}") for n, bound in enumerate(BOUNDS, start=1)]
    ticks = format_html_join(
        "",
        '<line x1="{0}" y1="{1}" x2="{0}" y2="{2}" stroke="{3}"/>'
        '<text x="{0}" y="{4}" text-anchor="middle" fill="{5}">{6}</text>',
        ((x, base, base + 4, MUTED, base + 16, MUTED, label) for x, label in [*marks, (WIDTH / 2, "0")]),
    )
    return format_html(
        '<line x1="0" y1="{}" x2="{}" y2="{}" stroke="{}"/>{}'
        '<text x="0" y="{}" fill="{}">← {}</text><text x="{}" y="{}" text-anchor="end" fill="{}">{} →</text>',
        base, WIDTH, base, MUTED, ticks, base + 34, INK, _("perdent, en points"), WIDTH, base + 34, INK,
        _("gagnent, en points"),
    )  # fmt: skip
