"""Have a file inspected by a process of its own, with limits: what a hostile file breaks is that process.

The process inherits no environment, hence no secret, and writes no file. It is not cut from the network: no parser that
it uses opens a connection.
"""

import json
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from evidence.inspection.findings import Danger
from evidence.scanners import Verdict, clean, refused, unavailable

# Far over the processor time that the process allows itself: only a very busy machine gets there.
TIMEOUT_SECONDS = 300


def inspect(path: Path, media_type: str) -> Verdict:
    """Return the verdict on the file's structure: clean with its pages, refused, or unavailable (to be tried again)."""
    command = [sys.executable, "-m", "evidence.inspection", str(path), media_type]
    try:
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env={"PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=TIMEOUT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return unavailable(f"{type(error).__name__}: the inspection did not run")
    return _verdict(done)


def _verdict(done: "subprocess.CompletedProcess[bytes]") -> Verdict:
    if done.returncode == 0:
        answer = json.loads(done.stdout)
        if refusal := answer.get("refusal"):
            return refused(refusal, answer["detail"])
        return clean(pages=answer["pages"])
    # Killed from outside, by the kernel for want of memory or by who stops the machine: nothing was judged.
    if done.returncode in {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT}:
        return unavailable(f"The inspection was killed by signal {-done.returncode}.")
    last_line = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    return refused(Danger.NOT_ANALYSABLE, f"The inspection ended with {done.returncode}: {last_line}"[:500])
