"""What changed between two texts, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

# No-break spaces hold a sign to its word: « ; » is no word of its own.
_WORD = re.compile(r"[^ \t\r\n]+")


def word_differences(then: str, now: str) -> Iterator[tuple[str, str]]:
    """(« same », « out » or « in », words), in reading order; all « same » when only spaces differ."""
    before, after = _WORD.findall(then), _WORD.findall(now)
    for kind, start, end, begin, finish in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", " ".join(before[start:end])
            continue
        if end > start:
            yield "out", " ".join(before[start:end])
        if finish > begin:
            yield "in", " ".join(after[begin:finish])
