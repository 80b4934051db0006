"""The picture of scores: readable labels, honest gaps, the same file for screen and paper."""

from decimal import Decimal
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from weasyprint import HTML

from ui.radar import RadarPoint, place_labels, radar_svg
from ui.svg_text import text_width, wrap

SVG = "{http://www.w3.org/2000/svg}"
WORDS = st.sampled_from(["Interopérabilité", "et", "traçabilité", "des", "accès", "Sécurité", "RGPD", "continuité"])
LABELS = st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), min_size=3, max_size=10)


def points(*values):
    return [RadarPoint(f"Thème {rank}", None if value is None else Decimal(value)) for rank, value in enumerate(values)]


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 - our own output


def texts(svg):
    return [element.text for element in parsed(svg).iter(f"{SVG}text")]


@given(LABELS)
def test_labels_never_cover_each_other(labels):
    placed = place_labels([RadarPoint(label, Decimal("0.5")) for label in labels])

    assert not [pair for pair in combinations(placed, 2) if pair[0].box.overlaps(pair[1].box)]


@given(LABELS)
def test_every_label_stands_inside_the_picture(labels):
    chart = [RadarPoint(label, Decimal("0.5")) for label in labels]
    left, top, width, height = map(float, parsed(radar_svg(chart)).get("viewBox").split())

    for label in place_labels(chart):
        assert label.box.left >= left and label.box.right <= left + width
        assert label.box.top >= top and label.box.bottom <= top + height


def test_each_axis_shows_its_name_and_its_figure():
    shown = texts(radar_svg(points("0.783", "0.5", "1")))

    assert {"Thème 0", "78,3\u202f%", "Thème 1", "50,0\u202f%", "Thème 2", "100,0\u202f%"} <= set(shown)


def test_rings_are_labelled_by_quarters():
    assert texts(radar_svg(points("1", "1", "1")))[:4] == ["25", "50", "75", "100"]


def test_a_missing_value_has_no_corner_and_never_reads_as_a_zero():
    svg = parsed(radar_svg(points("0.5", None, "0.8", "0.9")))

    (outline,) = [p.get("points") for p in svg.iter(f"{SVG}polygon") if p.get("stroke") == "#000091"]
    assert outline is not None
    assert len(outline.split(" ")) == 3
    assert "0.0,0.0" not in outline.split(" ")  # the centre, where a zero would be
    assert len(list(svg.iter(f"{SVG}circle"))) == 3
    assert "n. a." in texts(ET.tostring(svg, encoding="unicode"))


def test_a_complete_radar_is_one_closed_outline():
    svg = parsed(radar_svg(points("0.5", "0.2", "0.8")))

    assert not list(svg.iter(f"{SVG}polyline"))
    assert [p.get("stroke") for p in svg.iter(f"{SVG}polygon")].count("#000091") == 1


def test_a_value_stands_on_its_axis_at_its_distance():
    svg = parsed(radar_svg(points("0.5", "0", "1", "0.25")))

    assert [(c.get("cx"), c.get("cy")) for c in svg.iter(f"{SVG}circle")] == [
        ("0.0", "-55.0"), ("0.0", "0.0"), ("0.0", "110.0"), ("-27.5", "0.0"),
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 2, 11])
def test_too_few_or_too_many_axes_become_bars(count):
    svg = parsed(radar_svg(points(*["0.5"] * count)))

    assert not list(svg.iter(f"{SVG}polygon"))
    assert [bar.get("width") for bar in svg.iter(f"{SVG}rect")].count("150.0") == count


def test_a_missing_bar_says_so():
    svg = radar_svg(points(None, "0"))

    assert "n. a." in texts(svg)
    assert "#000091" not in [bar.get("fill") for bar in parsed(svg).iter(f"{SVG}rect")]


def test_nothing_to_draw_draws_nothing():
    assert radar_svg([]) == ""


@pytest.mark.parametrize("value", ["-0.01", "1.01"])
def test_a_score_outside_0_1_is_refused(value):
    with pytest.raises(ValueError, match="between 0 and 1"):
        RadarPoint("Sécurité", Decimal(value))


def test_a_label_cannot_inject_markup():
    svg = radar_svg([RadarPoint("<b>&amp;</b>", Decimal(1)), *points("1", "1")])

    assert "<b>" not in svg
    assert "<b>&amp;</b>" in texts(svg)


def test_the_picture_needs_no_style_and_no_script():
    svg = radar_svg(points("0.5", None, "0.8"))

    assert "style" not in svg and "script" not in svg
    assert 'aria-hidden="true"' in svg
    assert "DejaVu Sans" in parsed(svg).get("font-family")


def test_the_report_accepts_the_same_picture():
    document = HTML(string=radar_svg(points("0.5", None, "0.8", "1"))).render()

    assert len(document.pages) == 1


@given(st.text(min_size=1, max_size=60))
def test_wrapping_loses_no_word(text):
    lines = wrap(text, 104)

    assert "".join("".join(lines).split()).replace("-", "") == "".join(text.split()).replace("-", "")
    assert all(text_width(line) <= 160 for line in lines)
