"""Running the diagnostic: the operation."""

import pytest

from assessments.models import Diagnostic
from assessments.operations.diagnostics import Inconclusive, run_diagnostic
from questionnaires import engine


@pytest.mark.parametrize(
    ("recipients", "sector", "outcome", "words"),
    [
        ("oui", "ouvert", "eligible", "peut prétendre"),
        ("oui", "pas_encore_ouvert", "eligible_later", "ouvert au public"),
        ("oui", "dm_sans_ce", "eligible_later", "marquage CE"),
        ("oui", "non", "not_eligible", "secteurs"),
        ("non", "ouvert", "not_eligible", "destinés aux usagers"),
        ("non", "non", "not_eligible", "destinés aux usagers"),
    ],
)
def test_the_first_conclusion_that_holds_is_stored(published, recipients, sector, outcome, words):
    diagnostic = run_diagnostic(published=published, answers={"DIA-01": recipients, "DIA-02": sector})

    assert diagnostic.outcome.outcome == outcome
    assert words in diagnostic.outcome.title


def test_what_was_answered_is_stored_and_who_is_not(published):
    diagnostic = run_diagnostic(published=published, answers={"DIA-01": "oui", "DIA-02": "ouvert"})

    answers = diagnostic.answers.values_list("question__key", "choice__value")
    assert dict(answers) == {"DIA-01": "oui", "DIA-02": "ouvert"}
    assert diagnostic.user is None


def test_answers_without_a_conclusion_store_nothing(published):
    with pytest.raises(Inconclusive):
        run_diagnostic(published=published, answers={"DIA-01": "oui"})

    assert not Diagnostic.objects.exists()


@pytest.mark.parametrize("answers", [{"DIA-01": "peut-être"}, {"DIA-99": "oui"}])
def test_an_unknown_answer_is_refused(published, answers):
    with pytest.raises(engine.InvalidInput):
        run_diagnostic(published=published, answers=answers)

    assert not Diagnostic.objects.exists()
