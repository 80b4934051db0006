"""Files that go with the test, and what the worker does."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import FileSystemStorage

from accounts.models import User
from privacy.models import DataExport
from privacy.operations.exports import request_export
from privacy.tasks import export as export_task


@pytest.fixture(autouse=True)
def exports_folder(tmp_path: Path) -> Iterator[Path]:
    """An empty folder for the archives of one test."""
    field = DataExport._meta.get_field("file")
    standing = field.storage
    field.storage = FileSystemStorage(location=tmp_path, base_url=None)
    yield tmp_path
    field.storage = standing


@pytest.fixture(autouse=True)
def _empty_quarantine() -> Iterator[None]:
    """The rows of a test go with its transaction; its files do not."""
    yield
    shutil.rmtree(Path(django_settings.DATA_DIR) / "evidence", ignore_errors=True)


@pytest.fixture
def exported() -> Callable[[User], DataExport]:
    """exported(user): their archive, asked for and made."""

    def make(user: User) -> DataExport:
        export_task(request_export(user).job_id)
        return DataExport.objects.select_related("job").filter(user=user).latest("pk")

    return make
