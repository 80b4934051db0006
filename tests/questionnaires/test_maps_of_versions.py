"""A map is data of its version: written in its file, kept in rows, frozen and hashed with it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from questionnaires.engine import (
    DefinitionErrors,
    Edition,
    Operation,
    Questionnaire,
    content_hash,
    proposed_migration,
    questionnaire_hash,
)
from questionnaires.models import MigrationChoice, MigrationMap, MigrationMove, MigrationSource, MigrationTarget
from questionnaires.operations.publishing import propose_edition, publish_edition
from questionnaires.operations.storing import store_edition, store_version
from questionnaires.queries import predecessors, without_disclaimer
from questionnaires.rows import read_version
from questionnaires.source_files import SourceError, read_edition, read_questionnaire
from tests.questionnaires.builders import FIXTURES, question
from tests.questionnaires.small import small_edition
from tests.questionnaires.successions import explained, following, kept, move, renamed, version, with_maps

# As they were published before versions had maps: dossiers, snapshots and proofs hold them.
HASHES = {
    "2026": "b6568c9b366621e659b4900073e5b5a1f96e68c2383b4c10f4c5b77c329bf1dd",
    "ORI@2026.1": "7f12f53be9de35accc9b9f5ccdfa9e0d738761a34e02d7276f5e91f73fb9e34e",
    "DOC@2026.1": "59f3e79dbd87b0a6e35a978f342cc42a16dcf92d904403be50b75d9e9c245cbc",
    "SEC@2026.1": "9769ff79d4febb561762e353b54879303d6d2f564d95e55423ee5bffe0129aa3",
    "RGE@2026.1": "38162ecfb6d2f08edabc5e4487ae7d6facbd409d3eb976b03402b1aeeb5cb0cf",
    "DIA@2026.1": "e6af27f7e424613e26b0187cbce52f540b84e3ced255a71095c11e1c911c44b0",
}

A_FILE = """
schema: convergence/questionnaire@1
questionnaire: Q
kind: evaluation
version: "2"
slug: q
title: Q
themes:
  - code: Q-T
    slug: t
    title: Thème
    questions:
      - {key: A, type: yes_no, title: A, wording: "A ?", level: mandatory, scored: true, weight: 1,
         applies_when: always, not_applicable: allowed, choices: [{value: oui, label: Oui}, {value: non, label: Non}]}
migration:
  from: Q@1
  grace_days: 60
  map:
    - keep: [A, B]
    - keep: C
      to: C2
      choices: {C: {x: y}}
    - reconfirm: [D, E]
      why: La durée passe à six mois.
    - split: F
      to: [F, F2]
      choices:
        F2: {oui: null}
    - merge: [G, H]
      to: I
      choices:
        G: {bas: faible}
    - drop: [J, K]
      why: Retirées.
"""


@pytest.fixture
def followed(db):
    """The edition of the tests, published, and the one that follows it, as a draft."""
    publish_edition(store_edition(small_edition()), by=None)
    return store_edition(with_maps(small_edition(version="2", code="E2"), small_edition()))


def with_every_row() -> Questionnaire:
    """A version whose map has every operation, and choices."""
    return version(
        *(question(key) for key in "ABCDE"),
        number="2",
        migration=following(
            *kept("A"),
            move("reconfirm", "B", "B", why="Élargi."),
            move("split", "C", "C D", choices=renamed("C", "D", oui=None, non="non")),
            move("merge", "F G", "E"),
            move("drop", "H", why="Retirée."),
            grace_days=30,
        ),
    )


def test_versions_published_before_there_were_maps_keep_their_hash(edition_2026: Edition) -> None:
    diagnostic = read_questionnaire(FIXTURES / "diagnostic.yaml")
    versions = [*edition_2026.questionnaires, diagnostic]

    assert {"2026": content_hash(without_disclaimer(edition_2026))} | {
        each.name: questionnaire_hash(each) for each in versions
    } == HASHES


def test_a_map_is_part_of_what_is_hashed() -> None:
    without = version(question("A"))
    hashes = {
        questionnaire_hash(each)
        for each in (
            without,
            replace(without, migration=following(*kept("A"))),
            replace(without, migration=following(*kept("A"), grace_days=60)),
            replace(without, migration=following(move("reconfirm", "A", "A", why="Élargi."))),
        )
    }

    assert len(hashes) == 4


def test_a_file_says_its_map_in_few_lines(tmp_path: Path) -> None:
    path = tmp_path / "q.yaml"
    path.write_text(A_FILE)

    assert read_questionnaire(path).migration == following(
        *kept("A", "B"),
        move("keep", "C", "C2", choices=renamed("C", "C2", x="y")),
        move("reconfirm", "D", "D", why="La durée passe à six mois."),
        move("reconfirm", "E", "E", why="La durée passe à six mois."),
        move("split", "F", "F F2", choices=renamed("F", "F2", oui=None)),
        move("merge", "G H", "I", choices=renamed("G", "I", bas="faible")),
        move("drop", "J", why="Retirées."),
        move("drop", "K", why="Retirées."),
        grace_days=60,
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- drop: [J, K]\n      why: Retirées.", "- drop: [J, K]"),
        ("to: [F, F2]", "to: F"),
        ("merge: [G, H]", "merge: G"),
        ("- keep: [A, B]", "- garder: [A, B]"),
        ("grace_days: 60", "grace_days: -1"),
        ("from: Q@1", "from: Q"),
        ("- keep: [A, B]", "- keep: [A, B]\n      drop: A"),
    ],
)
def test_a_map_that_is_badly_written_is_told_with_its_line(tmp_path, old, new):
    path = tmp_path / "q.yaml"
    path.write_text(A_FILE.replace(old, new))

    with pytest.raises(SourceError) as caught:
        read_questionnaire(path)

    assert all(each.path.startswith("migration") and each.line for each in caught.value.problems)


def test_a_file_that_names_a_question_twice_is_refused(tmp_path):
    path = tmp_path / "q.yaml"
    path.write_text(A_FILE.replace("[A, B]", "[A, J]").replace("to: I", "to: A"))

    with pytest.raises(SourceError) as caught:
        read_questionnaire(path)

    assert [each.reason for each in caught.value.problems] == ["J y part 2 fois", "A y arrive 2 fois"]


def test_a_map_comes_back_from_its_rows_as_it_was(db):
    content = with_every_row()

    assert read_version(store_version(content)) == content


def test_a_draft_takes_another_map_or_none(db):
    store_version(with_every_row())
    changed = replace(with_every_row(), migration=following(*kept("A"), old="Q@0"))

    assert read_version(store_version(changed)) == changed
    assert read_version(store_version(replace(changed, migration=None))).migration is None
    assert not MigrationMap.objects.exists()


def test_the_database_refuses_two_fates_for_one_question(db):
    store_version(with_every_row())
    chart = MigrationMap.objects.get()
    again = MigrationMove.objects.create(map=chart, position=9, operation=Operation.DROP)

    with pytest.raises(IntegrityError), transaction.atomic():
        MigrationSource.objects.create(map=chart, move=again, position=1, key="A")
    with pytest.raises(IntegrityError), transaction.atomic():
        MigrationTarget.objects.create(map=chart, move=again, position=1, key="A")


@pytest.mark.parametrize(
    ("table", "change"),
    [
        (MigrationMap, {"grace_days": 1}),
        (MigrationMove, {"why": "Autre."}),
        (MigrationSource, {"key": "Z"}),
        (MigrationTarget, {"key": "Z"}),
        (MigrationChoice, {"new": "oui"}),
    ],
)
def test_the_map_of_a_published_version_never_changes(db, table, change):
    row = store_version(with_every_row())
    type(row).objects.filter(pk=row.pk).update(
        status="published", content_hash="0" * 64, published_at="2026-12-01T00:00:00Z"
    )

    with pytest.raises(IntegrityError, match="a published version never changes"), transaction.atomic():
        table.objects.update(**change)
    with pytest.raises(IntegrityError, match="a published version never changes"), transaction.atomic():
        table.objects.all()._raw_delete(using="default")


def test_an_edition_that_follows_another_is_published_with_its_maps(followed):
    assert [each.name for each in predecessors(followed).values()] == ["ORI@1", "EVA@1"]
    assert publish_edition(followed, by=None).status == "published"
    assert [each.name for each in predecessors(followed).values()] == ["ORI@1", "EVA@1", "ORI@2", "EVA@2"]


def test_an_edition_without_the_maps_it_needs_is_neither_proposed_nor_published(db, editor):
    publish_edition(store_edition(small_edition()), by=None)
    draft = store_edition(small_edition(version="2", code="E2"))

    with pytest.raises(DefinitionErrors, match="il lui faut une carte de reprise"):
        publish_edition(draft, by=None)
    with pytest.raises(DefinitionErrors, match="il lui faut une carte de reprise"):
        propose_edition(draft, effective_on=date(2027, 1, 1), by=editor)

    draft.refresh_from_db()
    assert draft.status == "draft"


def test_the_real_edition_with_a_proposed_map_comes_back_from_its_file_and_rows(db, edition_2026):
    security = next(each for each in read_edition(FIXTURES, "2026").questionnaires if each.code == "SEC")
    successor = replace(security, version="x", migration=explained(proposed_migration(security, security)))

    assert read_version(store_version(successor)) == successor
