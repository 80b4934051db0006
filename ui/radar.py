"""The picture of scores: a radar as SVG, the same on screen (inline) and in the PDF report.

Attributes only, no style sheet and no script: a strict CSP and WeasyPrint both accept it.
The picture is decorative for assistive technologies: its table always stands beside it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ui.formats import percent
from ui.svg_text import LINE_HEIGHT, Box, text_width, wrap

BLUE = "#000091"  # blue-france-sun-113
INK = "#161616"
MUTED = "#666666"
GRID = "#cecece"
FONT = "Marianne, Arial, 'DejaVu Sans', sans-serif"
RINGS = (25, 50, 75, 100)

RADIUS = 110
LABEL_GAP = 14
LABEL_WIDTH = 104
PADDING = 8
MINIMUM_AXES, MAXIMUM_AXES = 3, 10

BAR_WIDTH = 300
BAR_HEIGHT = 14


@dataclass(frozen=True)
class RadarPoint:
    """One axis. `value` is a fraction (0–1), or None when the theme is not applicable."""

    label: str
    value: Decimal | None

    def __post_init__(self) -> None:
        if self.value is not None and not 0 <= self.value <= 1:
            raise ValueError(f"A score is a fraction between 0 and 1, not {self.value}")

    @property
    def figure(self) -> str:
        return _("n. a.") if self.value is None else percent(self.value)


@dataclass
class _Label:
    """The text at the end of an axis: its name on a few lines, then its figure in bold."""

    lines: list[str]
    figure: str
    anchor: str
    x: float
    box: Box


def radar_svg(points: Sequence[RadarPoint], size: int = 480) -> SafeString:
    """Draw the points, `size` pixels wide at most; bars instead when a radar would say nothing.

    A radar needs three axes to have a surface, and room for its labels beyond ten it has not.
    """
    if not points:
        return SafeString("")
    if MINIMUM_AXES <= len(points) <= MAXIMUM_AXES:
        return _radar(points, size)
    return _bars(points, size)


# --- The radar ---------------------------------------------------------------------------------


def _radar(points: Sequence[RadarPoint], size: int) -> SafeString:
    labels = place_labels(points)
    extent = Box(-RADIUS, -RADIUS, RADIUS, RADIUS)
    for label in labels:
        extent = extent.union(label.box)
    content = [_grid(points), _surface(points), _ring_figures(), *(_label_svg(label) for label in labels)]
    return _svg(extent.grown(PADDING), size, content)


def _at(axis: int, count: int, fraction: float) -> tuple[float, float]:
    """Coordinates on an axis; the first one points up, the others follow clockwise."""
    angle = 2 * math.pi * axis / count - math.pi / 2
    return RADIUS * fraction * math.cos(angle), RADIUS * fraction * math.sin(angle)


def _path(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)


def _grid(points: Sequence[RadarPoint]) -> SafeString:
    count = len(points)
    rings = format_html_join(
        "",
        '<polygon points="{}" fill="none" stroke="{}" stroke-width="1"/>',
        (
            (_path([_at(axis, count, ring / 100) for axis in range(count)]), "#929292" if ring == 100 else GRID)
            for ring in RINGS
        ),
    )
    axes = format_html_join(
        "",
        '<line x1="0" y1="0" x2="{}" y2="{}" stroke="{}" stroke-width="1"{}/>',
        (
            (
                *(f"{coordinate:.1f}" for coordinate in _at(axis, count, 1)),
                GRID,
                SafeString(' stroke-dasharray="2 4"') if point.value is None else "",
            )
            for axis, point in enumerate(points)
        ),
    )
    return SafeString(rings + axes)


def _surface(points: Sequence[RadarPoint]) -> SafeString:
    """The outline through the values that exist: one that is missing has no corner, and must not read as a zero."""
    count = len(points)
    corners = [_at(axis, count, float(point.value)) for axis, point in enumerate(points) if point.value is not None]
    outline = format_html(
        '<polygon points="{}" fill="{}" fill-opacity="0.14" stroke="{}" stroke-width="2" stroke-linejoin="round"/>',
        _path(corners), BLUE, BLUE,
    )  # fmt: skip
    dots = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="4" fill="#ffffff" stroke="{}" stroke-width="2"/>',
        ((f"{x:.1f}", f"{y:.1f}", BLUE) for x, y in corners),
    )
    return SafeString((outline if corners else "") + dots)


def _ring_figures() -> SafeString:
    """25, 50, 75, 100 along the first axis, on a light ground to stay readable over the surface."""
    return format_html_join(
        "",
        '<rect x="5" y="{}" width="{}" height="12" fill="#ffffff" fill-opacity="0.75"/>'
        '<text x="7" y="{}" font-size="10" fill="{}">{}</text>',
        (
            (f"{3 - y:.1f}", f"{text_width(str(ring), 10) + 4:.1f}", f"{12.5 - y:.1f}", MUTED, ring)
            for ring in RINGS
            for y in [RADIUS * ring / 100]
        ),
    )


def place_labels(points: Sequence[RadarPoint]) -> list[_Label]:
    """Lay every label out around the radar, moved away from the middle until none covers another."""
    labels = [_first_place(axis, len(points), point) for axis, point in enumerate(points)]
    # From the equator towards the poles, each half on its own: a label only ever moves outwards.
    by_height = sorted(labels, key=lambda label: abs(label.box.middle))
    placed: list[_Label] = []
    for label in by_height:
        upwards = label.box.middle < 0
        while other := next((p for p in placed if p.box.overlaps(label.box)), None):
            shift = other.box.top - label.box.bottom if upwards else other.box.bottom - label.box.top
            label.box = label.box.moved(shift - 4 if upwards else shift + 4)
        placed.append(label)
    return labels


def _first_place(axis: int, count: int, point: RadarPoint) -> _Label:
    lines = wrap(point.label, LABEL_WIDTH)
    width = max(text_width(line) for line in [*lines, point.figure])
    height = LINE_HEIGHT * (len(lines) + 1)
    x, y = _at(axis, count, (RADIUS + LABEL_GAP) / RADIUS)
    leaning = x / (RADIUS + LABEL_GAP)
    anchor = "middle" if abs(leaning) < 0.15 else "start" if leaning > 0 else "end"
    left = {"middle": x - width / 2, "start": x, "end": x - width}[anchor]
    # Fully above at the top, fully below at the bottom, centred on the sides.
    middle = y + y / (RADIUS + LABEL_GAP) * height / 2
    return _Label(lines, point.figure, anchor, x, Box(left, middle - height / 2, left + width, middle + height / 2))


def _label_svg(label: _Label) -> SafeString:
    rows = [(line, "400", INK) for line in label.lines] + [(label.figure, "700", BLUE)]
    return format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}" font-weight="{}" fill="{}">{}</text>',
        (
            (f"{label.x:.1f}", f"{label.box.top + LINE_HEIGHT * (row + 0.78):.1f}", label.anchor, weight, ink, text)
            for row, (text, weight, ink) in enumerate(rows)
        ),
    )


# --- The bars ----------------------------------------------------------------------------------


def _bars(points: Sequence[RadarPoint], size: int) -> SafeString:
    content: list[SafeString] = []
    top = 0.0
    for point in points:
        lines = wrap(point.label, BAR_WIDTH)
        content.append(
            format_html_join(
                "",
                '<text x="0" y="{}" fill="{}">{}</text>',
                ((f"{top + LINE_HEIGHT * (row + 0.78):.1f}", INK, line) for row, line in enumerate(lines)),
            )
        )
        top += LINE_HEIGHT * len(lines) + 3
        content.append(_bar(point, top))
        top += BAR_HEIGHT + 14
    content.append(_bar_scale(top - 6))
    return _svg(Box(0, 0, BAR_WIDTH + 70, top + 8).grown(PADDING), size, content)


def _bar(point: RadarPoint, top: float) -> SafeString:
    width = BAR_WIDTH * float(point.value or 0)
    track = format_html(
        '<rect x="0.5" y="{}" width="{}" height="{}" fill="#ffffff" stroke="#929292"{}/>',
        f"{top:.1f}", BAR_WIDTH, BAR_HEIGHT, SafeString(' stroke-dasharray="2 4"') if point.value is None else "",
    )  # fmt: skip
    filled = format_html(
        '<rect x="0.5" y="{}" width="{}" height="{}" fill="{}"/>', f"{top:.1f}", f"{width:.1f}", BAR_HEIGHT, BLUE
    )
    figure = format_html(
        '<text x="{}" y="{}" font-weight="700" fill="{}">{}</text>',
        BAR_WIDTH + 10, f"{top + BAR_HEIGHT * 0.82:.1f}", BLUE, point.figure,
    )  # fmt: skip
    return SafeString(track + (filled if width else "") + figure)


def _bar_scale(top: float) -> SafeString:
    return format_html_join(
        "",
        '<line x1="{0}" y1="{1}" x2="{0}" y2="{2}" stroke="{3}"/>'
        '<text x="{0}" y="{4}" font-size="10" text-anchor="middle" fill="{5}">{6}</text>',
        (
            (f"{BAR_WIDTH * ring / 100:.1f}", f"{top - 4:.1f}", f"{top:.1f}", MUTED, f"{top + 11:.1f}", MUTED, ring)
            for ring in RINGS
        ),
    )


def _svg(view: Box, size: int, content: Sequence[SafeString]) -> SafeString:
    """The outer element: the view box holds every text, so nothing is ever clipped."""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="portal-radar" aria-hidden="true" focusable="false" '
        'width="{}" height="{}" viewBox="{}" font-family="{}" font-size="13">{}</svg>',
        size,
        round(size * view.height / view.width),
        f"{view.left:.1f} {view.top:.1f} {view.width:.1f} {view.height:.1f}",
        FONT,
        format_html_join("", "{}", ((part,) for part in content)),
    )
