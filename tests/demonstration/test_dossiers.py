"""Each dossier of the demonstration stands where its story says."""

from collections import Counter

import pytest
from django.utils import timezone

from assessments.answer_states import working_copy
from assessments.filing import Filing
from assessments.merging import merged
from assessments.models import AnswerRevision, Dossier, Mention, Round, Verdict
from assessments.operations.dossiers import told_by_product
from assessments.operations.reviews import items_to_judge, unexamined
from assessments.operations.submissions import check_submittable, waiting_keys
from assessments.teams import members_of
from convergence.demonstration.stories import read_products
from notifications.models import Notification
from questionnaires import engine
from questionnaires.queries import published
from results.models import Result

pytestmark = pytest.mark.database  # by a fixture of the module

# Two honest mistakes of MesPas Lavande, which its pages explain.
UNACCEPTABLE = {("MesPas Lavande", "ETH-ECQ-04")}


def _evaluated(dossier):
    copy = working_copy(dossier)
    return copy, copy.evaluate(timezone.localdate())


def _completeness(dossier) -> float:
    copy, evaluation = _evaluated(dossier)
    keys = [key for key, kind in copy.definition.kinds.items() if kind is engine.Kind.EVALUATION]
    shown = [evaluation.questions[key] for key in keys if evaluation.questions[key].shown]
    return sum(result.state is not engine.State.UNANSWERED for result in shown) / len(shown)


def _verdicts(dossier) -> Counter[str]:
    return Counter(Verdict.objects.filter(round__review__dossier=dossier).values_list("decision", flat=True))


def _sections(dossier) -> set[str]:
    return set(working_copy(dossier).states)


def test_pivoine_can_be_submitted_once_its_few_gaps_are_acknowledged(dossier_of):
    copy, evaluation = _evaluated(dossier_of("Carnet Pivoine"))

    assert 2 <= len(evaluation.unmet) <= 4
    check_submittable(copy, evaluation, frozenset(evaluation.unmet))


def test_mespas_is_filled_at_two_thirds_with_gaps_comments_and_history(dossier_of):
    dossier = dossier_of("MesPas Lavande")
    copy, evaluation = _evaluated(dossier)

    assert 0.6 < _completeness(dossier) < 0.75
    assert evaluation.incomplete
    assert evaluation.unmet
    authors = [state.saved_by for state in copy.states.values() if state.comment]
    assert len(authors) >= 3
    assert len(set(authors)) == 3
    history = AnswerRevision.objects.filter(answer__assessment__dossier=dossier, answer__question__key="ETH-ECQ-01")
    assert history.values("saved_by").distinct().count() == 3


def test_the_team_of_mespas_shares_the_work_and_some_of_it_is_late(dossier_of):
    attributions = dossier_of("MesPas Lavande").attributions.standing()

    assert {"mandataire", "representative", "contributor", "consultant"} == {
        attribution.membership.role for attribution in attributions.select_related("membership")
    }
    assert attributions.filter(due_on__lt=timezone.localdate()).count() == 3
    assert attributions.exclude(question=None).exists() and attributions.exclude(theme=None).exists()


def test_they_write_to_each_other_by_name_and_everybody_has_something_unread(dossier_of):
    dossier = dossier_of("MesPas Lavande")
    team = {member.user_id for member in members_of(dossier)}

    assert dossier.team_comments.filter(settled_at=None).exists()
    assert dossier.team_comments.exclude(settled_at=None).exists()
    assert Mention.objects.filter(comment__dossier=dossier, person__memberships__role="reader").exists()
    unread = Notification.objects.filter(in_app=True, read_at=None).values_list("recipient", flat=True)
    assert set(unread) == team


def test_a_draft_of_mespas_is_in_conflict_and_both_texts_can_be_merged(dossier_of):
    dossier = dossier_of("MesPas Lavande")
    draft = dossier.drafts.select_related("question").get()
    base = AnswerRevision.objects.get(
        answer__assessment__dossier=dossier, answer__question=draft.question, number=draft.base_revision
    )
    theirs = working_copy(dossier).state(draft.question.key)

    (mine,) = draft.typed["value"]
    text = merged(str(base.value), mine, str(theirs.value))

    assert theirs.revision == draft.base_revision + 1
    assert "Nadia Songe le remplace" in text and "depuis janvier" in text and "[" not in text


def test_mespas_has_answers_to_read_again_from_an_earlier_dossier_of_the_publisher(dossier_of):
    origins = Filing(dossier_of("MesPas Lavande")).origins

    assert {origin.source.answer.assessment.dossier for origin in origins.values()} == {
        dossier_of("Souffle de Lavande")
    }
    assert len(origins) == 5


def test_mespas_has_the_refused_file_which_counts_as_absent(dossier_of):
    copy, evaluation = _evaluated(dossier_of("MesPas Lavande"))

    (file,) = copy.state("RGPD-INF-03").files
    assert file.state == "refused"
    assert "RGPD-INF-03" in evaluation.incomplete


def test_mespas_has_the_waiting_file_which_counts_as_present_and_stops_the_submission(dossier_of):
    copy, evaluation = _evaluated(dossier_of("MesPas Lavande"))

    (file,) = copy.state("SEC-HEB-05").files
    assert file.is_waiting
    assert "SEC-HEB-05" not in evaluation.incomplete
    assert waiting_keys(copy, evaluation) == ("SEC-HEB-05",)


def test_maree_is_nearly_empty(dossier_of):
    assert 0 < _completeness(dossier_of("Marée Calme")) < 0.1


def test_rythme_is_in_the_middle_of_its_orientation(dossier_of):
    answered = _sections(dossier_of("Rythme Bleu"))

    assert {key for key in answered if key.startswith("ORI-")} == {f"ORI-DON-0{n}" for n in range(1, 6)}


def test_rendez_vous_waits_for_its_reviewers(dossier_of):
    dossier = dossier_of("Rendez-vous Lune")

    assert dossier.state == Dossier.State.SUBMITTED
    assert dossier.submissions.get().acknowledged_gaps == 2
    assert not _verdicts(dossier)


def test_half_of_dermadragon_is_examined_and_its_ai_is_answered(dossier_of):
    dossier = dossier_of("Dermadragon")
    round = Round.objects.select_related("submission").get(review__dossier=dossier)
    definition = published(dossier.edition).definition
    items = items_to_judge(round.submission, definition)

    assert dossier.state == Dossier.State.UNDER_REVIEW
    assert len(unexamined(round, definition)) == pytest.approx(len(items) / 2, abs=1)
    verdicts = _verdicts(dossier)
    assert (verdicts["refused"], verdicts["question"]) == (1, 1)
    assert {"ETH-EIA-01", "ETH-EIA-04", "DOC-ELI-07"} <= _sections(dossier)


def test_balance_is_asked_for_three_corrections_and_has_begun_one(dossier_of):
    dossier = dossier_of("Balance Azur", programme="with_exchange")
    verdicts = Verdict.objects.filter(round__review__dossier=dossier).exclude(decision="accepted")
    told = {
        verdict.item.question.key: verdict for verdict in verdicts.select_related("item__question", "item__revision")
    }

    assert dossier.state == Dossier.State.CORRECTIONS_ASKED
    assert {key: verdict.decision for key, verdict in told.items()} == {
        "SEC-DEV-08": "refused",
        "ETH-ECQ-07": "refused",
        "SEC-HEB-05": "question",
    }
    assert told["ETH-ECQ-07"].item.revision.not_applicable
    assert working_copy(dossier).state("SEC-HEB-05").revision == told["SEC-HEB-05"].item.revision.number + 1


@pytest.mark.parametrize(
    ("product", "programme", "outcome"),
    [("Souffle de Lavande", "with_exchange", "favourable"), ("Balance Azur", "without_exchange", "with_reservations")],
)
def test_two_dossiers_are_closed_with_a_result_and_a_report_to_come(dossier_of, product, programme, outcome):
    dossier = dossier_of(product, programme=programme)

    assert dossier.state == Dossier.State.CLOSED
    assert dossier.review.outcome == outcome
    assert not Result.objects.get(dossier=dossier).report.is_ready


def test_a_connected_object_is_shown(dossier_of):
    copy = working_copy(dossier_of("Balance Azur", programme="with_exchange"))

    assert copy.state("ORI-DON-05").value == "oui"


def test_every_answer_is_one_that_its_question_accepts(dossier_of):
    today = timezone.localdate()
    unacceptable = set()
    for dossier in Dossier.objects.select_related("product", "edition"):
        copy = working_copy(dossier)
        for key, state in copy.states.items():
            question = copy.definition.questions[key]
            value = engine.parse_value(question, state.value)
            if value is not None and engine.why_unacceptable(question, value, today):
                unacceptable.add((dossier.product.name, key))

    assert unacceptable == UNACCEPTABLE


def test_answers_agree_with_what_the_product_tells(dossier_of):
    for dossier in Dossier.objects.select_related("product", "edition"):
        copy = working_copy(dossier)
        assert {key: copy.state(key).value for key in told_by_product(dossier.product)} == told_by_product(
            dossier.product
        )


def test_nothing_hidden_was_answered(dossier_of):
    for dossier in Dossier.objects.select_related("product", "edition"):
        copy, evaluation = _evaluated(dossier)
        assert [key for key in copy.states if not evaluation.questions[key].shown] == []


def test_each_product_is_presented_in_its_own_words():
    told = [
        product.answers[key]
        for product in read_products()
        for key in ("ETH-ECQ-01", "ETH-ETR-08", "DOC-ELI-09", "RGPD-INF-09")
        if key in product.answers
    ]

    assert len(told) >= 14
    assert len(set(told)) == len(told)
