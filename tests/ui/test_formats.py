"""Figures, sizes and dates, as French readers expect them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from ui.formats import duration_fr, filesize_fr, long_date, percent, since_days, siren


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (Decimal("0.783"), 1, "78,3\u202f%"),
        (Decimal("0.7825"), 1, "78,3\u202f%"),
        (Decimal("0.78249"), 1, "78,2\u202f%"),
        (Decimal("0.785"), 0, "79\u202f%"),
        (Decimal(0), 1, "0,0\u202f%"),
        (Decimal(1), 0, "100\u202f%"),
        (None, 1, "non applicable"),
    ],
)
def test_a_fraction_is_a_percentage_rounded_half_up(value, places, written):
    assert percent(value, places) == written


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (0, "0 o"),
        (999, "999 o"),
        (1_000, "1 ko"),
        (1_449, "1,4 ko"),
        (1_450, "1,5 ko"),
        (999_960, "1 Mo"),
        (50_000_000, "50 Mo"),
        (2_300_000_000_000, "2,3 To"),
        (5_000_000_000_000_000, "5\u202f000 To"),
    ],
)
def test_a_size_takes_the_unit_that_keeps_it_short(size, written):
    assert filesize_fr(size) == written.replace(" ", "\u00a0")


def test_a_day_is_written_in_full():
    assert long_date(date(2026, 11, 22)) == "22 novembre 2026"
    assert long_date(date(2026, 1, 1)) == "1er janvier 2026"
    assert long_date(date(2026, 5, 11)) == "11 mai 2026"
    assert long_date(None) == ""


def test_a_moment_is_dated_in_paris():
    late_in_utc = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)

    assert long_date(late_in_utc) == "23 novembre 2026"


@time_machine.travel(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), tick=False)  # already the 23rd in Paris
@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2026, 11, 23), "depuis aujourd’hui"),
        (date(2026, 11, 22), "depuis 1 jour"),
        (datetime(2026, 11, 20, 12, tzinfo=UTC), "depuis 3 jours"),
        (date(2026, 11, 24), "depuis aujourd’hui"),
        (None, ""),
    ],
)
def test_an_age_counts_the_days_of_paris(value, written):
    assert since_days(value) == written


@pytest.mark.parametrize(
    ("days", "written"), [(1, "1 jour"), (30, "30 jours"), (365, "1 an"), (1_095, "3 ans"), (400, "400 jours")]
)
def test_a_duration_is_in_years_when_it_is_whole_years(days, written):
    assert duration_fr(days) == written


def test_a_siren_is_written_by_threes():
    assert siren("732829320") == "732\u202f829\u202f320"
