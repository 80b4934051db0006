"""A page as a person reads it."""

import html
import re
from typing import Any


def text_of(response: Any) -> str:
    """Its words, without markup, each space one plain space."""
    main = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", main)))
