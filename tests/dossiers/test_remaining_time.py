"""How long is left, by role: what has no answer or no proof, and nothing else."""

import pytest

from assessments.filing import Filing
from assessments.models import Dossier
from assessments.operations.dossiers import move
from assessments.remaining_time import minutes_of, remaining_time
from questionnaires.queries import published
from tests.assessments.filled import filled_dossier
from tests.dossiers.pages import text_of
from tests.questionnaires.builders import question
from ui.formats import NO_BREAK_SPACE, about_minutes


def test_a_complete_dossier_has_nothing_left_and_a_submitted_one_is_not_timed(dossier):
    assert remaining_time(Filing(dossier)).minutes == 0

    move(dossier, Dossier.State.SUBMITTED)

    assert remaining_time(Filing(dossier)) is None


def test_what_is_left_is_counted_by_role_and_an_honest_no_is_not(product, contributor, settings):
    dossier = filled_dossier(
        product=product,
        by=contributor,
        # Mandatory, recommended, and a gap that was answered.
        answers={"SEC-EXP-04": None, "SEC-EXP-07": None, "SEC-EXP-09": "non"},
        without_evidence=["ETH-ECQ-11"],
    )
    questions = published(dossier.edition).definition.questions

    left = remaining_time(Filing(dossier))

    proof = min(questions["ETH-ECQ-11"].minutes, settings.PROOF_MINUTES)
    assert left.minutes == questions["SEC-EXP-04"].minutes + proof
    assert left.optional_minutes == questions["SEC-EXP-07"].minutes
    assert (left.answers, left.proofs) == (1, 1)
    assert {role.role for role in left.roles} == {
        questions[key].answered_by for key in ("SEC-EXP-04", "SEC-EXP-07", "ETH-ECQ-11")
    }


def test_the_dossier_says_it_under_whose_turn_it_is_and_by_role(filler, contributor, product):
    dossier = filled_dossier(product=product, by=contributor, answers={"ETH-ECQ-11": None, "SEC-EXP-04": None})

    page = text_of(filler.get(dossier.get_absolute_url()))

    assert "Reste ≈ 40 min : juridique 25 min, sécurité 15 min" in page
    assert "Estimation de l’équipe, à remplacer par les durées mesurées" in page


def test_after_corrections_were_asked_only_they_are_left(sent_back):
    questions = published(sent_back.edition).definition.questions

    assert remaining_time(Filing(sent_back)).minutes == questions["SEC-GOV-02"].minutes


def test_a_question_without_a_time_of_its_own_takes_that_of_its_type(settings):
    asked = question("K-1", evidence="Une attestation")

    assert minutes_of(asked) == settings.ANSWER_MINUTES["yes_no"] + settings.PROOF_MINUTES


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 min"), (1, "5 min"), (57, "55 min"), (58, "1 h"), (100, "1 h 40"), (599, "10 h"), (2_600, "43 h")],
)
def test_estimates_are_rounded_as_coarsely_as_they_are(minutes, words):
    assert about_minutes(minutes).replace(NO_BREAK_SPACE, " ") == words
