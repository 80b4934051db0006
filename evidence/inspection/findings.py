"""What an inspection says of a file."""

from dataclasses import dataclass
from enum import StrEnum


class Danger(StrEnum):
    """Why a file's structure is refused; values are keys of `evidence.sentences.REFUSALS`. The gravest first."""

    DISGUISED = "disguised"  # it is also a file of another type
    ACTIVE = "active"  # scripts, macros, actions that start by themselves
    EMBEDDED = "embedded"  # other files are carried inside
    REMOTE = "remote"  # it would fetch or start something outside itself when opened
    PROTECTED = "protected"
    UNREADABLE = "unreadable"
    NOT_ANALYSABLE = "not_analysable"  # too large once unpacked, too many parts, pages or pixels


class Refused(Exception):
    """The inspection ends here. `detail` is for the people who run the portal, never shown to publishers."""

    def __init__(self, danger: Danger, detail: str = "") -> None:
        super().__init__(danger, detail)
        self.danger = danger
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Findings:
    """An acceptable file: how many pages it has; None where pages mean nothing."""

    pages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an acceptable file says. `is_cut`: there was more than is read. None: not looked at.

    `blank_pages` and `image_only_pages` (scanned, with no text to search) are of the pages that were read.
    """

    text: str = ""
    is_cut: bool = False
    blank_pages: int | None = None
    image_only_pages: int | None = None
    is_signed: bool | None = None


def gravest(found: dict[Danger, str]) -> None:
    """Raise Refused with the gravest of what was found, if anything was."""
    for danger in Danger:
        if danger in found:
            raise Refused(danger, found[danger])
