"""`make run`: two processes under one command, which keep everything and stop together."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.live import wait_until

SCRIPT = [sys.executable, "scripts/run_demonstration.py"]


class Run:
    """One `make run`, in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self.output = folder / "output"
        # As a person's shell: what the tests decided stays out.
        outside = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                SCRIPT,
                cwd=settings.BASE_DIR,
                env={**outside, "PORT": str(port), "DEMONSTRATION_FOLDER": str(folder / "data")},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def told(self) -> str:
        return self.output.read_text()

    def is_ready(self) -> bool:
        if self.process.poll() is not None:
            pytest.fail(f"It ended at once:\n{self.told}")
        return f"http://localhost:{self.port}" in self.told

    def children(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(number) for number in children.read_text().split()]

    def end(self, with_signal: signal.Signals) -> int:
        self.process.send_signal(with_signal)
        return self.process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def exists(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demonstration")


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[[], Run]]:
    runs: list[Run] = []

    def start_and_wait() -> Run:
        runs.append(Run(folder, free_port()))
        wait_until(runs[-1].is_ready, "the demonstration's start", 120)
        return runs[-1]

    yield start_and_wait
    for run in runs:
        run.process.kill()
        run.process.wait()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_then_stops_with_everything_it_started(start, stop):
    run = start()
    children = run.children()
    with urllib.request.urlopen(f"http://localhost:{run.port}/", timeout=10) as response:
        assert response.status == 200

    assert run.end(stop) == 0
    assert len(children) == 2
    assert not [child for child in children if exists(child)]


def test_a_second_start_finds_the_first_ones_key_and_database(start, folder):
    start().end(signal.SIGINT)
    before = (folder / "data/secret-key").read_text(), (folder / "data/convergence.sqlite3").stat().st_ino

    start().end(signal.SIGINT)

    assert ((folder / "data/secret-key").read_text(), (folder / "data/convergence.sqlite3").stat().st_ino) == before


def test_rounds_go_on_after_a_power_cut_in_the_middle_of_noting_them(start, folder):
    notes = folder / "data/beat-schedule.dat"
    notes.parent.mkdir(exist_ok=True)
    # What a cut leaves: where the notes stand, and none of them.
    notes.with_suffix(".dir").write_text("'entries', (0, 500)\n")
    notes.write_bytes(b"")

    run = start()

    wait_until(lambda: not notes.exists() or notes.stat().st_size > 0, "new notes of the rounds")
    run.end(signal.SIGINT)
    assert "Traceback" not in run.told


def test_when_one_child_dies_the_other_is_stopped_and_it_says_so(start):
    run = start()
    web, worker = run.children()

    os.kill(worker, signal.SIGKILL)

    assert run.process.wait(30) == 1
    assert "The worker ended unexpectedly" in run.told
    assert not exists(web)


def test_children_do_not_outlive_a_killed_parent(start):
    run = start()
    children = run.children()

    run.process.kill()

    wait_until(lambda: not any(exists(child) for child in children), "the end of the children")


def test_a_port_that_is_taken_is_said_in_one_sentence(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = Run(folder, taken.getsockname()[1])

        assert run.process.wait(30) == 1
        assert re.fullmatch(r"Port \d+ is taken by another program: .*\n", run.told)


def test_a_second_one_over_the_same_folder_is_refused(start, folder):
    start()
    other = Run(folder, free_port())

    assert other.process.wait(30) == 1
    assert other.told.startswith("The demonstration runs already")
