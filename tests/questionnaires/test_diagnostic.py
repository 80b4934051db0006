"""The anonymous diagnostic: the first true outcome is the conclusion."""

import pytest

from questionnaires.engine import (
    DefinitionErrors,
    InvalidInput,
    Kind,
    Outcome,
    Questionnaire,
    Theme,
    compile_diagnostic,
    diagnose,
)
from questionnaires.source_files import read_questionnaire
from tests.questionnaires.builders import FIXTURES, question


def diagnostic(*outcomes: tuple[str, str]) -> Questionnaire:
    questions = (question("A"), question("B", applies_when="answer(A) == 'oui'"))
    return Questionnaire(
        code="D",
        kind=Kind.DIAGNOSTIC,
        themes=(Theme(code="D-T", questions=questions),),
        outcomes=tuple(Outcome(outcome=name, when=condition) for name, condition in outcomes),
    )


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, None),
        ({"A": "non"}, "no"),
        ({"A": "non", "B": "oui"}, "no"),
        ({"A": "oui"}, None),
        ({"A": "oui", "B": "oui"}, "yes"),
        ({"A": "oui", "B": "non"}, "later"),
    ],
)
def test_the_first_true_outcome_concludes(answers: dict[str, str], expected: str | None) -> None:
    compiled = compile_diagnostic(
        diagnostic(
            ("no", "answer(A) == 'non'"),
            ("yes", "answer(B) == 'oui'"),
            ("later", "answer(A) == 'oui' and answer(B) in ['oui','non']"),
        )
    )

    conclusion = diagnose(compiled, answers)

    assert (conclusion and conclusion.outcome) == expected


def test_all_mistakes_of_a_diagnostic_are_told_at_once() -> None:
    with pytest.raises(DefinitionErrors) as caught:
        compile_diagnostic(diagnostic(("x", "answer(Z) == 'oui'"), ("y", "ai"), ("z", "answer(A")))

    assert [problem.where for problem in caught.value.problems] == ["conclusion x", "conclusion y", "conclusion z"]


def test_a_diagnostic_concludes_something() -> None:
    with pytest.raises(DefinitionErrors, match="aucune conclusion"):
        compile_diagnostic(diagnostic())


def test_an_unknown_answer_is_refused() -> None:
    compiled = compile_diagnostic(diagnostic(("no", "answer(A) == 'non'")))

    with pytest.raises(InvalidInput, match="A : "):
        diagnose(compiled, {"A": "peut_etre"})


def test_the_diagnostic_that_ships_reaches_each_of_its_outcomes() -> None:
    shipped = read_questionnaire(FIXTURES / "diagnostic.yaml")
    compiled = compile_diagnostic(shipped)
    first, second = shipped.questions()

    reached = {
        conclusion.outcome
        for one in first.choices
        for other in second.choices
        if (conclusion := diagnose(compiled, {first.key: one.value, second.key: other.value}))
    }

    assert reached == {outcome.outcome for outcome in shipped.outcomes}
