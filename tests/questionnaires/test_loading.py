"""`manage.py load_questionnaires`: what the files say is what the database holds, however often it is run."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from audit.models import Event
from questionnaires.engine import Edition as EditionContent
from questionnaires.engine import content_hash, questionnaire_hash
from questionnaires.exchange.yaml_text import questionnaire_yaml
from questionnaires.models import Edition, Question, Version
from questionnaires.operations.publishing import publish_edition
from questionnaires.operations.storing import AlreadyPublished, store_edition, store_version
from questionnaires.queries import read_edition, without_disclaimer
from questionnaires.rows import read_version
from questionnaires.source_files import read_edition as edition_of_files
from questionnaires.source_files import read_questionnaire
from tests.questionnaires.builders import FIXTURES
from tests.questionnaires.small import small_diagnostic, small_edition, with_other_wording


def load(**options: object) -> None:
    call_command("load_questionnaires", verbosity=0, **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files, to be edited."""
    copy = tmp_path / "questionnaires"
    shutil.copytree(FIXTURES, copy)
    return copy


def test_the_real_files_load_and_are_published(db, capsys):
    load()

    edition = Edition.objects.get()
    numbers = {
        kind: Question.objects.filter(theme__version__questionnaire__kind=kind).count()
        for kind in ("evaluation", "orientation", "diagnostic")
    }
    assert edition.status == "published"
    assert numbers == {"evaluation": 226, "orientation": 17, "diagnostic": 2}
    assert set(Version.objects.values_list("status", flat=True)) == {"published"}
    assert capsys.readouterr().out == f"{edition.title} : publiée, 243 questions.\n"


def test_loading_again_changes_nothing(db):
    load()
    before = list(Question.objects.order_by("pk").values()), list(Version.objects.order_by("pk").values())
    events = Event.objects.count()

    load()

    assert (list(Question.objects.order_by("pk").values()), list(Version.objects.order_by("pk").values())) == before
    assert Event.objects.count() == events


def test_the_rows_say_what_the_files_say(db, edition_2026: EditionContent):
    load(draft=True)

    rows = read_edition(Edition.objects.get())

    assert rows == without_disclaimer(edition_of_files(FIXTURES, "2026"))
    assert content_hash(rows) == content_hash(without_disclaimer(edition_2026))


def test_the_diagnostic_comes_back_as_it_is_in_its_file(db):
    content = read_questionnaire(FIXTURES / "diagnostic.yaml")

    version = store_version(content)

    assert read_version(version) == content


@pytest.mark.parametrize("content", [*small_edition().questionnaires, small_diagnostic()], ids=lambda each: each.code)
def test_every_kind_of_field_comes_back_from_its_row(db, content):
    assert read_version(store_version(content)) == content


def test_the_texts_of_the_files_are_kept_byte_for_byte_and_frozen_with_the_rows(db):
    load()

    version, edition = Version.objects.get(questionnaire__code="DOC"), Edition.objects.get()
    assert version.source == (FIXTURES / "doctrine.yaml").read_bytes().decode()
    assert edition.source == (FIXTURES / "edition-2026.yaml").read_bytes().decode()
    assert Version.objects.get(questionnaire__code="DIA").source.startswith("# Diagnostic\n")
    for row in (version, edition):
        with pytest.raises(IntegrityError, match="published"), transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(source="")


def test_a_draft_stored_without_a_text_keeps_the_one_that_it_had(db):
    text = (FIXTURES / "orientation.yaml").read_bytes().decode()
    content = read_questionnaire(FIXTURES / "orientation.yaml")
    store_version(content, source=text)

    version = store_version(replace(content, title="Autrement"))

    assert questionnaire_yaml(read_version(version), version.source) == text.replace(
        "title: Orientation\n", "title: Autrement\n", 1
    )


def test_drafts_are_stored_and_not_published(db):
    load(draft=True)

    assert set(Version.objects.values_list("status", flat=True)) == {"draft"}
    assert Edition.objects.get().content_hash == ""


def test_a_draft_is_replaced_by_the_new_content(db):
    store_edition(small_edition())
    changed = with_other_wording(small_edition(), "Le service est-il mobile ?")

    edition = store_edition(changed)

    assert read_edition(edition) == without_disclaimer(changed)
    assert Edition.objects.count() == 1
    assert Version.objects.count() == 2


def test_another_content_under_a_published_number_is_refused(db):
    publish_edition(store_edition(small_edition()), by=None)
    changed = with_other_wording(small_edition(), "Le service est-il mobile ?")

    with pytest.raises(AlreadyPublished, match="E1"):
        store_edition(changed)
    with pytest.raises(AlreadyPublished, match="ORI@1"):
        store_version(changed.questionnaires[0])

    assert Question.objects.get(key="ORI-01").wording == "Mobile ?"


def test_the_same_content_under_a_published_number_is_found(db):
    first = publish_edition(store_edition(small_edition()), by=None)

    assert store_edition(small_edition()) == first
    assert store_version(small_edition().questionnaires[0]).content_hash == questionnaire_hash(
        small_edition().questionnaires[0]
    )


def test_the_command_says_which_version_was_published_with_another_content(db, folder):
    load(folder=folder)
    path = folder / "doctrine.yaml"
    path.write_text(path.read_text().replace("\ntitle: ", "\ntitle: Nouvelle ", 1))

    with pytest.raises(CommandError, match="2026 was published with another content"):
        load(folder=folder)


def test_a_file_that_cannot_be_read_leaves_nothing_behind(db, folder):
    (folder / "securite.yaml").write_text("themes: [")

    with pytest.raises(CommandError, match=r"securite|SEC@"):
        load(folder=folder)

    assert not Edition.objects.exists()


def test_every_problem_is_told_at_once_with_its_file_and_its_line(db, folder):
    path = folder / "securite.yaml"
    path.write_text(path.read_text().replace("answer(SEC-GOV-05) == 'certifie'", "answer(SEC-GOV-05) == 'oublie'"))
    edition = folder / "edition-2026.yaml"
    edition.write_text(edition.read_text().replace("programme == 'with_exchange'", "programme == 'sans_rien'", 1))

    with pytest.raises(CommandError) as caught:
        load(folder=folder)

    told = str(caught.value).splitlines()
    assert {line.partition(",")[0] for line in told} == {"securite.yaml", "edition-2026.yaml"}
    for line in told:
        file, place, problem = line.split(", ", 2)
        name = problem.partition("\N{NO-BREAK SPACE}:")[0].split()[-1]
        assert name in (folder / file).read_text().splitlines()[int(place.removeprefix("ligne ")) - 1]


def test_an_edition_that_does_not_hold_is_not_published(db, folder):
    path = folder / "securite.yaml"
    path.write_text(path.read_text().replace("answer(SEC-GOV-05) == 'certifie'", "answer(SEC-GOV-99) == 'certifie'"))

    with pytest.raises(CommandError, match="SEC-GOV-99"):
        load(folder=folder)

    assert Edition.objects.get().status == "draft"
    assert set(Version.objects.filter(editions__isnull=False).values_list("status", flat=True)) == {"draft"}


def test_a_new_version_stands_beside_the_published_one(db):
    publish_edition(store_edition(small_edition()), by=None)

    second = store_edition(small_edition(version="2", code="E2"))

    assert second.status == "draft"
    assert Version.objects.filter(questionnaire__code="EVA").count() == 2
    assert Edition.objects.get(code="E1").status == "published"


def test_a_new_edition_takes_up_a_published_version(db):
    publish_edition(store_edition(small_edition()), by=None)

    second = publish_edition(store_edition(small_edition(code="E2")), by=None)

    assert second.status == "published"
    assert Version.objects.count() == 2
    assert {edition.code for edition in Version.objects.get(questionnaire__code="EVA").editions.all()} == {"E1", "E2"}
