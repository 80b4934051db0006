"""Under which name and type a file leaves the portal."""

from typing import NamedTuple

from evidence.models import DocumentVersion
from evidence.uploads import CSV, TXT


class Delivered(NamedTuple):
    media_type: str
    name: str


def delivered_as(version: DocumentVersion) -> Delivered:
    """As it was given, but for a CSV.

    A spreadsheet would run its formulas, and what opens a file goes by its name more than by its type.
    """
    if version.media_type == CSV:
        return Delivered(TXT, f"{version.original_name}.txt")
    return Delivered(version.media_type, version.original_name)
