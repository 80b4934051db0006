"""Every verb that the code records has its sentence, and no sentence outlives its verb."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

from accounts.adapter import TRACED
from audit.verbs import INTERNAL, SENTENCES


def recorded() -> Iterator[str]:
    """The first argument of each call of `record`, wherever it is written; a choice of two words counts for both."""
    for config in apps.get_app_configs():
        folder = Path(config.path)
        if folder.parent != settings.BASE_DIR:
            continue
        for path in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record":
                    yield from (str(each.value) for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant))


def test_every_verb_has_a_sentence_and_every_sentence_its_verb():
    assert set(recorded()) | set(TRACED.values()) == SENTENCES.keys()


def test_what_is_internal_is_a_verb():
    assert SENTENCES.keys() >= INTERNAL
