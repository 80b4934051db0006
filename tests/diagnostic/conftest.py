"""The diagnostic as it ships, published."""

from pathlib import Path

import pytest
from django.conf import settings

from questionnaires.operations.publishing import publish_diagnostic
from questionnaires.operations.storing import store_version
from questionnaires.queries import PublishedDiagnostic, published_diagnostic
from questionnaires.source_files import read_questionnaire


@pytest.fixture
def published(db: None) -> PublishedDiagnostic:
    source = read_questionnaire(Path(settings.BASE_DIR) / "fixtures/questionnaires/diagnostic.yaml")
    publish_diagnostic(store_version(source), by=None)
    diagnostic = published_diagnostic()
    assert diagnostic is not None
    return diagnostic
