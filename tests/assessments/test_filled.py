"""What the other tests rely on: the filled dossiers really are what they say."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from assessments.answer_states import working_copy
from assessments.models import Dossier
from assessments.operations.reviews import unexamined
from questionnaires.models import Edition
from questionnaires.queries import published
from tests.assessments.editions import published_edition
from tests.assessments.filled import examine, filled_dossier, last_round, submitted_dossier

pytestmark = pytest.mark.django_db


def evaluation_of(dossier: Dossier):
    return working_copy(dossier).evaluate(timezone.localdate())


@pytest.mark.parametrize("everything", [False, True], ids=["ordinary", "everything"])
def test_a_filled_dossier_can_be_submitted_without_a_gap(everything):
    evaluation = evaluation_of(filled_dossier(everything=everything))
    assert evaluation.can_be_submitted
    assert evaluation.unmet == ()
    scores = {group.score for group in evaluation.questionnaires.values() if group.score is not None}
    assert scores == {1}


def test_everything_shows_two_hundred_questions():
    shown = [result for result in evaluation_of(filled_dossier(everything=True)).questions.values() if result.shown]
    assert len(shown) >= 200


def test_a_given_answer_wins_and_leaves_its_gap():
    evaluation = evaluation_of(filled_dossier(answers={"SEC-EXP-04": "non"}))
    assert evaluation.unmet == ("SEC-EXP-04",)


def test_an_examined_dossier_has_no_item_left_but_those_kept_back(reviewer):
    dossier = submitted_dossier()
    definition = published(dossier.edition).definition
    waiting = [item.question.key for item in unexamined(last_round(dossier), definition)]
    current = examine(dossier, by=reviewer, but=waiting[:2])
    assert [item.question.key for item in unexamined(current, definition)] == waiting[:2]
    assert dossier.state == Dossier.State.UNDER_REVIEW


def test_two_dossiers_of_one_publisher_share_its_files(publisher, product):
    filled_dossier(product=product)
    submitted_dossier(product=product, programme="with_exchange")
    assert publisher.documents.count() == 3


@pytest.mark.parametrize("time", ["first", "again"])
def test_the_edition_comes_back_in_each_test(time):
    edition = published_edition()
    assert edition.status == "published"
    assert set(published(edition).keys) == set(
        edition.versions.values_list("themes__questions__pk", flat=True).order_by("pk")
    )


def test_the_edition_loaded_by_the_command_is_the_same():
    call_command("load_questionnaires", verbosity=0)
    assert published_edition() == Edition.objects.get()
    assert evaluation_of(filled_dossier()).can_be_submitted
