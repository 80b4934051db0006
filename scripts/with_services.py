#!/usr/bin/env python3
"""Run a command beside a private PostgreSQL, Redis and clamd, and stop them after it.

    python3 scripts/with_services.py COMMAND [ARGUMENT…]

Exports DATABASE_URL, CELERY_BROKER_URL and CLAMD_SOCKET; a variable that is set already (services of a
compose file, of another host) is left alone and its service is not started. Standard library only.
"""

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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            sys.exit(f"{what} did not start within {seconds:.0f} seconds.")
        time.sleep(0.05)


def accepts(family: int, address: object) -> bool:
    with socket.socket(family) as probe:
        return probe.connect_ex(address) == 0  # type: ignore[arg-type]


def postgresql_bin() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    if path := shutil.which("initdb"):
        return Path(path).parent
    sys.exit("PostgreSQL's server is missing: apt-get install postgresql")


def start_postgresql(folder: Path) -> Callable[[], None]:
    """Start a cluster of our own; PostgreSQL refuses to run as root, so root lends it to `postgres`."""
    binaries, data, port = postgresql_bin(), folder / "postgresql", free_port()
    data.mkdir()
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(data, "postgres")
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    initdb = [binaries / "initdb", "-D", data, "-A", "trust", "-U", "convergence", "-E", "UTF8", "--locale", "C.UTF-8"]
    subprocess.run([*as_user, *initdb, "--no-sync"], **run)  # type: ignore[call-overload]
    options = (
        f"-p {port} -k {data} -h 127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        " -c max_connections=60"
    )
    control = [*as_user, binaries / "pg_ctl", "-D", data, "-w"]
    subprocess.run([*control, "-l", data / "log", "-o", options, "start"], **run)  # type: ignore[call-overload]
    createdb = [*as_user, binaries / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "convergence"]
    subprocess.run([*createdb, "convergence"], **run)  # type: ignore[call-overload]
    os.environ["DATABASE_URL"] = f"postgres://convergence@127.0.0.1:{port}/convergence"
    return lambda: subprocess.run([*control, "-m", "immediate", "stop"], **run) and None  # type: ignore[call-overload]


def start_redis(folder: Path) -> Callable[[], None]:
    server = shutil.which("redis-server") or sys.exit("Redis is missing: apt-get install redis-server")
    port = free_port()
    process = subprocess.Popen(
        [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    wait_until(lambda: accepts(socket.AF_INET, ("127.0.0.1", port)), "Redis")
    os.environ["CELERY_BROKER_URL"] = f"redis://127.0.0.1:{port}/0"
    return lambda: stop(process)


def start_clamd(folder: Path) -> Callable[[], None]:
    """A real clamd with one signature, EICAR's: enough to test the road, it protects nobody."""
    server = shutil.which("clamd") or sys.exit("clamd is missing: apt-get install clamav-daemon")
    base, path = folder / "clamav", folder / "clamd.sock"
    base.mkdir()
    (base / "eicar.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR_HEX}\n")
    (folder / "clamd.conf").write_text(
        f"DatabaseDirectory {base}\nLocalSocket {path}\nForeground yes\nAlertExceedsMax yes\n"
        "StreamMaxLength 60M\nMaxScanSize 200M\nMaxFileSize 60M\n"
    )
    process = subprocess.Popen([server, "--config-file", folder / "clamd.conf"], stdout=subprocess.DEVNULL)
    wait_until(lambda: path.exists() and accepts(socket.AF_UNIX, str(path)), "clamd")
    os.environ["CLAMD_SOCKET"] = str(path)
    return lambda: stop(process)


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


SERVICES = {
    "DATABASE_URL": start_postgresql,
    "CELERY_BROKER_URL": start_redis,
    "CLAMD_SOCKET": start_clamd,
}


def main(command: list[str]) -> int:
    if not command:
        sys.exit(__doc__)
    folder = Path(tempfile.mkdtemp(prefix="convergence-services-"))
    folder.chmod(0o755)  # the postgres user walks through it
    stoppers: list[Callable[[], None]] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        for variable, start in SERVICES.items():
            if not os.environ.get(variable):
                stoppers.append(start(folder))
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        for stopper in reversed(stoppers):
            stopper()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
