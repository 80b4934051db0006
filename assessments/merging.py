"""Two people's texts made one, from the text that both started from."""

import re
from typing import Any

from merge3 import Merge3

# After the end of a sentence, or around a line break. What separates is a piece too: joined, they are the text again.
_BETWEEN = re.compile(r"((?<=[.!?;…])\s+|\s*\n\s*)")


def merged(base: str, mine: str, theirs: str) -> str:
    """What each changed since `base`, sentence by sentence.

    Where both changed the same sentences, both stand, each on lines of its own, `mine` first: a person reads it and
    decides. Nothing else is written: whatever was would soon stand in an answer that examiners read.
    """
    groups = Merge3(_pieces(base), _pieces(mine), _pieces(theirs)).merge_groups()
    return "".join(_joined(group) for group in groups)


def _pieces(text: str) -> list[str]:
    return [piece for piece in _BETWEEN.split(text) if piece]


def _joined(group: tuple[Any, ...]) -> str:
    kind, *parts = group
    if kind != "conflict":
        return "".join(parts[0])
    _base, mine, theirs = ("".join(part).strip() for part in parts)
    return "\n" + "".join(f"{text}\n" for text in (mine, theirs) if text)
