"""A dossier at a glance: whose turn, which step, how the edition is cut into sections."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import timezone

from assessments.answer_states import working_copy
from assessments.models import Dossier
from assessments.overviews import neighbours, overview, step_of, turn_of
from assessments.policies import Part
from assessments.sections import orientation_of, section_of_key, sections_of
from questionnaires.queries import published
from tests.assessments.saving import evaluation_of


def dossier_in(state) -> Dossier:
    return Dossier(number="2026-004217", state=state, state_since=timezone.now())


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize("state", Dossier.State)
def test_every_state_says_whose_turn_it_is_and_what_comes_next(state, part):
    turn = turn_of(dossier_in(state), part, missing=2)

    assert turn.words.startswith("À vous.") is turn.is_yours
    assert turn.is_yours is (state in Dossier.WITH_TEAM and part is not Part.READS)
    assert bool(turn.next_words) is (state not in {Dossier.State.WITHDRAWN, Dossier.State.OUTDATED})


@pytest.mark.parametrize(
    ("state", "missing", "words"),
    [
        ("filling", 0, "À vous. Le dossier est complet : vous pouvez le soumettre."),
        ("filling", 1, "À vous. Il manque 1 élément pour soumettre."),
        ("filling", 12, "À vous. Il manque 12 éléments pour soumettre."),
        ("corrections_asked", 1, "À vous. Il manque 1 élément pour soumettre."),
        (
            "corrections_asked",
            0,
            "À vous. Corrigez les éléments renvoyés par les examinateurs, puis soumettez à nouveau.",
        ),
    ],
)
def test_the_turn_counts_what_is_missing(state, missing, words):
    assert turn_of(dossier_in(state), Part.SUBMITS, missing=missing).words == words


@pytest.mark.parametrize(
    ("part", "days", "words"),
    [
        (Part.SUBMITS, 0, "Répondez avant le 28 novembre 2026."),
        (Part.FILLS, 1, "Une réponse vous était demandée avant le 28 novembre 2026. Vous pouvez encore répondre."),
        (Part.READS, 0, "Réponse demandée avant le 28 novembre 2026."),
        (Part.READS, 1, "Une réponse était demandée avant le 28 novembre 2026."),
    ],
)
def test_the_date_of_a_correction_is_told_that_day_still_in_time(part, days, words):
    day = date(2026, 11, 28)

    with time_machine.travel(datetime(2026, 11, 28 + days, 12, tzinfo=UTC), tick=False):
        assert turn_of(dossier_in("corrections_asked"), part, answer_by=day).due_words == words
        assert turn_of(dossier_in("under_review"), part, answer_by=day).due_words == ""


@pytest.mark.parametrize("part", [Part.FILLS, Part.READS])
@pytest.mark.parametrize("missing", [None, 0])
@pytest.mark.parametrize("state", Dossier.WRITABLE)
def test_whoever_may_not_submit_is_not_told_to(state, missing, part):
    words = turn_of(dossier_in(state), part, missing=missing).words

    for order in ("soumettez", "vous pouvez le soumettre"):
        assert order not in words


def test_a_complete_dossier_waits_for_who_may_submit_it():
    turn = turn_of(dossier_in("filling"), Part.FILLS, missing=0)

    assert not turn.is_yours
    assert turn.words == (
        "À votre équipe. Le dossier est complet : le mandataire ou un représentant peut le soumettre."
    )


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("orientation", (1, "Orientation", "Remplissage")),
        ("filling", (2, "Remplissage", "Instruction")),
        ("submitted", (3, "Instruction", "Résultat")),
        ("under_review", (3, "Instruction", "Résultat")),
        ("corrections_asked", (3, "Instruction", "Résultat")),
        ("closed", (4, "Résultat", "Référencement")),
    ],
)
def test_each_state_has_its_place_in_the_journey(state, step):
    found = step_of(dossier_in(state))

    assert found is not None
    assert (found.number, found.title, found.next_title, found.total) == (*step, 5)


@pytest.mark.parametrize("state", ["withdrawn", "outdated"])
def test_a_dossier_that_left_the_journey_has_no_step(state):
    assert step_of(dossier_in(state)) is None


def test_an_edition_is_cut_into_four_sections_that_hold_every_question_once(edition):
    definition = published(edition).definition

    def keys() -> Iterator[str]:
        for question in orientation_of(definition).questions():
            yield question.key
        for section in sections_of(definition):
            for theme in section.themes:
                yield from (question.key for question in theme.questions)

    assert [section.code for section in sections_of(definition)] == ["DOC", "SEC", "RGPD", "ETH"]
    assert list(keys()) == list(definition.questions)


def test_a_question_is_found_where_it_stands(edition):
    definition = published(edition).definition

    place = section_of_key(definition, "ETH-EDD-03")

    assert place is not None
    assert (place[0].slug, place[1].slug) == ("ethique", "developpement-durable")
    assert section_of_key(definition, "ORI-DON-01") is None


def test_the_next_theme_is_the_next_that_applies(dossier):
    copy = working_copy(dossier)
    doctrine, security, *_others = (row.themes for row in overview(dossier, copy, evaluation_of(dossier)).sections)

    # SEC-MOB stands between them: it is for mobile applications, and this product has none.
    before, after = neighbours(security, "SEC-TRA")

    assert before is not None and before.code == "SEC-DEV"
    assert after is not None and after.code == "SEC-EXP"
    assert neighbours(doctrine, "DOC-ELI")[0] is None


def test_the_sections_of_the_glance_add_up_to_the_evaluation(dossier):
    evaluation = evaluation_of(dossier)

    glance = overview(dossier, working_copy(dossier), evaluation)

    shown = sum(row.result.shown for row in glance.sections) + evaluation.questionnaires["ORI"].shown
    assert shown == sum(result.shown for result in evaluation.questions.values())
    assert [point.value for point in glance.radar] == [row.result.score for row in glance.sections]
    assert glance.incomplete == glance.unmet == ()
