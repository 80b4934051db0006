"""docker-compose.yml says what is meant, names only variables that are told, and its commands really run."""

import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.parse
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from ruamel.yaml import YAML

from tests.environment import DECIDED, FROM_OUTSIDE
from tests.live import HOW_TO_START_THEM, S3Server, wait_until

ROOT = Path(settings.BASE_DIR)
COMPOSE: dict[str, Any] = YAML(typ="safe").load(ROOT / "docker-compose.yml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
# Read by the programs themselves, not by our settings.
OTHERS_VARIABLES = {
    "PORT",
    "POSTGRES_USER",
    "POSTGRES_DB",
    "GARAGE_DEFAULT_BUCKET",
    "GARAGE_DEFAULT_ACCESS_KEY",
    "GARAGE_DEFAULT_SECRET_KEY",
}
ENDS_BY_ITSELF = {"prepare"}


def read(path: str) -> str:
    return (ROOT / path).read_text()


def told_variables() -> set[str]:
    return set(re.findall(r"^([A-Z0-9_]+)=", read(".env.example"), re.MULTILINE))


def settings_variables() -> set[str]:
    return set(re.findall(r"\benv\.\w+\(\s*\"([A-Z0-9_]+)\"", read("convergence/settings.py")))


def compose_variables() -> set[str]:
    return set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", read("docker-compose.yml")))


# --- What the files say ------------------------------------------------------------------------


def test_each_variable_is_told_once_and_each_told_variable_is_read():
    assert told_variables() == settings_variables() | compose_variables()


def test_compose_sets_no_variable_that_nobody_reads():
    set_by_compose = {name for service in SERVICES.values() for name in service.get("environment", {})}

    assert set_by_compose <= told_variables() | OTHERS_VARIABLES


def test_the_tests_decide_every_variable():
    decided = DECIDED.keys() | FROM_OUTSIDE.keys() | {"DATA_DIR", "STATIC_ROOT"}

    assert decided == settings_variables()


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_has_a_version(name):
    tag = SERVICES[name]["image"].rpartition(":")[2]

    assert re.match(r"v?[0-9]", tag)


def test_the_images_we_build_upon_have_a_version():
    assert set(re.findall(r"^FROM (\S+)", read("Dockerfile"), re.MULTILINE)) == {"python:3.11-slim-bookworm"}


def test_the_image_runs_as_nobody_in_particular():
    assert re.findall(r"^USER (\S+)", read("Dockerfile"), re.MULTILINE)[-1] not in {"root", "0"}


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - ENDS_BY_ITSELF))
def test_a_service_tells_its_health_and_starts_again(name):
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert "data" not in SERVICES["proxy"]["networks"]


@pytest.mark.parametrize("name", ["postgres", "redis", "storage"])
def test_what_holds_data_reaches_nothing_outside(name):
    assert SERVICES[name]["networks"] == ["data"]
    assert COMPOSE["networks"]["data"] == {"internal": True}


def test_evidence_goes_to_the_bucket_that_the_storage_makes():
    told, made = SERVICES["web"]["environment"], SERVICES["storage"]["environment"]
    node = tomllib.loads(read("deploy/garage.toml"))

    assert told == SERVICES["worker"]["environment"] | {"PORT": told["PORT"], "TRUSTED_PROXY_COUNT": "1"}
    assert told["EVIDENCE_S3_BUCKET"] == made["GARAGE_DEFAULT_BUCKET"]
    assert told["EVIDENCE_S3_ACCESS_KEY"] == made["GARAGE_DEFAULT_ACCESS_KEY"]
    assert told["EVIDENCE_S3_SECRET_KEY"] == made["GARAGE_DEFAULT_SECRET_KEY"]
    assert told["EVIDENCE_S3_REGION"] == node["s3_api"]["s3_region"]
    assert told["EVIDENCE_S3_ENDPOINT"].rpartition(":")[2] == node["s3_api"]["api_bind_addr"].rpartition(":")[2]


@pytest.mark.parametrize("kind", ["networks", "volumes"])
def test_what_is_declared_is_used_and_what_is_used_is_declared(kind):
    used = {entry.partition(":")[0] for service in SERVICES.values() for entry in service.get(kind, [])}

    assert {name for name in used if not name.startswith(".")} == COMPOSE[kind].keys()


def test_mounted_files_exist():
    mounts = [entry.partition(":")[0] for service in SERVICES.values() for entry in service.get("volumes", [])]

    assert [path for path in mounts if path.startswith(".") and not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_for_what_can_come(name):
    for other, wish in SERVICES[name].get("depends_on", {}).items():
        comes = "service_completed_successfully" if other in ENDS_BY_ITSELF else "service_healthy"
        assert wish == {"condition": comes}


# --- The commands, run here against the tests' services ----------------------------------------


class Machine:
    """What compose gives its services: variables, a database of their own, and a folder for /tmp."""

    def __init__(self, environment: dict[str, str], tmp: Path) -> None:
        self.environment = environment
        self.tmp = tmp

    def arguments(self, command: list[str]) -> list[str]:
        """As a container would run it: `$$` is compose's way to write `$`."""
        kind, *rest = command
        words = {"CMD": rest, "CMD-SHELL": ["sh", "-c", *rest]}.get(kind, command)
        return [word.replace("$$", "$").replace("/tmp/", f"{self.tmp}/") for word in words]  # noqa: S108

    def run(self, command: list[str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.arguments(command), cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="module")
def own_database() -> Iterator[str]:
    url = urllib.parse.urlsplit(os.environ["DATABASE_URL"])
    if not url.scheme.startswith("postgres") or not settings.CELERY_BROKER_URL.startswith("redis"):
        pytest.fail(f"This test needs PostgreSQL and Redis: {HOW_TO_START_THEM}")
    name = f"compose_{uuid.uuid4().hex[:8]}"
    connection = psycopg2.connect(url.geturl())
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
            yield url._replace(path=f"/{name}").geturl()
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        connection.close()


def own_queue() -> str:
    """Beside the queue of this process's ordinary tests (see tests.environment)."""
    server, _, number = os.environ["CELERY_BROKER_URL"].rpartition("/")
    return f"{server}/{int(number) + 8}"


@pytest.fixture(scope="module")
def machine(own_database: str, s3_server: S3Server, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine on which `prepare` has run. Its static files are not collected: that takes half a minute."""
    tmp = tmp_path_factory.mktemp("machine")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    compose = {name: str(value) for name, value in SERVICES["web"]["environment"].items()}
    here = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOSTNAME": socket.gethostname(),
        "SECRET_KEY": DECIDED["SECRET_KEY"],
        "ALLOWED_HOSTS": "convergence.example",
        "CSRF_TRUSTED_ORIGINS": "https://convergence.example",
        "SITE_URL": "https://convergence.example",
        "DATABASE_URL": own_database,
        "CELERY_BROKER_URL": own_queue(),
        "CLAMD_SOCKET": os.environ["CLAMD_SOCKET"],
        "EVIDENCE_S3_ENDPOINT": s3_server.endpoint,
        "EVIDENCE_S3_ACCESS_KEY": "key",
        "EVIDENCE_S3_SECRET_KEY": "secret",
        "DATA_DIR": str(tmp / "data"),
        "STATIC_FILES_COLLECTED": "false",
        "PORT": str(port),
        "HTTPS": "true",
        "DEBUG": "false",
        "DEMONSTRATION": "false",
        "DJANGO_SETTINGS_MODULE": "convergence.settings",
    }
    machine = Machine({**compose, **here}, tmp)
    done = machine.run(SERVICES["prepare"]["command"])
    assert done.returncode == 0, done.stderr
    return machine


@pytest.mark.services
@pytest.mark.postgresql
@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_service_starts_becomes_healthy_and_stops(machine, name):
    command, healthcheck = SERVICES[name]["command"], SERVICES[name]["healthcheck"]["test"]
    log = machine.tmp / f"{name}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            machine.arguments(command), cwd=ROOT, env=machine.environment, stdout=output, stderr=output
        )
    try:
        wait_until(lambda: machine.run(healthcheck).returncode == 0, f"{name} in health:\n{log.read_text()}", 60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.services
@pytest.mark.postgresql
@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_service_that_does_not_run_is_not_called_healthy(machine, name):
    assert machine.run(SERVICES[name]["healthcheck"]["test"]).returncode != 0
