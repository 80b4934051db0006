#!/usr/bin/env python3
"""The demonstration: the portal and its worker on this machine, over SQLite and folders of var/demonstration.

    python scripts/run_demonstration.py                      prepare the data, then serve until Ctrl-C
    python scripts/run_demonstration.py manage COMMAND …     run manage.py over the same data

Runs on the Python of `.venv`. PORT (8000) chooses the port, DEMONSTRATION_FOLDER another folder.
"""

import ctypes
import fcntl
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TextIO

import django
from django.core.management import call_command
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DEMONSTRATION_FOLDER") or ROOT / "var" / "demonstration").resolve()
SECONDS_TO_STOP = 15
PREPARATION = [
    ["migrate", "--verbosity", "0"],
    ["load_questionnaires"],
    ["sync_roles"],
    ["load_demonstration"],
]
WEB, WORKER = "web server", "worker"


class Demonstration:
    """The web server and the worker, children of this process: they start together and stop together."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def serve(self) -> int:
        """Serve until asked to stop (0) or until one of the two ends by itself (1)."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)
        forget_schedule()
        try:
            self.children = {WEB: start_child(web_command(self.port)), WORKER: start_child(worker_command())}
            self._wait_until(self._answers)
            if not self._over():
                say(f"Convergence is ready on http://localhost:{self.port} — Ctrl-C stops it.")
            self._wait_until(lambda: False)
        finally:
            if self.stopping:
                say("Stopping: the work in hand is finished first, a few seconds at most.")
            dead = [name for name, child in self.children.items() if child.poll() is not None]
            self._stop()
        if self.stopping:
            say("Stopped. Everything is kept; `make run` finds it again.")
            return 0
        say(f"The {' and the '.join(dead)} ended unexpectedly, so the rest was stopped: see the lines above.")
        return 1

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _over(self) -> bool:
        return self.stopping or any(child.poll() is not None for child in self.children.values())

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=5)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
        except OSError:
            return False
        finally:
            connection.close()

    def _wait_until(self, reached: Callable[[], bool]) -> None:
        while not self._over() and not reached():
            time.sleep(0.1)

    def _stop(self) -> None:
        for child in self.children.values():
            child.terminate()
        deadline = time.monotonic() + SECONDS_TO_STOP
        for child in self.children.values():
            try:
                child.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def forget_schedule() -> None:
    """What beat noted of its last rounds, cut short when it was killed, would stop it for good. It can do without."""
    for note in DATA.glob("beat-schedule*"):
        note.unlink()


def web_command(port: int) -> list[str]:
    options = ["--bind", f"127.0.0.1:{port}", "--graceful-timeout", "5", "--log-level", "warning"]
    return [sys.executable, "-m", "gunicorn", "--config", "python:convergence.gunicorn", *options]


def worker_command() -> list[str]:
    # The only user of a bare machine is often root, and nothing here unpickles a message.
    python = [sys.executable, "-W", "ignore:You're running the worker with superuser privileges"]
    worker = [*python, "-m", "celery", "--app", "convergence", "--quiet", "worker", "--concurrency", "2"]
    beat = ["--beat", "--schedule", str(DATA / "beat-schedule")]
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]  # there is no other worker to talk to
    return [*worker, *beat, *alone, "--loglevel", "WARNING"]


def start_child(command: list[str]) -> "subprocess.Popen[bytes]":
    """Start a child that Ctrl-C does not reach (the parent tells it) and that does not outlive its parent."""
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: PLW1509


def _die_with_parent() -> None:
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def environment(port: int) -> dict[str, str]:
    """Every variable that the demonstration decides; nothing of the outside or of .env overrides it."""
    database = urllib.parse.quote(str(DATA / "convergence.sqlite3"))
    return {
        "SECRET_KEY": secret_key(),
        "DEMONSTRATION": "true",
        "DEBUG": "false",
        "HTTPS": "false",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "CSRF_TRUSTED_ORIGINS": f"http://localhost:{port}",
        "SITE_URL": f"http://localhost:{port}",
        "DATABASE_URL": f"sqlite:///{database}",
        "DATA_DIR": str(DATA),
        "CELERY_BROKER_URL": "filesystem://localhost",
        # One count of attempts for the three processes of the web server.
        "CACHE_URL": f"file://{urllib.parse.quote(str(DATA / 'cache'))}",
        "EVIDENCE_SCANNER": "demonstration",
        "LOG_LEVEL": "WARNING",
        "LOG_FORMAT": "plain",
        "DJANGO_SETTINGS_MODULE": "convergence.settings",
    }


def secret_key() -> str:
    """Drawn at the first start and kept, so that nobody is signed out by a restart."""
    path = DATA / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def prepare() -> None:
    """Bring the database up to date and fill it. Every step may be repeated."""
    sys.path.insert(0, str(ROOT))
    django.setup()
    for command in PREPARATION:
        call_command(*command)
    connections.close_all()


def require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(f"Port {port} is taken by another program: stop it, or choose another one: make run PORT=8001")


def require_to_be_alone() -> TextIO:
    """Two demonstrations over the same folder would share one queue. The lock lasts as long as this process."""
    lock = (DATA / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit("The demonstration runs already, in another terminal: stop it there first.")
    return lock


def say(sentence: str) -> None:
    print(f"\n{sentence}", flush=True)


def main(arguments: list[str]) -> int:
    port = int(os.environ.get("PORT") or 8000)
    for folder in (DATA, DATA / "queue", DATA / "queue-control"):
        folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(environment(port))
    if arguments[:1] == ["manage"]:
        os.execv(sys.executable, [sys.executable, str(ROOT / "manage.py"), *arguments[1:]])
    require_free_port(port)
    lock = require_to_be_alone()
    prepare()
    with lock:
        return Demonstration(port).serve()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
