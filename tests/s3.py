"""A server that speaks S3, in a process of its own: moto's, which keeps objects in memory. A pytest plugin.

`s3_server` starts it, `bucket` gives each test an empty bucket where evidence is kept.
"""

import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator

import pytest

from tests.live import wait_until

# Seconds for one exchange: a stopped server is given up within a test's patience.
TIMEOUT = 0.3


class S3Server:
    """`pause()`: connections are accepted by the kernel and nobody answers, as when a machine hangs. `resume()`."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        self.endpoint = f"http://127.0.0.1:{self._port}"
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "moto.server",
            "--host",
            "127.0.0.1",
            "--port",
            str(self._port),
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self) -> None:
        wait_until(self._answers, "moto's server")

    def pause(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        if self._process.poll() is not None:
            pytest.fail("moto's server ended at once.")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    server = S3Server()
    try:
        server.start()
        yield server
    finally:
        server.stop()


def options(server: S3Server, bucket_name: str, **others: object) -> dict[str, object]:
    """What PrivateBucket needs to reach it."""
    return {
        "bucket_name": bucket_name,
        "endpoint_url": server.endpoint,
        "region_name": "eu-west-3",
        "access_key": "key",
        "secret_key": "secret",
        "addressing_style": "path",
        "timeout": TIMEOUT,
        **others,
    }


def new_name() -> str:
    return f"preuves-{uuid.uuid4().hex}"
