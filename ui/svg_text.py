"""How much room a text takes in an SVG, where nothing wraps by itself.

Widths are estimates on the wide side (DejaVu Sans, the widest of the fonts we may meet):
a label gets a little too much room rather than too little.
"""

from dataclasses import dataclass, replace

FONT_SIZE = 13
LINE_HEIGHT = 16
# A label grows up to this for one long word: « Interopérabilité » must not be cut.
LONGEST_WORD = 160.0
_NARROW = frozenset("iljtfrI.,;:'’!|()[] \u00a0\u202f-")
_WIDE = frozenset("mwMWœŒ%@—")


@dataclass(frozen=True)
class Box:
    """A rectangle, y downwards, in user units."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def moved(self, down: float) -> "Box":
        return replace(self, top=self.top + down, bottom=self.bottom + down)

    def union(self, other: "Box") -> "Box":
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def grown(self, by: float) -> "Box":
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


def text_width(text: str, font_size: float = FONT_SIZE) -> float:
    return sum(_em(character) for character in text) * font_size


def _em(character: str) -> float:
    if character in _NARROW:
        return 0.42
    if character in _WIDE or character.isupper():
        return 0.95 if character in _WIDE else 0.75
    return 0.64


def wrap(text: str, width: float) -> list[str]:
    """Cut a text in lines at most `width` wide, or as wide as one long word (LONGEST_WORD at most)."""
    lines = [""]
    for word in (piece for whole in text.split() for piece in _cut(whole, width)):
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line for line in lines if line] or [""]


def _cut(word: str, width: float) -> list[str]:
    """The word itself, or its pieces when it is longer than any word of French is."""
    pieces = []
    while text_width(word) > max(width, LONGEST_WORD):
        end = next(n for n in range(len(word), 0, -1) if n == 1 or text_width(f"{word[:n]}-") <= width)
        pieces.append(f"{word[:end]}-")
        word = word[end:]
    return [*pieces, word]
