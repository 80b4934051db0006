"""Text as it is compared and searched: without case, accents, nor the many ways of a hyphen or an apostrophe."""

import unicodedata

_SAME = {"’": "'", "‘": "'", "‐": " ", "‑": " ", "–": " ", "-": " "}


def folded(text: str) -> tuple[str, list[int]]:
    """Without case nor accents, and for each character (and the end) its place in the original."""
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for part in unicodedata.normalize("NFKD", character).casefold():
            if not unicodedata.combining(part):
                kept.append(_SAME.get(part, part))
                places.append(place)
    return "".join(kept), [*places, len(text)]
