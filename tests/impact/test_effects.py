"""What a draft would do to one dossier, worked out by hand; and the same as the team's own simulation says."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.filing import Filing
from assessments.impact import dossiers_that_would_follow, effect_of, effects_on
from assessments.models import Answer, Dossier
from assessments.next_edition import NextEdition, Target
from questionnaires.engine import DefinitionErrors, Fate
from questionnaires.operations.publishing import publish_edition
from questionnaires.queries import drafted
from tests.assessments.next_editions import next_edition
from tests.impact.small import (
    GAINS,
    HIDDEN,
    LOSES,
    NEW,
    SAME,
    SOFTENED,
    WEIGHED,
    dossier_of,
    first_edition,
    rewrite,
    second_content,
    second_edition,
    without_map,
)


@pytest.fixture
def first(db):
    return first_edition()


@pytest.fixture
def draft(first):
    return second_edition()


def effect(dossier, draft):
    return effect_of(NextEdition(Filing(dossier), draft, Target(drafted(draft))))


@pytest.mark.parametrize(
    ("answers", "before", "after"),
    [
        (GAINS, "0.500000", "0.875000"),  # (1 + 0) / 2, then (3 × 1 + 0.5) / 4
        (SAME, "1.000000", "1.000000"),
        (LOSES, "0.857143", "0.250000"),  # (0 + 1 + 5) / 7, then (0 + 1) / 4
    ],
)
def test_the_score_before_and_after(first, draft, contributor, answers, before, after):
    found = effect(dossier_of(first, answers, by=contributor), draft)

    assert [(each.code, each.title, each.before, each.after) for each in found.scores] == [
        ("Q", "Sécurité", Decimal(before), Decimal(after))
    ]


def test_what_begins_to_stand_in_the_way_and_what_no_longer_does(first, draft, contributor):
    found = effect(dossier_of(first, GAINS, by=contributor), draft)

    assert (found.gained, found.lost) == ((NEW,), (SOFTENED,))
    assert (found.to_reconfirm, found.to_answer, found.new, found.left_behind) == (1, 0, 1, 0)


def test_an_answer_that_has_no_place_any_more_is_counted(first, draft, contributor):
    found = effect(dossier_of(first, LOSES, by=contributor), draft)

    assert found.left_behind == 1
    assert WEIGHED not in found.gained + found.lost


def test_a_hidden_answer_counts_for_nothing(first, draft, contributor):
    shown = effect(dossier_of(first, SAME, by=contributor), draft)
    hiding = effect(dossier_of(first, {**SAME, HIDDEN: "non"}, by=contributor), draft)

    assert (hiding.scores, hiding.gained, hiding.lost) == (shown.scores, shown.gained, shown.lost)


def test_a_draft_gives_what_it_gives_once_published(first, draft, contributor):
    dossier = dossier_of(first, LOSES, by=contributor)
    before = effect(dossier, draft)

    published = publish_edition(draft, by=None)

    assert effect_of(NextEdition(Filing(dossier), published)) == before


def test_the_numbers_are_those_of_the_simulation_of_the_team(dossier, contributor):
    edition = next_edition()
    plan = NextEdition(Filing(dossier), edition)

    found = effect_of(NextEdition(Filing(dossier), edition, Target(drafted(edition))))

    assert found.gained == tuple(question.key for question in plan.new_blockers)
    assert found.to_reconfirm == len(plan.of(Fate.TO_RECONFIRM)) > 0
    assert found.new == len(plan.of(Fate.NEW)) > 0
    assert found.left_behind == len(plan.left) > 0
    for told, score in zip(found.scores, plan.scores, strict=True):
        for mine, theirs in ((told.before, score.before), (told.after, score.after)):
            assert mine == (None if theirs is None or theirs.score is None else theirs.score.quantize(Decimal("1e-6")))


def test_nothing_is_written(first, draft, contributor):
    dossier = dossier_of(first, LOSES, by=contributor)
    rows = list(Answer.objects.order_by("pk").values())

    effect(dossier, draft)

    assert list(Answer.objects.order_by("pk").values()) == rows
    assert Dossier.objects.get().edition == first


def test_those_being_examined_and_those_that_are_over_are_left_out(first, contributor):
    states = dict.fromkeys(Dossier.State.values)
    for state in states:
        dossier_of(first, SAME, by=contributor, state=state)

    assert {each.state for each in dossiers_that_would_follow()} == {"orientation", "filling"}


def test_each_dossier_takes_as_many_queries_whatever_it_holds(first, draft, contributor):
    one, many = (dossier_of(first, answers, by=contributor) for answers in ({WEIGHED: "oui"}, LOSES))
    target = Target(drafted(draft))
    told: list[int] = []
    list(effects_on(draft, target, [one], told.append))

    counts = []
    for dossiers in ([one], [many], [one, many]):
        with CaptureQueriesContext(connection) as queries:
            list(effects_on(draft, target, dossiers, told.append))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 5
    assert counts[2] == 2 * counts[0]
    assert told[-2:] == [50, 100]


def test_a_draft_without_a_map_says_so(first, draft):
    rewrite(draft, without_map(second_content()))

    with pytest.raises(DefinitionErrors, match="carte de reprise"):
        drafted(draft)


def test_the_reasons_of_a_map_may_come_last(first, draft, contributor):
    map_ = draft.versions.get().migration_map
    map_.moves.update(why="")

    assert effect(dossier_of(first, GAINS, by=contributor), draft).to_reconfirm == 1
