"""Have a file inspected by a process of its own, with limits: what a hostile file breaks is that process.

The process inherits no environment, hence no secret, and writes no file. It reads the one descriptor that it is handed,
of a file that need have no name: nothing is left in a folder, however either process ends. It dies with the one that
asked (`evidence.inspection.__main__`). It is not cut from the network: no parser that it uses opens a connection.
"""

import json
import os
import signal
import subprocess
import sys
from typing import IO, Any

from django.conf import settings

from evidence.inspection.findings import Danger, Reading, Refused
from evidence.scanners import Verdict, clean, refused, unavailable

# Far over the processor time that the process allows itself: only a very busy machine gets there.
TIMEOUT_SECONDS = 300
DRAWING_TIMEOUT_SECONDS = 60
# Somebody waits for it on their screen.
SHEETS_TIMEOUT_SECONDS = 60


class Stopped(Exception):
    """The process did not end by itself: nothing can be said of the file."""


def inspect(file: IO[bytes], media_type: str) -> Verdict:
    """Return the verdict on the file's structure: clean with its pages, refused, or unavailable (to be tried again).

    `file` is one of this machine, flushed; where it is read to does not matter. A clean verdict has what was read in it
    unless the reading broke: the verdict was given before.
    """
    try:
        done = _run("evidence.inspection", file, media_type, timeout=TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired as error:
        judged = _answers(error.stdout or b"")
        return _clean(judged) if judged and "pages" in judged[0] else unavailable("The inspection took too long.")
    except OSError as error:
        return unavailable(f"{type(error).__name__}: the inspection did not run")
    return _verdict(done)


def draw(file: IO[bytes], media_type: str, page: int) -> bytes | None:
    """Return a page as a JPEG, or None when it cannot be drawn. `file`: as for `inspect`. Raises Stopped."""
    try:
        done = _run("evidence.inspection.drawing", file, media_type, str(page), timeout=DRAWING_TIMEOUT_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Stopped(f"{type(error).__name__}: the drawing did not run") from error
    if _was_stopped(done):
        raise Stopped(f"The drawing was killed by signal {-done.returncode}.")
    return done.stdout if done.returncode == 0 and done.stdout else None


def read_sheets(file: IO[bytes]) -> list[dict[str, Any]]:
    """Return what is written in a workbook (XLSX), as `evidence.inspection.sheets` says it. `file`: as for `inspect`.

    Raises Refused, or Stopped when nothing can be said of it now.
    """
    try:
        done = _run("evidence.inspection.sheets", file, timeout=SHEETS_TIMEOUT_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Stopped(f"{type(error).__name__}: the reading did not run") from error
    if _was_stopped(done):
        raise Stopped(f"The reading was killed by signal {-done.returncode}.")
    answers = _answers(done.stdout)
    if not answers:
        last_line = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise Refused(Danger.UNREADABLE, f"The reading ended with {done.returncode}: {last_line}"[:500])
    if refusal := answers[0].get("refusal"):
        raise Refused(Danger(refusal), answers[0]["detail"])
    sheets: list[dict[str, Any]] = answers[0]["sheets"]
    return sheets


def _run(module: str, file: IO[bytes], *arguments: str, timeout: int) -> "subprocess.CompletedProcess[bytes]":
    """Run a module of ours apart, on a file. Raises OSError, or TimeoutExpired."""
    descriptor = file.fileno()
    # Opened by that name, the file is read from its start, with a position of its own.
    command = [sys.executable, "-m", module, f"/proc/self/fd/{descriptor}", *arguments, str(os.getpid())]
    return subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        pass_fds=[descriptor],
        capture_output=True,
        check=False,
        timeout=timeout,
    )


def _was_stopped(done: "subprocess.CompletedProcess[bytes]") -> bool:
    """Killed from outside, by the kernel for want of memory or by who stops the machine: nothing was judged."""
    return done.returncode in {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT}


def _verdict(done: "subprocess.CompletedProcess[bytes]") -> Verdict:
    answers = _answers(done.stdout)
    if answers:
        if refusal := answers[0].get("refusal"):
            return refused(refusal, answers[0]["detail"])
        return _clean(answers)
    if _was_stopped(done):
        return unavailable(f"The inspection was killed by signal {-done.returncode}.")
    last_line = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    return refused(Danger.NOT_ANALYSABLE, f"The inspection ended with {done.returncode}: {last_line}"[:500])


def _answers(output: bytes) -> list[dict[str, Any]]:
    """The whole lines of what was said: one that its process died on is not heard."""
    return [json.loads(line) for line in output.splitlines(keepends=True) if line.endswith(b"\n")]


def _clean(answers: list[dict[str, Any]]) -> Verdict:
    reading = Reading(**answers[1]) if len(answers) > 1 else None
    return clean(pages=answers[0]["pages"], reading=reading)
