"""The image's build collects the static files: each file that a style sheet or a script names must be there."""

from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings


@pytest.fixture
def collecting(settings: Settings, tmp_path: Path) -> Path:
    """As in production, without the compression: that takes the longest and refuses nothing."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    return tmp_path


def test_static_files_can_be_collected(collecting):
    call_command("collectstatic", interactive=False, verbosity=0)

    assert (collecting / "staticfiles.json").is_file()
