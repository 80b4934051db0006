"""The real edition, and the one of the year after: a few requirements differ."""

import pytest

from questionnaires.engine import Definition, compile_edition
from questionnaires.models import Edition
from questionnaires.source_files import read_edition
from tests.assessments.editions import published_edition
from tests.questionnaires.builders import FIXTURES
from tests.requirements.next_year import published_next_year


@pytest.fixture(scope="session")
def definition_2026() -> Definition:
    return compile_edition(read_edition(FIXTURES, "2026"))


@pytest.fixture
def edition(db: None) -> Edition:
    return published_edition()


@pytest.fixture
def next_edition(edition: Edition) -> Edition:
    return published_next_year()
