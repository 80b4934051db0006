"""Services live as long as the command they were started for."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

SCRIPT = [sys.executable, str(Path(settings.BASE_DIR) / "scripts/with_services.py")]
ELSEWHERE = {"DATABASE_URL": "postgres://elsewhere/name", "CELERY_BROKER_URL": "redis://elsewhere/0"}


def run(command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    arguments = [*SCRIPT, sys.executable, "-c", command]
    return subprocess.run(arguments, env={"PATH": "/usr/bin:/bin", **environment}, capture_output=True, text=True)  # noqa: PLW1510


def test_the_exit_code_is_the_commands_own():
    assert run("raise SystemExit(7)", **ELSEWHERE, CLAMD_SOCKET="elsewhere:3310").returncode == 7


def test_services_that_are_told_are_not_started_again():
    told = run("import os; print(os.environ['DATABASE_URL'])", **ELSEWHERE, CLAMD_SOCKET="elsewhere:3310")

    assert told.stdout == "postgres://elsewhere/name\n"


def test_a_service_answers_during_the_command_and_is_gone_after_it():
    ping = (
        "import os, socket; s = socket.socket(socket.AF_UNIX); s.connect(os.environ['CLAMD_SOCKET']);"
        "s.sendall(b'zPING\\0'); print(s.recv(9).decode().strip('\\0'), os.environ['CLAMD_SOCKET'])"
    )

    answer, path = run(ping, **ELSEWHERE).stdout.split()

    assert answer == "PONG"
    assert not Path(path).parent.exists()


def test_without_a_command_it_explains_itself():
    done = subprocess.run(SCRIPT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "Run a command beside a private PostgreSQL" in done.stderr
