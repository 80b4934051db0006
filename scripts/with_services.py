#!/usr/bin/env python3
"""Run a command beside a private PostgreSQL, Redis and clamd, and stop them after it.

    python3 scripts/with_services.py COMMAND [ARGUMENT…]

Exports DATABASE_URL, CELERY_BROKER_URL and CLAMD_SOCKET; a variable that is set already (services of a
compose file, of another host) is left alone and its service is not started. Standard library only.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

EICAR_HEX = (
    "58354f2150254041505b345c505a58353428505e2937434329377d2445494341522d5354414e444152442d"
    "414e544956495255532d544553542d46494c452124482b482a"
)
# Debian keeps servers in /usr/sbin, which is not on everybody's PATH.
PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])

Services = contextlib.ExitStack


def program(name: str, package: str) -> str:
    return shutil.which(name, path=PATH) or sys.exit(f"{name} is missing: apt-get install {package}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], what: str, process: "subprocess.Popen[bytes]", seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            sys.exit(f"{what} ended at once, with code {process.returncode}: see the lines above.")
        if time.monotonic() > deadline:
            sys.exit(f"{what} did not start within {seconds:.0f} seconds.")
        time.sleep(0.05)


def accepts(family: int, address: object) -> bool:
    with socket.socket(family) as probe:
        return probe.connect_ex(address) == 0  # type: ignore[arg-type]


def postgresql_bin() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else Path(program("initdb", "postgresql")).parent


def start_postgresql(services: Services, folder: Path) -> str:
    """Start a cluster of our own; PostgreSQL refuses to run as root, so root lends it to `postgres`."""
    binaries, data, port = postgresql_bin(), folder / "postgresql", free_port()
    data.mkdir()
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(data, "postgres")
    initdb = [binaries / "initdb", "-D", data, "-A", "trust", "-U", "convergence", "-E", "UTF8", "--locale", "C.UTF-8"]
    quietly([*as_user, *initdb, "--no-sync"], "PostgreSQL could not make its folder.")
    options = (
        f"-p {port} -k {data} -h 127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        " -c max_connections=80"
        # What it would learn of tables that are empty between two tests makes it choose the worst plans for the next.
        " -c autovacuum=off"
    )
    control = [*as_user, binaries / "pg_ctl", "-D", data, "-w"]
    quietly([*control, "-l", data / "log", "-o", options, "start"], "PostgreSQL did not start.", log=data / "log")
    services.callback(quietly, [*control, "-m", "immediate", "stop"], "PostgreSQL did not stop.")
    createdb = [*as_user, binaries / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "convergence"]
    quietly([*createdb, "convergence"], "PostgreSQL made no database.")
    return f"postgres://convergence@127.0.0.1:{port}/convergence"


def quietly(command: list[object], sorry: str, *, log: Path | None = None) -> None:
    # Output goes to a file and not to a pipe: the server that pg_ctl leaves behind would hold the pipe open.
    with tempfile.TemporaryFile("w+") as output:
        arguments = [str(part) for part in command]
        done = subprocess.run(arguments, stdout=output, stderr=subprocess.STDOUT, cwd="/", check=False)
        if done.returncode:
            output.seek(0)
            sys.exit(f"{sorry}\n{output.read()}{log.read_text() if log and log.exists() else ''}")


def start_redis(services: Services, folder: Path) -> str:
    port = free_port()
    command = [program("redis-server", "redis-server"), "--port", str(port), "--bind", "127.0.0.1"]
    process = start(services, [*command, "--save", "", "--dir", str(folder)])
    wait_until(lambda: accepts(socket.AF_INET, ("127.0.0.1", port)), "Redis", process)
    return f"redis://127.0.0.1:{port}/0"


def start_clamd(services: Services, folder: Path) -> str:
    """A real clamd with one signature, EICAR's: enough to test the road, it protects nobody."""
    base, path = folder / "clamav", folder / "clamd.sock"
    base.mkdir()
    (base / "eicar.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR_HEX}\n")
    (folder / "clamd.conf").write_text(
        f"DatabaseDirectory {base}\nLocalSocket {path}\nForeground yes\nAlertExceedsMax yes\n"
        "StreamMaxLength 60M\nMaxScanSize 200M\nMaxFileSize 60M\n"
    )
    process = start(services, [program("clamd", "clamav-daemon"), "--config-file", str(folder / "clamd.conf")])
    wait_until(lambda: path.exists() and accepts(socket.AF_UNIX, str(path)), "clamd", process)
    return str(path)


def start(services: Services, command: list[str]) -> "subprocess.Popen[bytes]":
    # In a session of its own: Ctrl-C is for the command, the services outlive it by a moment.
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    services.callback(stop, process)
    return process


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


STARTERS = {"DATABASE_URL": start_postgresql, "CELERY_BROKER_URL": start_redis, "CLAMD_SOCKET": start_clamd}


def run(command: list[str]) -> int:
    """Run the command to its end. A request to stop is passed on, and the command is waited for."""
    process = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    signal.signal(signal.SIGINT, lambda *_: None)  # the terminal sends it to the command as well
    code = process.wait()
    return code if code >= 0 else 128 - code


def main(command: list[str]) -> int:
    if not command:
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with contextlib.ExitStack() as services:
        folder = Path(tempfile.mkdtemp(prefix="convergence-services-"))
        services.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)  # the postgres user walks through it
        for variable, starter in STARTERS.items():
            if not os.environ.get(variable):
                os.environ[variable] = starter(services, folder)
        return run(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
