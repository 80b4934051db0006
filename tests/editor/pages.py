"""The editor's pages as a browser asks for them."""

import re
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from questionnaires.models import Version
from tests.editor.drafts import FIRST, content_of, row_of
from tests.editor.posting import posted

HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name: str, version: Version, *more: Any) -> str:
    """The address of a page of a version, or of one of its questions or themes."""
    return reverse(f"questionnaires:{name}", args=["Q", version.number, *more])


def form_of(version: Version, key: str = FIRST, *, base: int | None = None, **changes: Any) -> dict[str, Any]:
    """What the page of a question sends back, some fields typed over."""
    sent = {name: texts for name, texts in posted(content_of(version, key), **changes).lists() if texts}
    return {**sent, "base": str(row_of(version, key).revision if base is None else base)}


def shown(client: Client, address: str, **more: Any) -> str:
    """The words of a page, as they are read: no tags, and spaces made one."""
    return words_of(client.get(address, **more))


def words_of(response: Any) -> str:
    text = re.sub(r"(?s)<script.*?</script>|<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(text))


def queries(client: Client, address: str) -> int:
    """How many statements a page asks for."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
