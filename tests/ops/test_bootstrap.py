"""The bare machine gets what it lacks, or is told in one sentence; the second time nothing happens."""

import json
import os
import shutil
import subprocess
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts import bootstrap
from scripts.bootstrap import Need

LOCKS = ("requirements.txt", "requirements-dev.txt")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    """A machine with nothing but Python: commands are noted, and succeed; apt brings what it is asked for."""
    commands: list[list[str]] = []
    installed: set[str] = set()

    def run(command: list[object], **_: object) -> "subprocess.CompletedProcess[str]":
        words = [str(word) for word in command]
        commands.append(words)
        if "install" in words and words[0] == "apt-get":
            installed.update(words)
        if words[1:3] == ["-m", "venv"]:
            python = tmp_path / ".venv/bin/python"
            python.parent.mkdir(parents=True, exist_ok=True)
            python.touch()
        return subprocess.CompletedProcess(words, 0)

    for lock in LOCKS:
        (tmp_path / lock).write_text(f"{lock}==1\n")
    needs = [Need(name, "the test", partial(installed.__contains__, name)) for name in ("libone", "two-server")]
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv/installed-locks.json")
    monkeypatch.setattr(bootstrap, "NEEDS", {"run": needs, "test": needs})
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(shutil, "which", lambda name, **_: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return SimpleNamespace(commands=commands, installed=installed, folder=tmp_path)


def test_a_bare_machine_gets_packages_then_an_environment_then_the_lock(machine):
    bootstrap.main("run")

    assert machine.commands[0] == ["apt-get", "update", "-q"]
    assert machine.commands[1][-3:] == ["libone", "two-server", "-q"]
    assert machine.commands[2][1:3] == ["-m", "venv"]
    assert machine.commands[3][1:4] == ["-m", "pip", "install"]
    assert machine.commands[3][-3:] == ["--require-hashes", "-r", str(machine.folder / "requirements.txt")]


def test_a_second_call_runs_nothing(machine):
    bootstrap.main("run")
    machine.commands.clear()

    bootstrap.main("run")

    assert machine.commands == []


def test_the_development_lock_serves_the_run_too(machine):
    bootstrap.main("test")
    machine.commands.clear()

    bootstrap.main("run")

    assert machine.commands == []


def test_a_changed_lock_is_installed_again(machine):
    bootstrap.main("run")
    machine.commands.clear()
    (machine.folder / "requirements.txt").write_text("requirements.txt==2\n")

    bootstrap.main("run")

    assert [command[1:4] for command in machine.commands][-1] == ["-m", "pip", "install"]


def test_a_lock_that_could_not_be_installed_is_not_remembered(machine, monkeypatch):
    bootstrap.main("run")
    (machine.folder / "requirements.txt").write_text("requirements.txt==2\n")
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, "pip" in command))

    with pytest.raises(SystemExit, match=r"requirements\.txt could not be installed"):
        bootstrap.main("run")

    stamp = json.loads((machine.folder / ".venv/installed-locks.json").read_text())
    assert stamp["requirements.txt"] != bootstrap.fingerprint("requirements.txt")


def test_who_is_not_root_is_told_the_command(machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(SystemExit, match=r"sudo apt-get install .* libone two-server, then start again"):
        bootstrap.main("run")

    assert machine.commands == []


def test_another_kind_of_machine_is_told_what_it_lacks_and_why(machine, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name, **_: None)

    with pytest.raises(SystemExit, match=r"libone \(the test\), two-server \(the test\)"):
        bootstrap.main("run")


def test_every_goal_of_the_makefile_is_known():
    makefile = (Path(bootstrap.__file__).parent.parent / "Makefile").read_text()
    goals = {line.split()[-1] for line in makefile.splitlines() if "bootstrap.py" in line}

    assert goals == {"run", "test", "messages"}
