"""manage.py check_document: the judgement of a deposit, on a file that is not kept."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from evidence.models import DocumentVersion
from tests.evidence.corpus import CASES
from tests.evidence.papers import BLANK, paper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _antivirus(settings):
    settings.DEMONSTRATION = True
    settings.EVIDENCE_SCANNER = "demonstration"


def run(path, *options):
    output = io.StringIO()
    with pytest.raises(SystemExit) as exit_code:
        call_command("check_document", str(path), *options, stdout=output)
    return exit_code.value.code, output.getvalue()


def kept(folder, name):
    path = folder / CASES[name].file_name
    path.write_bytes(CASES[name].content())
    return path


@pytest.mark.parametrize(
    ("name", "code", "exit_code"),
    [
        ("a PDF of forty pages", "", 0),
        ("a PDF with a named script", "active", 1),
        ("a PNG called .jpg", "type_disagrees", 1),
        ("an empty file", "empty", 1),
    ],
)
def test_it_says_what_a_deposit_would_be_told(tmp_path, name, code, exit_code):
    found, output = run(kept(tmp_path, name), "--json")

    answer = json.loads(output)
    assert (found, answer["code"]) == (exit_code, code)
    assert answer["verdict"] == ("refused" if code else "accepted")
    assert bool(answer["sentence"]) is bool(code)


def test_it_keeps_nothing(tmp_path, quarantined):
    run(kept(tmp_path, "a plain PDF"))

    assert quarantined() == set()
    assert not DocumentVersion.objects.exists()


def test_it_counts_pages_and_names_the_type(tmp_path):
    answer = json.loads(run(kept(tmp_path, "a PDF of forty pages"), "--json")[1])

    assert (answer["pages"], answer["media_type"]) == (40, "application/pdf")
    assert len(answer["sha256"]) == 64


def test_the_name_may_be_another(tmp_path):
    found, output = run(kept(tmp_path, "a plain PDF"), "--name", "plan\u202efdp.exe")

    assert found == 1
    assert "Ce type de fichier n’est pas accepté" in output


def test_without_an_antivirus_the_answer_waits(tmp_path, scanner_down):
    found, output = run(kept(tmp_path, "a plain PDF"), "--json")

    assert found == 2
    assert json.loads(output)["verdict"] == "waiting"


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(CommandError, match="rien"):
        call_command("check_document", str(tmp_path / "rien.pdf"))


def test_what_should_be_looked_at_is_listed_and_refuses_nothing(tmp_path):
    path = tmp_path / "accord.pdf"
    path.write_bytes(paper("Accord entre deux parties", BLANK))

    found, output = run(path, "--json", "--product", "MonSuivi", "--expires-on", "2020-01-31", "--signed")

    answer = json.loads(output)
    assert (found, answer["verdict"]) == (0, "accepted")
    assert [each["code"] for each in answer["warnings"]] == ["expired", "names_missing", "unsigned", "blank_pages"]
    assert "31/01/2020" in answer["warnings"][0]["sentence"]


def test_for_people_too(tmp_path):
    path = tmp_path / "accord.pdf"
    path.write_bytes(paper("Accord de Cœur et Compagnie", BLANK))

    output = run(path, "--publisher", "Coeur et compagnie SAS")[1]

    assert "accepté\n- Une page est vide" in output


def test_a_refused_file_has_no_such_list(tmp_path):
    answer = json.loads(run(kept(tmp_path, "a PDF with a named script"), "--json", "--signed")[1])

    assert answer["warnings"] == []
