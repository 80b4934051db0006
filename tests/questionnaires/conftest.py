"""The real edition, read and compiled once for all tests of the engine."""

import pytest

from questionnaires.engine import Definition, Edition, compile_edition
from questionnaires.source_files import read_edition
from tests.questionnaires.builders import FIXTURES


@pytest.fixture(scope="session")
def edition_2026() -> Edition:
    return read_edition(FIXTURES, "2026")


@pytest.fixture(scope="session")
def definition_2026(edition_2026: Edition) -> Definition:
    return compile_edition(edition_2026)
