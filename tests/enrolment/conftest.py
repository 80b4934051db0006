"""Somebody who asks, and files that go with the test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from accounts.models import User
from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def _empty_quarantine() -> Iterator[None]:
    """The rows of a test go with its transaction; its files do not."""
    yield
    shutil.rmtree(Path(django_settings.DATA_DIR) / "evidence", ignore_errors=True)


@pytest.fixture
def alice(db: None) -> User:
    """A person of no team, who asks for an account."""
    return UserFactory.create(email="alice@nouvelle.example", full_name="Alice Demandeuse")
