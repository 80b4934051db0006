"""The longest rise of a sequence of numbers: what need not move for the others to be in order."""

from bisect import bisect_left
from collections.abc import Sequence


def longest_rise(numbers: Sequence[int]) -> frozenset[int]:
    """The positions of a longest rising subsequence of different numbers; of several, one, always the same."""
    tops: list[int] = []  # the smallest number that ends a rise of each length …
    ends: list[int] = []  # … and its position
    before: list[int | None] = []
    for position, number in enumerate(numbers):
        length = bisect_left(tops, number)
        before.append(ends[length - 1] if length else None)
        tops[length : length + 1] = [number]
        ends[length : length + 1] = [position]
    kept: set[int] = set()
    position_back = ends[-1] if ends else None
    while position_back is not None:
        kept.add(position_back)
        position_back = before[position_back]
    return frozenset(kept)
