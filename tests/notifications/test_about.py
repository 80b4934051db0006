"""Messages that name somebody say of whom they are: the erasure of that person takes them away."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from notifications.models import Notification
from notifications.operations import notify, write_to
from tests.factories import UserFactory

WRITERS = {"notify", "write_to"}
# What a person is called in the code of the portal, when put among the words of a message.
PEOPLE = {"by", "user", "person", "reviewer", "requester", "invited_by", "author", "email", "full_name"}


@pytest.mark.parametrize("named", [True, False])
def test_a_message_keeps_of_whom_it_is(db, named):
    reader, person = UserFactory.create_batch(2)
    about = person if named else None

    notify([reader], subject="Bonjour", body=f"{person} arrive.", about=about)
    write_to("ailleurs@nulle.example", subject="Bonjour", body=f"{person} vous invite.", about=about)

    assert {each.about for each in Notification.objects.all()} == {about}


def writers() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of ours that writes a message."""
    for config in apps.get_app_configs():
        folder = Path(config.path)
        if folder.parent != settings.BASE_DIR:
            continue
        for path in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef) and any(calls_of(node)):
                    yield f"{path.relative_to(settings.BASE_DIR)}: {node.name}", node


def calls_of(function: ast.FunctionDef) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRITERS:
            yield node


def names_somebody(function: ast.FunctionDef) -> bool:
    """Whether a person is among the values that fill the words: {"who": by}, {"who": request.requester}."""
    values = (value for node in ast.walk(function) if isinstance(node, ast.Dict) for value in node.values)
    last = {value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "") for value in values}
    return bool(last & PEOPLE)


def test_whoever_names_somebody_in_a_message_says_whom():
    found = dict(writers())
    silent = [
        place
        for place, function in found.items()
        if names_somebody(function)
        and not all(any(each.arg == "about" for each in call.keywords) for call in calls_of(function))
    ]

    assert len(found) > 8
    assert silent == []
