"""Questions picked in a list, each with the revision that the person had before them."""

import re
from collections.abc import Iterable

_PICKED = re.compile(r"([A-Z][A-Z0-9-]*):([0-9]{1,9})")


def picked(values: Iterable[str]) -> dict[str, int]:
    """Revision by key, of « SEC-EXP-04:3 »; what is not written so picks nothing."""
    found = (_PICKED.fullmatch(value) for value in values)
    return {match[1]: int(match[2]) for match in found if match}
