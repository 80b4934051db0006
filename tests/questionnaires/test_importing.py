"""A questionnaire comes from a file: seen first, written as a draft, and nothing is lost without a word."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from questionnaires.exchange.reading import Format, Reading
from questionnaires.exchange.workbook_writing import write_workbook
from questionnaires.exchange.yaml_text import questionnaire_yaml
from questionnaires.fitting import misfits
from questionnaires.models import Question, Version, WaitingFile
from questionnaires.operations.importing import DraftThere, OtherQuestionnaire, import_version, keep_file
from questionnaires.operations.publishing import publish_diagnostic
from questionnaires.operations.storing import AlreadyPublished
from questionnaires.rows import read_version
from questionnaires.source_files import read_questionnaire
from tests.questionnaires.builders import FIXTURES

DIAGNOSTIC = FIXTURES / "diagnostic.yaml"
TITLE = read_questionnaire(DIAGNOSTIC).title
LIBRARY = """\
urn: urn:essai:risk:library:cadre
name: Le cadre
version: 2
locale: fr
objects:
  framework:
    ref_id: CADRE
    name: Le cadre
    requirement_nodes:
    - {urn: "urn:x:a", ref_id: A, assessable: false, depth: 1, name: Premier}
    - {urn: "urn:x:1", ref_id: A.1, assessable: true, depth: 2, parent_urn: "urn:x:a", name: Un, description: Dit.}
    - {urn: "urn:x:2", ref_id: A.2, assessable: true, depth: 2, parent_urn: "urn:x:z", name: Deux}
"""


def reading(**changes: Any) -> Reading:
    return Reading(format=Format.XLSX, content=replace(read_questionnaire(DIAGNOSTIC), **changes))


def run(path: Path, capsys, **options: bool) -> str:
    call_command("import_questionnaire", str(path), **options)
    return str(capsys.readouterr().out)


# --- The operation --------------------------------------------------------------------------------


def test_a_draft_is_written_once_and_traced(db, editor):
    version = import_version(reading(), replace=False, by=editor)

    assert import_version(reading(), replace=False, by=editor) == version
    assert (version.status, read_version(version)) == ("draft", read_questionnaire(DIAGNOSTIC))
    event = Event.objects.get(verb="questionnaire.imported")
    assert (event.actor, event.data["replaced"], event.data["format"]) == (editor, False, "xlsx")


def test_a_draft_that_says_something_else_is_replaced_only_when_told_so(db, editor):
    first = import_version(reading(), replace=False, by=editor)

    with pytest.raises(DraftThere):
        import_version(reading(title="Autrement"), replace=False, by=editor)
    assert read_version(first).title == TITLE

    assert read_version(import_version(reading(title="Autrement"), replace=True, by=editor)).title == "Autrement"


def test_what_is_published_is_never_replaced(db, editor):
    publish_diagnostic(import_version(reading(), replace=False, by=editor), by=None)

    assert import_version(reading(), replace=True, by=editor).status == "published"
    with pytest.raises(AlreadyPublished):
        import_version(reading(title="Autrement"), replace=True, by=editor)


@pytest.mark.parametrize("change", [{"slug": "autre"}, {"code": "AUTRE"}])
def test_another_questionnaire_of_the_same_name_is_refused(db, editor, change):
    import_version(reading(), replace=False, by=editor)

    with pytest.raises(OtherQuestionnaire):
        import_version(reading(**change, version="2"), replace=True, by=editor)


def test_what_the_database_cannot_hold_is_told_first():
    content = read_questionnaire(DIAGNOSTIC)
    (theme,) = content.themes
    first, second = theme.questions
    first = replace(first, title="é" * 151, help="nul\0", weight=first.weight - 1)
    outcome = replace(content.outcomes[0], next_steps=("un\ndeux",))

    said = misfits(
        replace(
            content,
            code="TROPLONGCODE",
            themes=(replace(theme, questions=(first, second, replace(second, title="Encore"))),),
            outcomes=(outcome,),
        )
    )

    told = (
        "TROPLONGCODE, code",
        "DIA-01, intitulé court",
        "DIA-01, aide",
        "le poids",
        "étape",
        "DIA-02\xa0»",
        "ouvert",
    )
    assert [any(each in sentence for sentence in said) for each in told] == [True] * len(told)
    assert misfits(content) == []


# --- The command ----------------------------------------------------------------------------------


def test_the_command_says_what_it_found_and_writes_the_draft(db, tmp_path, capsys):
    path = tmp_path / "cadre.yaml"
    path.write_text(LIBRARY, encoding="utf-8")

    told = json.loads(run(path, capsys, in_json=True))

    assert (told["format"], told["code"], told["version"], told["title"]) == ("ciso", "CADRE", "2", "Le cadre")
    assert told["items"] == [
        {"kind": "theme", "key": "CADRE-A", "depth": 1, "ref": "A", "title": "Premier", "length": 7},
        {"kind": "requirement", "key": "CADRE-A-1", "depth": 2, "ref": "A.1", "title": "Un", "length": 6},
        {**told["items"][2], "kind": "theme", "title": "Le cadre"},
        {"kind": "requirement", "key": "CADRE-A-2", "depth": 2, "ref": "A.2", "title": "Deux", "length": 4},
    ]
    assert any("ligne 12" in warning and "urn:x:z" in warning for warning in told["warnings"])
    assert set(Question.objects.values_list("key", flat=True)) == {"CADRE-A-1", "CADRE-A-2"}


def test_a_dry_run_writes_nothing(db, capsys):
    said = run(DIAGNOSTIC, capsys, dry_run=True)

    assert "DIA@2026.1" in said
    assert "DIA-02 [" in said
    assert not Version.objects.exists()


def test_our_yaml_is_kept_with_its_text_and_a_workbook_goes_into_it(db, tmp_path, capsys):
    run(DIAGNOSTIC, capsys)
    version = Version.objects.get()
    assert version.source == DIAGNOSTIC.read_bytes().decode()

    path = tmp_path / "diagnostic.xlsx"
    path.write_bytes(write_workbook(reading(title="Autrement").content))
    with pytest.raises(CommandError, match="--replace"):
        run(path, capsys)
    run(path, capsys, replace=True)

    version.refresh_from_db()
    text = questionnaire_yaml(read_version(version), version.source)
    assert text == version.source.replace(f'title: "{TITLE}"', "title: Autrement", 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [1\n", r"mauvais\.yaml, ligne \d\s: YAML illisible"),
        ("a: 1\n", "ni un questionnaire du portail"),
        ("a: &x [1]\nb: *x\n", "ligne 2.*renvois"),
        ("schema: convergence/edition@1\n", "édition"),
        ("schema: convergence/questionnaire@1\nquestionnaire: DOC\n", r"mauvais\.yaml, ligne 1"),
        ("a: " + "[" * 5000, "YAML illisible"),
        ("a: 1e999999999\n", "nombre hors de portée"),
    ],
)
def test_a_file_that_is_not_taken_is_told_with_its_place(tmp_path, capsys, text, told):
    path = tmp_path / "mauvais.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match=told):
        run(path, capsys)


def test_a_file_of_another_encoding_or_none_at_all_is_told(tmp_path, capsys):
    path = tmp_path / "latin.yaml"
    path.write_bytes("é".encode("latin-1"))

    with pytest.raises(CommandError, match="UTF-8"):
        run(path, capsys)
    with pytest.raises(CommandError, match="absent"):
        run(tmp_path / "absent.yaml", capsys)


# --- The pages ------------------------------------------------------------------------------------


@pytest.fixture
def editing(client, editor):
    client.force_login(editor)
    return client


def brought(editing, data: bytes = DIAGNOSTIC.read_bytes(), name: str = "diagnostic.yaml"):
    return editing.post(reverse("questionnaires:import"), {"file": SimpleUploadedFile(name, data)}, follow=True)


def test_a_file_is_shown_before_anything_is_written_then_written_at_a_word(editing):
    page = brought(editing)

    assert "<strong>2</strong> exigences" in page.content.decode()
    assert not Version.objects.exists()

    editing.post(page.request["PATH_INFO"])

    assert Version.objects.get().source == DIAGNOSTIC.read_bytes().decode()
    assert not WaitingFile.objects.exists()


def test_a_workbook_is_brought_in_the_same_way(editing):
    page = brought(editing, write_workbook(read_questionnaire(DIAGNOSTIC)), "diagnostic.xlsx")

    editing.post(page.request["PATH_INFO"])

    assert read_version(Version.objects.get()) == read_questionnaire(DIAGNOSTIC)


def test_what_is_wrong_with_a_file_is_told_in_the_form(editing):
    page = brought(editing, b"a: 1\n")

    assert page.status_code == 422
    assert "ni un questionnaire du portail" in page.content.decode()
    assert not WaitingFile.objects.exists()


def test_replacing_a_draft_takes_a_tick_and_says_what_goes(editing, editor):
    import_version(reading(title="Autrement"), replace=False, by=editor)
    page = brought(editing)

    assert "Remplacer le brouillon actuel" in page.content.decode()
    assert editing.post(page.request["PATH_INFO"]).status_code == 409
    assert Version.objects.get().title == "Autrement"

    editing.post(page.request["PATH_INFO"], {"replace": "on"})
    assert Version.objects.get().title == TITLE


def test_what_is_published_shows_no_button(editing, editor):
    publish_diagnostic(import_version(reading(), replace=False, by=editor), by=None)

    text = DIAGNOSTIC.read_text(encoding="utf-8").replace("slug: diagnostic\ntitle", "slug: diagnostic\ntitle", 1)
    page = brought(editing, text.replace("Deux questions", "Trois questions", 1).encode())

    assert "Cette version est publiée" in page.content.decode()
    assert editing.post(page.request["PATH_INFO"], {"replace": "on"}).status_code == 409


def test_one_file_waits_for_each_person_and_not_for_ever(editing, editor, administrator):
    other = keep_file(b"x", file_name="autre.yaml", by=administrator)
    brought(editing)
    brought(editing)
    mine = WaitingFile.objects.get(author=editor)

    assert editing.get(reverse("questionnaires:import-confirm", args=[other.pk])).status_code == 404
    WaitingFile.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert editing.get(reverse("questionnaires:import-confirm", args=[mine.pk])).status_code == 404
    brought(editing)
    assert WaitingFile.objects.count() == 1


def test_the_template_is_a_workbook(editing):
    response = editing.get(reverse("questionnaires:import-template"))

    assert response.content.startswith(b"PK")
    assert io.BytesIO(response.content).getbuffer().nbytes > 5000
