"""Three whole dossiers worked out by hand from the written rules: tests/golden/README.md says how."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

GOLDEN = Path(__file__).parents[1] / "golden"
NAMES = ("without_exchange", "with_exchange", "ai_device_app")
TOLERANCE = 1e-12


def golden(name: str) -> dict[str, Any]:
    """One golden file: {"case": the input of the command, "expected": its output without « why »}."""
    content: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    return content


def evaluated(content: Any, folder: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    path = folder / "case.json"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    call_command("evaluate", str(path), "--json")
    return json.loads(capsys.readouterr().out)


def without_why(evaluation: dict[str, Any]) -> dict[str, Any]:
    """The evaluation less its sentences, which no golden file holds; each question must have had one."""
    questions = {
        key: {name: value for name, value in result.items() if name != "why"}
        for key, result in evaluation["questions"].items()
        if result["why"]
    }
    return evaluation | {"questions": questions}


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def differences(expected: Any, actual: Any, where: str = "") -> list[str]:
    """Every place where the two differ: all of them at once, since one slip often moves several sums."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        keys = [*expected, *(key for key in actual if key not in expected)]
        return [
            line
            for key in keys
            for line in differences(expected.get(key, "absent"), actual.get(key, "absent"), f"{where}/{key}")
        ]
    if is_number(expected) and is_number(actual):
        return [] if abs(expected - actual) <= TOLERANCE else [f"{where}: {expected} by hand, {actual} found"]
    # The types too: without them, true would equal 1.
    same = type(expected) is type(actual) and expected == actual
    return [] if same else [f"{where}: {expected!r} by hand, {actual!r} found"]


@pytest.mark.parametrize("name", NAMES)
def test_the_command_finds_every_value_worked_out_by_hand(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = golden(name)

    evaluation = evaluated(content["case"], tmp_path, capsys)

    assert differences(content["expected"], without_why(evaluation)) == []


def test_a_list_of_dossiers_gives_the_values_of_each_in_the_same_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contents = [golden(name) for name in reversed(NAMES)]

    evaluations = evaluated([content["case"] for content in contents], tmp_path, capsys)

    assert len(evaluations) == len(contents)
    for content, evaluation in zip(contents, evaluations, strict=True):
        assert differences(content["expected"], without_why(evaluation)) == []
