"""`manage.py evaluate` is for anybody with a clone: it asks for no configuration."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings

CLONED = ["manage.py", "convergence", "questionnaires", "fixtures", "audit", "jobs", "notifications", "accounts"]
CLONED += ["products", "evidence", "enrolment", "assessments", "results", "privacy", "ui", "templates", "static"]


def test_it_runs_in_a_clone_that_nobody_has_set_up(tmp_path: Path) -> None:
    for name in CLONED:
        source = settings.BASE_DIR / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    case = tmp_path / "case.json"
    case.write_text(json.dumps({"programme": "without_exchange", "answers": {"DOC-ELI-01": "oui"}}))

    run = subprocess.run(
        [sys.executable, "manage.py", "evaluate", str(case), "--json"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["questions"]["DOC-ELI-01"]["score"] == 1
