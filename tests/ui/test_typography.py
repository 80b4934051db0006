"""French as it is set: a no-break space before « : ; ? ! » and inside « », curly apostrophes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

NOT_READ = {"tests", "bench", "var", "staticfiles"}
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
TAGS = re.compile(
    r"{%\s*translate\s+\"([^\"]*)\"|_\(\"([^\"]*)\"\)|{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate", re.DOTALL
)
# What a line of an address or of a time holds is not a sentence: « 12:30 », « https:// ».
WRONG = {
    "a plain space before a mark": re.compile(r"\w[ ](?=[:;?!»](?:\s|$|<))|[»)%}][ ](?=[:;?!](?:\s|$|<))"),
    "a plain space after «": re.compile(r"« "),
    "no space before a mark": re.compile(r"[a-zéèà»](?=[;?!](?:\s|$))|[a-zéèà»](?=:\s)"),
    "a straight apostrophe": re.compile(r"\b[a-zA-Z]'[a-zéèêàâîôuhy]"),
}


def files(pattern: str) -> list[Path]:
    """Ours: what was installed or made here, and the tests, are not read."""
    ours = (path for path in settings.BASE_DIR.iterdir() if path.name[0] != "." and path.name not in NOT_READ)
    return [path for folder in ours if folder.is_dir() for path in folder.rglob(pattern)]


def sentences_of_code() -> Iterator[tuple[str, str]]:
    for path in files("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                yield from (
                    (f"{path.name}:{node.lineno}", each.value)
                    for each in node.args
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                )


def sentences_of_templates() -> Iterator[tuple[str, str]]:
    for path in (settings.BASE_DIR / "templates").rglob("*.*"):
        for found in TAGS.finditer(path.read_text()):
            yield f"{path.parent.name}/{path.name}", next(group for group in found.groups() if group is not None)


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("source", [sentences_of_code, sentences_of_templates])
def test_every_sentence_is_set_as_french_is(source, what):
    sentences = list(source())

    assert len(sentences) > 300
    assert [(where, text) for where, text in sentences if WRONG[what].search(text)] == []
