"""A file's name as its owner gave it, made harmless: it is shown, stored in a row and offered at download."""

import re
import unicodedata
from pathlib import PurePosixPath

MAX_LENGTH = 150
# Longer than any extension we accept; what follows a later dot in a sentence is not an extension.
MAX_EXTENSION_LENGTH = 10
# Control, format (bidirectional overrides, zero-width), surrogate, private and unassigned characters, line separators.
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
FORBIDDEN = re.compile(r'[<>:"|?*]')
WINDOWS_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


def neutralise(name: str) -> str:
    """Return `name` without path, control, bidirectional or forbidden characters, at most MAX_LENGTH long.

    The extension is kept when the name is cut. Never empty.
    """
    last = re.split(r"[/\\]", name)[-1]
    # Line breaks and tabs separate words: they become spaces before the invisible characters go.
    spaced = re.sub(r"\s", " ", last)
    visible = "".join(character for character in spaced if unicodedata.category(character) not in INVISIBLE)
    kept = FORBIDDEN.sub("_", unicodedata.normalize("NFC", visible))
    short = _shorten(re.sub(" +", " ", kept).strip(" .") or "document")
    return _shorten(f"_{short}") if WINDOWS_DEVICES.match(short) else short


def extension(name: str) -> str:
    """Return the extension of a neutralised name, in lower case with its dot, or an empty string."""
    return PurePosixPath(name).suffix.lower()


def stem(name: str) -> str:
    """Return the name without its extension."""
    return PurePosixPath(name).stem


def _shorten(name: str) -> str:
    suffix = PurePosixPath(name).suffix
    if len(suffix) > MAX_EXTENSION_LENGTH:
        suffix = ""
    base = name.removesuffix(suffix) if suffix else name
    return base[: MAX_LENGTH - len(suffix)].rstrip(" .") + suffix
