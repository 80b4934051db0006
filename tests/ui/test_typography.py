"""French as it is set: a no-break space before « : ; ? ! » and inside « », curly apostrophes."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

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
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    found = [settings.BASE_DIR / name for name in listed.stdout.splitlines()]
    return [path for path in found if path.exists() and "tests" not in path.relative_to(settings.BASE_DIR).parts]


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
    for path in files("templates/*"):
        for found in TAGS.finditer(path.read_text()):
            yield f"{path.parent.name}/{path.name}", next(group for group in found.groups() if group is not None)


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("source", [sentences_of_code, sentences_of_templates])
def test_every_sentence_is_set_as_french_is(source, what):
    sentences = list(source())

    assert len(sentences) > 300
    assert [(where, text) for where, text in sentences if WRONG[what].search(text)] == []
