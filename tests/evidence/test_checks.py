"""The portal does not start with a scanner or a storage that cannot work, or that protects nobody."""

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks

BUCKET = {
    "bucket_name": "preuves",
    "endpoint_url": "https://s3.example",
    "region_name": "fr",
    "access_key": "key",
    "secret_key": "secret",
}
NOTHING = {**dict.fromkeys(BUCKET, ""), "endpoint_url": None}


def _errors() -> list[str]:
    return [str(message.id) for message in run_checks() if str(message.id).startswith("evidence.")]


@pytest.mark.parametrize(
    ("scanner", "demonstration", "clamd", "errors"),
    [
        ("demonstration", False, "", ["evidence.E001"]),
        ("demonstration", True, "", []),
        ("clamd", False, "", ["evidence.E002"]),
        ("clamd", False, "clamav", ["evidence.E003"]),
        ("clamd", False, "clamav:3310", []),
        ("clamd", False, "/run/clamav/clamd.ctl", []),
        ("none", False, "", []),
    ],
)
def test_the_scanner_is_checked_at_boot(settings, scanner, demonstration, clamd, errors):
    settings.EVIDENCE_SCANNER = scanner
    settings.DEMONSTRATION = demonstration
    settings.CLAMD_SOCKET = clamd

    assert _errors() == errors


@pytest.mark.parametrize(
    ("told", "errors"),
    [
        (NOTHING, []),
        (BUCKET, []),
        ({**BUCKET, "endpoint_url": None}, []),
        ({**NOTHING, "endpoint_url": "https://s3.example"}, ["evidence.E004"]),
        ({**NOTHING, "secret_key": "secret"}, ["evidence.E004"]),
        *[({**BUCKET, missing: ""}, ["evidence.E004"]) for missing in BUCKET if missing != "endpoint_url"],
        ({**BUCKET, "endpoint_url": "s3.example"}, ["evidence.E005"]),
    ],
)
def test_a_bucket_is_wholly_set_or_not_at_all(settings, told, errors):
    settings.EVIDENCE_SCANNER, settings.EVIDENCE_S3 = "none", told

    assert _errors() == errors


@pytest.mark.parametrize(
    ("storage", "errors"),
    [
        ({"BACKEND": "evidence.storage.PrivateBucket", "OPTIONS": BUCKET}, []),
        ({"BACKEND": "evidence.storage.PrivateFolder", "OPTIONS": {"location": "/nonexistent"}}, []),
        ({"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": BUCKET}, ["evidence.E006"]),
        (
            {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": "/nonexistent", "base_url": None},
            },
            ["evidence.E006"],
        ),
    ],
)
def test_a_storage_that_gives_files_an_address_is_refused(settings, storage, errors):
    settings.EVIDENCE_SCANNER = "none"
    settings.STORAGES = {**settings.STORAGES, "evidence": storage}

    assert _errors() == errors


def test_no_page_and_no_code_asks_a_file_for_its_address():
    root = Path(django_settings.BASE_DIR)
    apps = [root / name for name in django_settings.INSTALLED_APPS if (root / name).is_dir()]
    files = [path for app in (*apps, root / "templates") for kind in ("*.py", "*.html") for path in app.rglob(kind)]

    assert len(files) > 200
    assert [path for path in files if re.search(r"(file|proof|storage|storage\(\))\.url\b", path.read_text())] == []
