"""People called by name in a comment: typed « @Camille Martin », stored « @[12] », shown with their name of today."""

import re
from collections.abc import Iterator, Mapping

TOKEN = re.compile(r"@\[(\d{1,18})\]")
# A word after an @ that begins one: an address of mail has something before it.
CALL = re.compile(r"(?<![\w.+-])@[^\W\d_][\w'’-]*")


def stored(text: str, names: Mapping[int, str]) -> tuple[str, frozenset[int]]:
    """The text with each known name after an @ replaced by the person's number, and the people it calls.

    `names`: those who may be called, by number. The longest name first: « @Camille Martin » is not « @Camille ».
    """
    for person, name in sorted(names.items(), key=lambda each: -len(each[1])):
        text = text.replace(f"@{name}", f"@[{person}]")
    return text, frozenset(int(number) for number in TOKEN.findall(text)) & names.keys()


def calls_of_nobody(text: str) -> tuple[str, ...]:
    """What looks like a call in a stored text, and names nobody: each once, as typed."""
    return tuple(dict.fromkeys(CALL.findall(text)))


def parts(text: str, names: Mapping[int, str]) -> Iterator[tuple[str, bool]]:
    """What is shown, piece by piece, with whether it is a mention. A number that nobody bears stays as it was typed."""
    end = 0
    for found in TOKEN.finditer(text):
        name = names.get(int(found[1]))
        if name is None:
            continue
        yield text[end : found.start()], False
        yield f"@{name}", True
        end = found.end()
    yield text[end:], False


def typed(text: str, names: Mapping[int, str]) -> str:
    """The text as its author would type it again."""
    return "".join(piece for piece, _is_mention in parts(text, names))
