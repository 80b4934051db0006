#!/usr/bin/env python3
"""Install what a goal needs and lacks: system packages when root, then the Python packages of `.venv`.

    python3 scripts/bootstrap.py run | test | messages

What is there already is left alone, so that a second call does nothing and costs a few milliseconds.
Standard library only: it runs before anything is installed.
"""

import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed-locks.json"
LOCKS = {"run": ["requirements.txt"], "test": ["requirements-dev.txt"], "messages": ["requirements.txt"]}


class Need(NamedTuple):
    """One thing a goal needs: the Debian package that brings it, and how to see that it is there."""

    package: str
    purpose: str
    is_there: Callable[[], bool]


def library(name: str) -> Callable[[], bool]:
    def is_there() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return is_there


def program(*names: str) -> Callable[[], bool]:
    # Debian keeps servers in /usr/sbin, which is not on everybody's PATH.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
    return lambda: any(shutil.which(name, path=path) for name in names)


def dejavu_font() -> bool:
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
    return any(next(folder.rglob("DejaVuSans.ttf"), None) for folder in folders)


def postgresql_server() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or program("initdb")()


TO_RUN = [
    Need("python3-venv", "the virtual environment", lambda: importlib.util.find_spec("ensurepip") is not None),
    Need("libpango-1.0-0", "the PDF report", library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", "the PDF report", library("libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", "the PDF report", library("libharfbuzz-subset.so.0")),
    Need("fonts-dejavu-core", "the PDF report's letters", dejavu_font),
]
NEEDS = {
    "run": TO_RUN,
    "test": [
        *TO_RUN,
        Need("ca-certificates", "secure addresses", lambda: Path("/etc/ssl/certs/ca-certificates.crt").exists()),
        Need("postgresql", "the tests' database", postgresql_server),
        Need("redis-server", "the tests' broker", program("redis-server")),
        Need("clamav-daemon", "the tests' scanner", program("clamd")),
        Need("chromium", "the tests' browser", program("chromium")),
        Need("gettext", "the tests of messages", program("msgfmt")),
        Need("libreoffice-calc-nogui", "the tests of workbooks", program("soffice")),
    ],
    "messages": [*TO_RUN, Need("gettext", "collecting messages", program("xgettext"))],
}


def main(goal: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 — an older Python is told, not left to fail
        sys.exit(f"Convergence needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).")
    if missing := missing_needs(goal):
        install_packages(missing)
        if still := missing_needs(goal):
            sys.exit(f"Installed, yet not found: {names(still)}. Please look at the lines above.")
    install_locks(LOCKS[goal])


def missing_needs(goal: str) -> list[Need]:
    return [need for need in NEEDS[goal] if not need.is_there()]


def names(needs: Iterable[Need]) -> str:
    return " ".join(need.package for need in needs)


def install_packages(missing: list[Need]) -> None:
    """Install Debian packages, or end with the one sentence that says what to do."""
    command = f"apt-get install -y --no-install-recommends {names(missing)}"
    if shutil.which("apt-get") is None:
        wanted = ", ".join(f"{need.package} ({need.purpose})" for need in missing)
        sys.exit(f"This machine lacks, under their Debian names: {wanted}. Please install them, then start again.")
    if os.geteuid() != 0:
        sys.exit(f"This machine lacks {names(missing)}. Please run: sudo {command}, then start again.")
    say(f"Installing {names(missing)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in ["apt-get update", command]:
        done = subprocess.run([*step.split(), "-q"], env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            sys.exit(f"`{step}` failed. Please install by hand, then start again: {names(missing)}")


def install_locks(locks: list[str]) -> None:
    """Make `.venv` hold exactly what the lock says; the stamp remembers which lock was installed."""
    wanted = {lock: fingerprint(lock) for lock in locks}
    if wanted.items() <= installed_locks().items():
        return
    if not venv_works():
        say("Making the virtual environment .venv")
        run([sys.executable, "-m", "venv", "--clear", str(VENV)], "The virtual environment could not be made.")
    for lock in locks:
        say(f"Installing {lock} (once, until it changes)")
        pip = [str(VENV / "bin/python"), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
        run([*pip, "--require-hashes", "-r", str(ROOT / lock)], f"{lock} could not be installed.")
        # The development lock holds everything that the other one holds.
        also = {"requirements.txt": fingerprint("requirements.txt")} if lock == "requirements-dev.txt" else {}
        STAMP.write_text(json.dumps({**installed_locks(), lock: wanted[lock], **also}, indent=2) + "\n")


def venv_works() -> bool:
    python = VENV / "bin/python"
    return python.exists() and subprocess.run([python, "-c", "import pip"], check=False).returncode == 0


def installed_locks() -> dict[str, str]:
    # A link to an interpreter that is gone counts as nothing installed.
    if STAMP.exists() and (VENV / "bin/python").exists():
        return dict(json.loads(STAMP.read_text()))
    return {}


def fingerprint(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def run(command: list[str], sorry: str) -> None:
    if subprocess.run(command, check=False).returncode:
        sys.exit(sorry)


def say(sentence: str) -> None:
    print(f"· {sentence}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in NEEDS:
        sys.exit(__doc__)
    main(sys.argv[1])
