"""What of a form that could not be taken is given back to its author, and whether somebody else is about to send it.

Nothing is kept: the page that answers holds it, in one tab (decision 17).
"""

import re
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature, Signer
from django.utils.datastructures import MultiValueDict

# In each form of a signed-in person: whose page it was on.
FILLED_BY = "filled_by"
# In the page that gives a form back: the names of the files that no page can hold.
FILES = "files_to_choose_again"
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 — the name of a field
# A form that takes one of these is given back to nobody, whatever else it takes. Pages that take them are left out by
# their addresses already: this is for the one that somebody adds elsewhere.
_SECRET = re.compile(r"passw|passphrase|secret|token|credential|(^|[-_])(otp|pin)$", re.IGNORECASE)
_signer = Signer(salt="accounts.filled-by")


@dataclass(frozen=True)
class HeldForm:
    """Names and values as they were posted, in their order. `files`: the names of those that were with them."""

    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """What was typed in sentences: what people look for first, and the least easy to write again."""
        return [value for _name, value in self.fields if len(value.split()) > 1]

    @property
    def filled_by(self) -> int | None:
        """The number of the person on whose page the form was; None when it does not say so, or says it wrongly."""
        return _person_in(dict(self.fields).get(FILLED_BY, ""))


def held(posted: MultiValueDict[str, str], files: "MultiValueDict[str, UploadedFile[Any]]") -> HeldForm | None:
    """What may be given back; None when nothing was typed, or when a secret was."""
    fields = [(name, value) for name, values in posted.lists() for value in values if name not in (TOKEN, FILES)]
    typed = [name for name, _value in fields if name != FILLED_BY]
    if not typed or any(_SECRET.search(name) for name in typed):
        return None
    names = [str(file) for _name, each in files.lists() for file in each]
    return HeldForm(tuple(fields), (*names, *posted.getlist(FILES)))


def mark_of(person: int) -> str:
    """The value of FILLED_BY on the pages of this person. It proves nothing about who sends it."""
    return _signer.sign(str(person))


def _person_in(mark: str) -> int | None:
    try:
        return int(_signer.unsign(mark))
    except (BadSignature, ValueError):
        return None
