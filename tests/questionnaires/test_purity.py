"""The engine stands alone: without Django, a clock or a disk."""

import ast
import subprocess
import sys
from pathlib import Path

import questionnaires.engine

FOLDER = Path(questionnaires.engine.__file__).parent
ALLOWED = {"questionnaires.engine", "lark"} | set(sys.stdlib_module_names)
FORBIDDEN_CALLS = {"today", "now", "utcnow", "time", "open", "print"}


def test_it_imports_only_itself_the_standard_library_and_the_parser() -> None:
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name.startswith("questionnaires.engine") or name.split(".")[0] in ALLOWED, (path.name, name)


def test_it_never_reads_the_clock_or_the_disk() -> None:
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                assert called not in FORBIDDEN_CALLS, (path.name, called)


def test_it_can_be_imported_where_django_cannot() -> None:
    code = "import sys; sys.modules['django'] = None; import questionnaires.engine"

    result = subprocess.run([sys.executable, "-c", code], cwd=FOLDER.parents[1], capture_output=True, check=False)

    assert result.returncode == 0, result.stderr.decode()
