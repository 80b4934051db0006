"""`manage.py evaluate`: JSON in, JSON out, and exit code 2 with the key named when the input is wrong."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from questionnaires.cases import CaseError, as_json, evaluate_document
from questionnaires.engine import Definition, Evaluation
from questionnaires.management.commands.evaluate import as_text
from questionnaires.source_files import newest_edition
from tests.questionnaires.builders import FIXTURES, TODAY, choices, compiled, question, threshold

CASE: dict[str, Any] = {"programme": "with_exchange", "today": "2026-11-22", "answers": {"A": "oui"}}


@pytest.fixture
def small() -> Definition:
    return compiled(
        question("A"),
        question("N", "number", thresholds=(threshold("gte", "0.5", "0.1"), threshold("otherwise", "0"))),
        question("M", "multiple_choice", choices=choices(("a", "1"))),
        question("D", "date", not_after_today=True),
        question("F", "file", evidence="Pièce", applies_when="f"),
        flags={"f": "answer(A) == 'oui'"},
    )


def result(definition: Definition, **case: Any) -> dict[str, Any]:
    evaluation = evaluate_document(definition, json.dumps({**CASE, **case}), TODAY)
    assert isinstance(evaluation, Evaluation)
    return as_json(definition, evaluation)


def problems(definition: Definition, document: object) -> list[str]:
    text = document if isinstance(document, str) else json.dumps(document)
    with pytest.raises(CaseError) as caught:
        evaluate_document(definition, text, TODAY)
    return caught.value.problems


def test_a_case_gives_states_reasons_scores_and_blockers(small: Definition) -> None:
    found = result(small, answers={"A": "oui", "N": 0.1}, not_applicable={"M": "Sans objet"}, flags={"f": False})

    assert found["questions"]["A"] == {
        "state": "answered",
        "shown": True,
        "why": "Exigence affichée, car elle concerne tous les services.",
        "score": 1.0,
    }
    assert found["questions"]["N"]["score"] == 0.5
    assert [found["questions"][key]["state"] for key in "MDF"] == ["not_applicable", "unanswered", "hidden"]
    assert [found["questions"][key]["score"] for key in "MDF"] == [None, 0.0, None]
    group = {"score": 0.5, "completeness": 2 / 3, "blockers": ["N", "D"], "incomplete": ["D"]}
    assert found["themes"] == {"Q-T": group}
    assert found["questionnaires"] == {"Q": group}
    assert found["parts"] == {}


def test_rulings_evidence_and_today_are_read(small: Definition) -> None:
    found = result(
        small,
        today="2026-01-01",
        answers={"A": "oui", "D": "2026-01-02"},
        evidence=["F"],
        not_applicable={"M": "Sans objet"},
        rulings={"A": {"score": 0.1}, "F": {"evidence": "refused"}, "M": {"not_applicable": "refused"}},
    )

    assert found["questions"]["A"]["score"] == 0.1
    assert found["questions"]["D"]["score"] == 0.0
    assert found["questions"]["F"]["state"] == "unanswered"
    assert found["questions"]["M"]["state"] == "unanswered"


def test_a_list_of_cases_gives_a_list_in_the_same_order(small: Definition) -> None:
    cases = [{**CASE, "answers": {"A": value}} for value in ("oui", "non", None)]

    evaluations = evaluate_document(small, json.dumps(cases), TODAY)

    assert isinstance(evaluations, list)
    states = [(each.questions["A"].state.value, each.questions["A"].score) for each in evaluations]
    assert states == [("answered", Decimal(1)), ("answered", Decimal(0)), ("unanswered", Decimal(0))]
    assert evaluate_document(small, "[]", TODAY) == []


def test_without_a_date_the_given_today_serves(small: Definition) -> None:
    document = json.dumps({"programme": "with_exchange", "answers": {"D": "2026-11-22"}})

    evaluation = evaluate_document(small, document, date(2026, 11, 21))

    assert isinstance(evaluation, Evaluation)
    assert evaluation.questions["D"].score == 0


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"answers": {"ZZZ-01": "oui"}}, "ZZZ-01"),
        ({"answers": {"A": "peut_etre"}}, "A"),
        ({"answers": {"A": True}}, "A"),
        ({"answers": {"N": "12"}}, "N"),
        ({"answers": {"N": True}}, "N"),
        ({"answers": {"M": "a"}}, "M"),
        ({"answers": {"D": "22/11/2026"}}, "D"),
        ({"answers": {"F": "a.pdf"}}, "F"),
        ({"answers": []}, "answers"),
        ({"flags": {"unheard_of": True}}, "unheard_of"),
        ({"flags": {"f": "oui"}}, "f"),
        ({"flags": None}, "flags"),
        ({"evidence": {"F": True}}, "evidence"),
        ({"evidence": [1]}, "evidence"),
        ({"evidence": ["ZZZ-01"]}, "ZZZ-01"),
        ({"not_applicable": {"ZZZ-01": "x"}}, "ZZZ-01"),
        ({"not_applicable": {"A": True}}, "A"),
        ({"programme": "by_post"}, "programme"),
        ({"programme": None}, "programme"),
        ({"today": "22/11/2026"}, "today"),
        ({"today": ""}, "today"),
        ({"today": 20261122}, "today"),
        ({"rulings": {"ZZZ-01": {"score": 1}}}, "ZZZ-01"),
        ({"rulings": {"A": {"score": 1.5}}}, "A"),
        ({"rulings": {"A": {"score": True}}}, "A"),
        ({"rulings": {"A": {"score": "1"}}}, "A"),
        ({"rulings": {"A": {"evidence": "accepted"}}}, "A"),
        ({"rulings": {"A": {"verdict": "refused"}}}, "A"),
        ({"rulings": {"A": {}}}, "A"),
        ({"rulings": {"A": "refused"}}, "A"),
        ({"answer": {}}, "answer"),
    ],
)
def test_wrong_input_is_refused_by_name(small: Definition, changes: dict[str, Any], named: str) -> None:
    (problem,) = problems(small, {**CASE, **changes})

    assert problem.startswith(f"{named} : ")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "n’est pas du JSON"),
        ("3", "un cas est un objet JSON"),
        ("[3]", "cas 1, un cas est un objet JSON"),
        ('{"programme": "with_exchange", "answers": {"A": "oui", "A": "non"}}', "A : cette clé est donnée deux fois"),
        ('{"programme": "with_exchange", "answers": {"N": NaN}}', "NaN n’est pas un nombre"),
        ('{"programme": "with_exchange", "answers": {"N": 1e99999999999999999999}}', "démesurés"),
        ('{"programme": "with_exchange", "answers": {"N": ' + "9" * 5000 + "}}", "démesurés"),
        ('{"answers": {}}', "programme : ce champ manque"),
    ],
)
def test_what_is_no_case_is_refused_in_clear_words(small: Definition, text: str, says: str) -> None:
    (problem,) = problems(small, text)

    assert says in problem


def test_every_problem_of_every_case_is_told(small: Definition) -> None:
    wrong = {**CASE, "answers": {"N": "12", "X": 1}, "flags": {"g": True}}

    assert problems(small, [wrong, CASE, {"programme": "x"}]) == [
        "cas 1, N : la réponse doit être un nombre",
        "cas 1, X : cette question n’existe pas",
        "cas 1, g : ce drapeau n’existe pas",
        "cas 3, programme : with_exchange ou without_exchange est attendu",
    ]


def test_numbers_are_read_exactly(small: Definition) -> None:
    # As binary fractions, the sum 0.1 + 0.2 of a careless client would pass a threshold it does not reach.
    assert result(small, answers={"N": 0.1})["questions"]["N"]["score"] == 0.5
    document = json.dumps(CASE).replace('"A": "oui"', '"N": 0.09999999999999999999999')
    evaluation = evaluate_document(small, document, TODAY)
    assert isinstance(evaluation, Evaluation)
    assert evaluation.questions["N"].score == Decimal(0)


def test_without_json_it_prints_a_table(small: Definition) -> None:
    evaluation = evaluate_document(small, json.dumps(CASE), TODAY)

    lines = as_text(small, evaluation, in_json=False).splitlines()

    assert lines[1].split() == ["Q", "20,0", "%", "20,0", "%", "4"]
    assert lines[2].split() == ["Q-T", "Thème", "20,0", "%", "20,0", "%", "4"]


def test_the_newest_edition_of_a_folder_is_found() -> None:
    assert newest_edition(FIXTURES) == "2026"


def test_the_command_prints_json_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps([{**CASE, "answers": {"DOC-ELI-03": ["ios"], "ORI-DON-01": "oui"}}]), encoding="utf-8")

    call_command("evaluate", str(path), "--json")

    written = capsys.readouterr()
    (found,) = json.loads(written.out)
    assert written.err == ""
    assert len(found["questions"]) == 226
    assert list(found["parts"]) == ["RGPD", "ETH"]
    assert list(found["questionnaires"]) == ["DOC", "SEC", "RGE"]
    assert found["questions"]["DOC-ELI-03"]["state"] == "answered"
    assert "ORI-DON-01" not in found["questions"]


@pytest.mark.parametrize(
    ("text", "named"),
    [(json.dumps({**CASE, "answers": {"ZZZ-01": 1}}), "ZZZ-01"), ("{", "JSON"), (None, "absent.json")],
)
def test_the_command_exits_with_2_and_prints_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, named: str
) -> None:
    path = tmp_path / "absent.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")

    with pytest.raises(SystemExit) as caught:
        call_command("evaluate", str(path), "--json")

    written = capsys.readouterr()
    assert caught.value.code == 2
    assert written.out == ""
    assert named in written.err
    assert len(written.err.strip().splitlines()) == 1
