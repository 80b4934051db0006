"""The portal in processes of its own, which die when a test says so: pytest's live server is a thread, and cannot."""

import os
import random
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import settings

from tests.live import address_of_the_database, wait_until

WORKERS = 2  # production has three; two people write here
# Below those that Linux gives out by itself: nobody takes the port while the server is down.
PORTS = range(20_000, 32_000)


class Portal:
    """What production runs, on the tests' database: its tests are transactional, it sees only what is committed.

    `kill()`, then `start()`: the same address answers again. Neither waits for what is under way.
    """

    def __init__(self) -> None:
        self._port = _free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.log = Path(settings.DATA_DIR) / f"portal-{self._port}.log"
        self._environment = {**os.environ, "DATABASE_URL": address_of_the_database()}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        """Begin to; a request that comes before the end of it waits for its answer."""
        options = ["--workers", str(WORKERS), "--bind", f"127.0.0.1:{self._port}", "--log-level", "warning"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "--config", "python:convergence.gunicorn", *options],
                cwd=settings.BASE_DIR,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """As a power cut would: everything at once, nothing finished."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def is_up(self) -> None:
        """Wait until it answers."""
        wait_until(self._answers, f"the portal's start; see its log: {self.log}", seconds=90)

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            pytest.fail(f"The portal ended at once:\n{self.log.read_text()}")
        try:
            with urllib.request.urlopen(f"{self.url}/sante/", timeout=10) as response:
                return bool(response.status == HTTPStatus.OK)
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            pass
        return False


def _free_port() -> int:
    while True:
        port = random.choice(PORTS)  # noqa: S311 — it keeps no secret
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
