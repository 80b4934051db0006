"""Addresses, what a form of the page would post, and text as a person reads it."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from assessments.models import Dossier
from questionnaires import engine
from questionnaires.queries import published
from tests.assessments.saving import state_of

Posted = dict[str, Any]


def theme_url(dossier: Dossier, section: str, theme: str) -> str:
    return reverse("dossiers:theme", args=[dossier.number, section, theme])


def answer_url(dossier: Dossier, key: str) -> str:
    return reverse("dossiers:answer", args=[dossier.number, key])


def files_url(dossier: Dossier, key: str) -> str:
    return reverse("dossiers:attach", args=[dossier.number, key])


def question(dossier: Dossier, key: str) -> engine.Question:
    return published(dossier.edition).definition.questions[key]


def typed(dossier: Dossier, key: str, value: object = None, **more: object) -> Posted:
    """The fields of one question as its browser sends them, based on what stands; a box that is off sends nothing."""
    state = state_of(dossier, key)
    posted: Posted = {f"{key}-revision": state.revision, f"{key}-comment": state.comment}
    if value is not None:
        posted[f"{key}-value"] = value
    return posted | {f"{key}-{name}": field for name, field in more.items()}


def patch(client: Client, dossier: Dossier, key: str, posted: Posted) -> Any:
    """Save one answer as htmx does."""
    return client.patch(
        answer_url(dossier, key),
        urlencode(posted, doseq=True),
        content_type="application/x-www-form-urlencoded",
        headers={"HX-Request": "true"},
    )


def text_of(response: Any) -> str:
    """What a person reads: no tags, one space between words."""
    without_tags = re.sub(r"<[^>]*>", " ", response.content.decode())
    return " ".join(unescape(without_tags).split())


def told(response: Any) -> list[str]:
    """The messages that this response leaves for the next page, or shows."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def element(response: Any, id: str) -> str:
    """The opening tag of the element of this id, with its attributes; fails when it is not there once."""
    found = re.findall(rf'<[a-z]+[^>]*\bid="{re.escape(id)}"[^>]*>', response.content.decode())
    assert len(found) == 1, f"{len(found)} elements of id {id}"
    tag: str = found[0]
    return tag


def has_element(response: Any, id: str) -> bool:
    return f'id="{id}"' in response.content.decode()


def input_of(response: Any, name: str) -> str:
    """The only control of this name."""
    found = re.findall(rf'<(?:input|textarea)[^>]*\bname="{re.escape(name)}"[^>]*>', response.content.decode())
    assert len(found) == 1, f"{len(found)} controls named {name}"
    tag: str = found[0]
    return tag
