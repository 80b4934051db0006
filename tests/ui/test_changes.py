"""The picture of what scores gain and lose: each change in its column, told without colour."""

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from ui.changes import SLOTS, STILL, changes_svg, distribution, slot_labels, slot_of


@pytest.mark.parametrize(
    ("points", "slot"),
    [("-40", 0), ("-10", 0), ("-9.9", 1), ("-5", 1), ("-1", 2), ("-0.1", 3), ("0", 4), ("0.1", 5), ("1", 6), ("5", 7)],
)
def test_each_change_has_its_column(points, slot):
    assert slot_of(Decimal(points)) == slot


def test_a_gain_stands_as_far_from_the_middle_as_the_same_loss():
    for points in ("0.4", "1", "3", "5", "10", "55"):
        assert slot_of(Decimal(points)) - STILL == STILL - slot_of(-Decimal(points))


def test_every_change_is_counted_once_and_every_column_has_its_words():
    counts = distribution([Decimal(each) for each in ("-12", "0", "0", "2")])

    assert sum(counts) == 4
    assert counts[STILL] == 2
    assert len(counts) == len(slot_labels()) == len(set(slot_labels())) == SLOTS


def test_losses_are_outlined_gains_are_full_and_empty_columns_are_not_drawn():
    counts = distribution([Decimal(-12), Decimal(0), Decimal(2)])

    drawn = [each.get("fill") for each in ET.fromstring(changes_svg(counts)).iter() if each.tag.endswith("rect")]  # noqa: S314

    assert drawn == ["#ffffff", "#cecece", "#000091"]


def test_without_a_change_there_is_an_axis_all_the_same():
    assert "<rect" not in changes_svg(distribution([]))
