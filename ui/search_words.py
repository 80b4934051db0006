"""Words that somebody looks for in French texts: whatever their case, accents and number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from ui.folding import folded

# Characters of a text that are read out on each side of the first word found in it.
AROUND = 90

# Endings that the singular and the plural of a word do not share.
_ENDINGS = (("aux", "al"), ("aux", "ail"), ("al", "aux"), ("ail", "aux"))


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is looked for: each of these, folded, somewhere in a text; « sauvegard » finds sauvegarde and sauvegarder,
    « données » finds donnée, « journal » finds journaux."""

    typed: str
    each: tuple[str, ...]

    @classmethod
    def of(cls, typed: str) -> "Words":
        """Cut at spaces before folding: « SEC-EXP-04 » is one word."""
        cut = (folded(word)[0].strip() for word in typed.split())
        return cls(typed=typed, each=tuple(dict.fromkeys(word for word in cut if word)))

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {word: re.compile("|".join(_forms(word))) for word in self.each}

    def are_all_in(self, flat: str) -> bool:
        """Whether a folded text holds every word."""
        return all(pattern.search(flat) for pattern in self._patterns.values())

    def is_any_in(self, flat: str) -> bool:
        """Whether a folded text holds one of them."""
        return any(pattern.search(flat) for pattern in self._patterns.values())

    def missing_from(self, flat: str) -> "Words":
        """Those that a folded text does not hold."""
        missing = (word for word, pattern in self._patterns.items() if not pattern.search(flat))
        return Words(typed=self.typed, each=tuple(missing))

    def marked(self, text: str) -> SafeString:
        """The text, escaped, with every word that it holds in a `<mark>`."""
        flat, places = folded(text)
        pieces, done = [], 0
        for start, end in self._spans(flat):
            pieces += [(text[done : places[start]], "", ""), (text[places[start] : places[end]], "<mark>", "</mark>")]
            done = places[end]
        pieces.append((text[done:], "", ""))
        return format_html_join("", "{1}{0}{2}", ((each, _tag(before), _tag(after)) for each, before, after in pieces))

    def excerpt(self, text: str) -> SafeString:
        """The marked text around the first word that it holds."""
        flat, places = folded(text)
        start = places[self._spans(flat)[0][0]]
        first, last = max(0, start - AROUND), min(len(text), start + AROUND)
        # Whole words at both ends.
        first = text.rfind(" ", 0, first) + 1 if first else 0
        last = text.find(" ", last) if text.find(" ", last) > 0 else len(text)
        cut = f"{'… ' if first else ''}{text[first:last]}{' …' if last < len(text) else ''}"
        return self.marked(cut)

    def _spans(self, flat: str) -> list[tuple[int, int]]:
        """Where the words stand, those that touch or overlap as one, in order."""
        found = sorted(match.span() for pattern in self._patterns.values() for match in pattern.finditer(flat))
        merged: list[tuple[int, int]] = []
        for start, end in found:
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged


def _forms(word: str) -> Iterator[str]:
    """Patterns: the word anywhere, as it begins or ends another; its singular and its plural as whole words only."""
    yield re.escape(word)
    if len(word) > 3 and word[-1] in "sx":
        yield rf"\b{re.escape(word[:-1])}\b"
    for ending, other in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            yield rf"\b{re.escape(word.removesuffix(ending))}{other}\b"


def _tag(text: str) -> SafeString:
    # Ours, never what somebody typed.
    return SafeString(text)
