"""The real edition, and the one of the year after: a few requirements differ."""

import pytest

from questionnaires.models import Edition
from tests.assessments.editions import published_edition
from tests.requirements.next_year import published_next_year


@pytest.fixture
def edition(db: None) -> Edition:
    return published_edition()


@pytest.fixture
def next_edition(edition: Edition) -> Edition:
    return published_next_year()
