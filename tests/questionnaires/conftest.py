"""The real edition, read and compiled once for all tests of the engine."""

from pathlib import Path

import pytest

from questionnaires.engine import Definition, Edition, compile_edition
from questionnaires.source_files import read_edition

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "questionnaires"


@pytest.fixture(scope="session")
def edition_2026() -> Edition:
    return read_edition(FIXTURES, "2026")


@pytest.fixture(scope="session")
def definition_2026(edition_2026: Edition) -> Definition:
    return compile_edition(edition_2026)
