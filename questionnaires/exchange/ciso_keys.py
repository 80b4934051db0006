"""Keys of ours for the nodes of a framework: always the same for the same node, wherever it stands in the file."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

LONGEST = 20  # what a column of keys holds
LONGEST_CODE = 10
_MARK = 5  # letters of a digest: enough to tell some thousands of nodes apart


def code_of(name: str) -> str:
    """The code of a questionnaire: the name itself, or its initials and figures when that is too long."""
    words = _words(name)
    code = "-".join(words)
    if len(code) <= LONGEST_CODE:
        return code if code[:1].isalpha() else f"Q{code}"[:LONGEST_CODE].rstrip("-") or "Q"
    initials = "".join(word if word.isdigit() else word[0] + re.sub(r"\D", "", word[1:]) for word in words)
    code = initials if len(words) > 1 else code
    return (code if code[:1].isalpha() else f"Q{code}")[:LONGEST_CODE]


def keys_of(prefix: str, names: Sequence[str], identities: Sequence[str], *, known: str = "") -> list[str]:
    """A key for each name, after `prefix`. The words of `known`, the framework's own name, are left out of its start.

    A name that is too long, or that several nodes have, is told from others by a digest of its node's identity: not by
    its place, which changes from one version of a framework to the next.
    """
    said = {word for word in _words(known) if word.isalpha() and len(word) > 2}
    plain = ["-".join((prefix, *_without_start(_words(name), said))) for name in names]
    shared = Counter(plain)
    keys = [
        key if len(key) <= LONGEST and shared[key] == 1 and key != prefix else _marked(key, identity)
        for key, identity in zip(plain, identities, strict=True)
    ]
    return _apart(keys)


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    return re.findall(r"[A-Z0-9]+", plain)


def _without_start(words: list[str], known: set[str]) -> list[str]:
    """A word is kept at least. Each name is shortened by itself: another version of the framework changes no key."""
    while len(words) > 1 and words[0] in known:
        words = words[1:]
    return words


def _marked(key: str, identity: str) -> str:
    digest = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK].upper()
    return f"{key[: LONGEST - _MARK - 1].rstrip('-')}-{digest}"


def _apart(keys: list[str]) -> list[str]:
    """Two nodes that nothing tells apart are told apart by their order."""
    seen: Counter[str] = Counter()
    apart: list[str] = []
    taken = set(keys)
    for key in keys:
        seen[key] += 1
        name = key
        while seen[key] > 1 and name in taken:
            name = f"{key[: LONGEST - 4].rstrip('-')}-{seen[key]}"
            seen[key] += 1
        taken.add(name)
        apart.append(name)
    return apart
