"""What the tests of evidence share."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from accounts.models import Publisher, User
from evidence.models import DocumentVersion
from evidence.operations import receive
from tests.evidence.samples import upload

Deposit = Callable[..., DocumentVersion]


@pytest.fixture(autouse=True)
def _empty_quarantine() -> Iterator[None]:
    """The rows of a test go with its transaction; its files do not."""
    yield
    shutil.rmtree(Path(django_settings.DATA_DIR) / "evidence", ignore_errors=True)


@pytest.fixture
def deposit(publisher: Publisher, contributor: User) -> Deposit:
    """deposit("note.txt", b"…"): the contributor deposits a file for the publisher."""

    def _deposit(name: str, content: bytes, title: str = "") -> DocumentVersion:
        return receive(publisher=publisher, file=upload(name, content), by=contributor, title=title)

    return _deposit


@pytest.fixture
def quarantined() -> Callable[[], set[Path]]:
    """quarantined(): every file in quarantine now."""
    root = Path(django_settings.DATA_DIR) / "evidence"
    return lambda: {path for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def clamd(clamd_socket: str, settings: Settings) -> Settings:
    """A real clamd is the scanner; returns the settings, to take it away again."""
    settings.EVIDENCE_SCANNER = "clamd"
    settings.CLAMD_SOCKET = clamd_socket
    return settings


@pytest.fixture
def scanner_down(settings: Settings, tmp_path: Path) -> Settings:
    """clamd is configured, and nobody answers."""
    settings.EVIDENCE_SCANNER = "clamd"
    settings.CLAMD_SOCKET = str(tmp_path / "nobody.sock")
    return settings
