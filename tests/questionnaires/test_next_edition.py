"""The edition that shows what a yearly revision looks like: it may follow the real one, and uses every operation."""

from pathlib import Path

import pytest
from django.core.management import call_command

from questionnaires.engine import Edition, Operation, examine
from questionnaires.models import Edition as EditionRow
from questionnaires.queries import read_edition as edition_of_rows
from questionnaires.queries import without_disclaimer
from questionnaires.source_files import read_edition
from tests.questionnaires.builders import FIXTURES

FOLDER = FIXTURES / "2027"


@pytest.fixture(scope="module")
def edition_2027() -> Edition:
    return read_edition(FOLDER, "2027")


def test_it_may_be_published_after_the_real_one(edition_2026: Edition, edition_2027: Edition) -> None:
    found = examine(edition_2027, {each.name: each for each in edition_2026.questionnaires})

    assert found.errors == ()
    assert not any("gardée" in each.reason for each in found.warnings)


def test_each_operation_is_shown_and_new_questions_too(edition_2026: Edition, edition_2027: Edition) -> None:
    moves = [move for each in edition_2027.questionnaires if each.migration for move in each.migration.moves]
    new = {question.key for each in edition_2027.questionnaires for question in each.questions()}
    old = {question.key for each in edition_2026.questionnaires for question in each.questions()}
    received = {key for move in moves for key in move.targets}

    assert {move.operation for move in moves} == set(Operation)
    assert new - received == {"ORI-FON-09", "ETH-EUS-10"}
    assert {key for move in moves for key in move.sources} == old


def test_it_says_that_it_is_a_demonstration(edition_2027: Edition) -> None:
    assert "démonstration" in edition_2027.title
    assert "n’est pas un texte officiel" in " ".join(edition_2027.disclaimer.split())


@pytest.mark.parametrize("path", sorted(FOLDER.glob("[!e]*.yaml")), ids=lambda path: path.stem)
def test_its_files_are_those_of_the_year_before_with_few_edits(path: Path) -> None:
    before = set((FIXTURES / path.name).read_text(encoding="utf-8").splitlines())
    lines = path.read_text(encoding="utf-8").splitlines()

    assert sum(line not in before for line in lines) < 200


def test_it_is_loaded_after_the_real_one(db, edition_2027):
    call_command("load_questionnaires", verbosity=0)
    call_command("load_questionnaires", folder=FOLDER, edition="2027", verbosity=0)

    assert edition_of_rows(EditionRow.objects.get(code="2027")) == without_disclaimer(edition_2027)
    assert EditionRow.objects.get(code="2027").status == "published"
