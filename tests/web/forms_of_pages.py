"""The forms of a page, and what a browser would send of one."""

from html.parser import HTMLParser
from typing import Any


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[dict[str, str | None], dict[str, list[str]]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = dict(attributes)
        if tag == "form":
            self.found.append((told, {}))
        elif tag == "input" and told.get("type") == "hidden" and self.found:
            self.found[-1][1].setdefault(str(told["name"]), []).append(told.get("value") or "")


def forms_of(response: Any) -> list[tuple[dict[str, str | None], dict[str, list[str]]]]:
    """For each form: its attributes, and its hidden fields by name."""
    parser = _Forms()
    parser.feed(response.content.decode())
    return parser.found


def given_back(response: Any) -> dict[str, list[str]]:
    """The fields of the only form that holds what was posted."""
    (fields,) = [fields for attributes, fields in forms_of(response) if "data-held" in attributes]
    return fields
