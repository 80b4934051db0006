"""Things that run for real beside the tests: a Celery worker, a browser, a scanner. A pytest plugin.

`celery_worker`, `chromium`, `page`, `clamd_socket`, `s3_server` are fixtures; `browser_context`, `sign_in`,
`wait_until` and `accessibility_problems` are functions to import. Tests that use them get their marker by themselves.
"""

import email
import email.policy
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

import pytest
from axe_playwright_python.sync_playwright import Axe
from celery import current_app
from django.conf import settings
from django.db import connection, connections
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

if TYPE_CHECKING:  # a plugin is read before Django may load models
    from accounts.models import User

MARKS = {
    "chromium": "browser",
    "celery_worker": "services",
    "clamd_socket": "services",
    "s3_server": "services",
    "db": "database",
    "transactional_db": "database",
    "built_world": "database",
    "built_worlds": "database",
}
# A machine that does four things at once is slow: what never comes fails all the same. Milliseconds.
BROWSER_PATIENCE, EXPECT_PATIENCE = 30_000, 15_000
HOW_TO_START_THEM = "start it by `python3 scripts/with_services.py .venv/bin/python -m pytest …`"
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in MARKS:
                item.add_marker(MARKS[fixture])


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgresql") and connection.vendor != "postgresql":
        pytest.fail(f"This test needs PostgreSQL: {HOW_TO_START_THEM}")
    if item.get_closest_marker("sqlite") and connection.vendor != "sqlite":
        pytest.fail("This test needs SQLite: run it without DATABASE_URL.")


def wait_until(reached: Callable[[], bool], what: str, seconds: float = 30, *, page: Page | None = None) -> None:
    """Poll until `reached()` is true; fail with `what` after `seconds`.

    `page`: whose routes go on meanwhile. Playwright's handlers hear nothing while Python sleeps.
    """
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            pytest.fail(f"Not within {seconds:.0f} seconds: {what}")
        if page is None:
            time.sleep(0.05)
        else:
            page.wait_for_timeout(50)


# --- Celery ------------------------------------------------------------------------------------


class Worker:
    """A real worker, with its beat, over Redis and the tests' database."""

    def __init__(self, database_url: str) -> None:
        self.log = Path(settings.DATA_DIR) / "worker.log"
        # For the next start.
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            # Lost work is noticed within a test's patience.
            "JOB_STALE_AFTER_SECONDS": "5",
            "JOB_SWEEP_INTERVAL_SECONDS": "1",
            # Its messages are files, which `mail_by_the_worker` reads.
            "EMAIL_URL": "file:///",
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None

    def start(self) -> None:
        """Start, or start again, and wait until it takes messages."""
        self.log.write_text("")
        self._output = self.log.open("ab")
        command = [sys.executable, "-m", "celery", "--app", "convergence", "worker", "--beat", "--concurrency", "2"]
        options = ["--schedule", f"{settings.DATA_DIR}/beat-schedule", "--loglevel", "INFO", "--without-mingle"]
        self._process = subprocess.Popen(
            [*command, *options],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        wait_until(self._is_ready, f"the worker's start; see its log: {self.log}", seconds=90)

    def kill(self) -> None:
        """As a power cut would: parent and children at once, nothing finished, nothing given back."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _is_ready(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            pytest.fail(f"The worker ended at once:\n{self.log.read_text()}")
        return " ready." in self.log.read_text()

    def _end(self, with_signal: signal.Signals) -> None:
        if self._process is None or self._output is None:
            return
        if with_signal is signal.SIGKILL:
            os.killpg(self._process.pid, with_signal)
        else:
            self._process.send_signal(with_signal)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._output.close()
        self._process = self._output = None


def address_of_the_database() -> str:
    """The address of the tests' database, for a process of its own."""
    outside = urllib.parse.urlsplit(os.environ["DATABASE_URL"])
    return outside._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@pytest.fixture(scope="session")
def _worker_process(django_db_setup: None) -> Iterator[Worker]:
    if connection.vendor != "postgresql" or not settings.CELERY_BROKER_URL.startswith("redis"):
        pytest.fail(f"A live worker needs PostgreSQL and Redis: {HOW_TO_START_THEM}")
    worker = Worker(address_of_the_database())
    yield worker
    worker.stop()


@pytest.fixture
def celery_worker(_worker_process: Worker, transactional_db: None) -> Iterator[Worker]:
    """A live worker with an empty queue. One process serves the whole run; a killed one is started again.

    Its tests are transactional: it sees only what is committed.
    """
    current_app.control.purge()
    if _worker_process._process is None:
        _worker_process.start()
    yield _worker_process
    current_app.control.purge()


def mail_by_the_worker(address: str) -> str:
    """Wait for the message that the live worker sends to this address; return its text."""
    found: list[str] = []

    def has_arrived() -> bool:
        for path in (Path(settings.DATA_DIR) / "mails").glob("*.log"):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if message["To"] == address:
                found.append(str(message.get_content()))
        return bool(found)

    wait_until(has_arrived, f"a message to {address}")
    return found[-1]


# --- The scanner -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def clamd_socket() -> str:
    """Where a real clamd that knows EICAR listens."""
    if not Path(settings.CLAMD_SOCKET).is_socket() and ":" not in settings.CLAMD_SOCKET:
        pytest.fail(f"This test needs clamd: {HOW_TO_START_THEM}")
    return str(settings.CLAMD_SOCKET)


# --- The bucket --------------------------------------------------------------------------------


class S3Server:
    """moto's server, in a process of its own; it keeps objects in memory, and forgets them when it ends.

    `pause()`: the kernel takes connections and nobody answers, as when a machine hangs. `resume()` it, and what it had
    been sent meanwhile is done late, given up or not.
    """

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        self.endpoint = f"http://127.0.0.1:{self._port}"
        options = ["--host", "127.0.0.1", "--port", str(self._port)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def pause(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def answers(self) -> bool:
        if self._process.poll() is not None:
            pytest.fail("moto's server ended at once.")
        try:
            urllib.request.urlopen(self.endpoint, timeout=20).close()  # loads what the next ones need
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            return False
        return True


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """A server that speaks S3, without any bucket."""
    server = S3Server()
    try:
        wait_until(server.answers, "the start of moto's server")
        yield server
    finally:
        server.stop()


# --- The browser -------------------------------------------------------------------------------


class Served(Protocol):
    """A portal that listens: `live_server`, or another."""

    @property
    def url(self) -> str: ...


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    executable = shutil.which("chromium") or pytest.fail("This test needs a browser: apt-get install chromium")
    with pytest.MonkeyPatch.context() as patch:
        # Playwright's loop runs in the tests' thread; Django would take each query for one inside a coroutine.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        own_connections = {alias: connections[alias] for alias in connections}
        with sync_playwright() as playwright:
            # Beside a running loop Django opens connections anew; the tests must go on with the ones they had.
            for alias, own_connection in own_connections.items():
                connections[alias] = own_connection
            expect.set_options(timeout=EXPECT_PATIENCE)
            browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
            yield browser
            browser.close()


@contextmanager
def browser_context(
    chromium: Browser, live_server: Served, *, other_origins: tuple[str, ...] = (), **options: Any
) -> Iterator[BrowserContext]:
    """A French visitor's browser on the live server, with its own cookies. `options` are Playwright's.

    Leaving it fails the test on a script error, a request to elsewhere (but for `other_origins`), or anything that
    the content policy refused.
    """
    problems: list[str] = []

    def note_request_elsewhere(request: Request) -> None:
        if not request.url.startswith((live_server.url, *other_origins, "data:", "blob:", "about:")):
            problems.append(f"request to {request.url}")

    def note_refusal(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    options = {"base_url": live_server.url, "locale": "fr-FR", "timezone_id": "Europe/Paris", **options}
    with chromium.new_context(**options) as context:
        context.set_default_timeout(BROWSER_PATIENCE)
        context.on("request", note_request_elsewhere)
        context.on("console", note_refusal)
        context.on("weberror", lambda error: problems.append(f"script error: {error.error}"))
        yield context
    assert not problems


@pytest.fixture
def page(chromium: Browser, live_server: Served) -> Iterator[Page]:
    """A page of `browser_context`."""
    with browser_context(chromium, live_server) as context:
        yield context.new_page()


def sign_in(page: Page, live_server: Served, user: "User") -> None:
    """Give the page's browser a session of this person, without the sign-in form."""
    from tests.clients import SignedInClient  # noqa: PLC0415 — a plugin is read before Django may load models

    client = SignedInClient()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


def accessibility_problems(page: Page) -> list[str]:
    """What axe finds on the page as it is now, one line each: rule, what it means, where."""
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{violation['id']}: {violation['help']} — {', '.join(str(node['target']) for node in violation['nodes'])}"
        for violation in violations
    ]
