"""Correcting the score of an answer: with a reason, beside an acceptance, and seen as such everywhere."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import Verdict
from assessments.operations.reviews import NotCorrectable, give_verdict, send_back
from audit.models import Event
from questionnaires.queries import published
from results.operations import close_review
from results.reading import read
from results.report import write_html
from tests.assessments.filled import examine, item_of, last_round, submit_again
from tests.reviews.conftest import GAP, NOT_APPLICABLE

KEY, OTHER = "SEC-GOV-02", "SEC-HEB-05"
REASON = "Deux sites sur trois seulement sont couverts."
SENTENCE = "Score corrigé de 100,0\u202f% à 75,0\u202f% par l’instruction\u00a0:"
TYPED = {"decision": "accepted", "corrected_percent": "75", "correction_reason": REASON}


def correct(dossier, by, *, key=KEY, score="0.75", reason=REASON, **values):
    return give_verdict(
        **{"round": last_round(dossier), "item": item_of(dossier, key), "decision": "accepted", "by": by, **values},
        corrected_score=Decimal(score),
        correction_reason=reason,
    )


def url_of(dossier, key=KEY):
    return reverse("reviews:item", args=[dossier.number, key])


def test_a_correction_is_kept_with_its_reason_and_told_to_the_journal(dossier, reviewer):
    verdict = correct(dossier, reviewer)
    assert (verdict.corrected_score, verdict.correction_reason) == (Decimal("0.75"), REASON)
    assert Event.objects.get(verb="verdict.given").data["corrected_score"] == "0.75"


def test_judging_again_without_a_correction_takes_it_away(dossier, reviewer):
    first = correct(dossier, reviewer)
    give_verdict(round=first.round, item=first.item, decision="accepted", by=reviewer, seen_at=first.decided_at)
    verdict = Verdict.objects.get()
    assert (verdict.corrected_score, verdict.correction_reason) == (None, "")


@pytest.mark.parametrize("decision", ["refused", "question"])
def test_what_goes_back_to_the_publisher_is_not_scored(dossier, reviewer, decision):
    with pytest.raises(NotCorrectable):
        correct(dossier, reviewer, decision=decision, text="Pourquoi\u00a0?")
    assert not Verdict.objects.exists()


def test_a_not_applicable_has_no_score_to_correct(dossier, reviewer):
    with pytest.raises(NotCorrectable):
        correct(dossier, reviewer, key=NOT_APPLICABLE)


def test_a_question_that_is_not_scored_has_no_score_to_correct(dossier, reviewer, desk_client):
    unscored = last_round(dossier).submission.items.filter(question__scored=False)[0].question.key
    with pytest.raises(NotCorrectable):
        correct(dossier, reviewer, key=unscored)
    assert "Corriger le score" not in desk_client.get(url_of(dossier, unscored)).content.decode()


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"corrected_score": Decimal("0.5")}, "correction_says_why"),
        ({"correction_reason": REASON}, "correction_says_why"),
        ({"corrected_score": Decimal("1.01"), "correction_reason": REASON}, "corrected_score_is_a_fraction"),
        ({"corrected_score": Decimal("-0.01"), "correction_reason": REASON}, "corrected_score_is_a_fraction"),
        (
            {
                "corrected_score": Decimal("0.5"),
                "correction_reason": REASON,
                "decision": "refused",
                "reason": "incomplete",
                "text": "Il manque la page signée.",
            },
            "correction_needs_acceptance",
        ),
    ],
)
def test_the_database_refuses_half_a_correction(dossier, reviewer, values, name):
    verdict = correct(dossier, reviewer)
    verdict.corrected_score, verdict.correction_reason = None, ""
    for field, value in values.items():
        setattr(verdict, field, value)
    with pytest.raises(IntegrityError, match=f"assessments_verdict_{name}"), transaction.atomic():
        verdict.save()


@pytest.mark.parametrize(("typed", "score"), [("75", "0.75"), ("62,5", "0.625"), ("62.5", "0.625"), ("0", "0")])
def test_the_form_takes_a_percentage(desk_client, dossier, typed, score):
    assert desk_client.post(url_of(dossier), TYPED | {"corrected_percent": typed}).status_code == 302
    assert Verdict.objects.get().corrected_score == Decimal(score)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"correction_reason": ""}, "Dites pourquoi vous corrigez le score."),
        ({"corrected_percent": ""}, "Écrivez le score corrigé, ou effacez le motif"),
        ({"corrected_percent": "101"}, "Le score ne peut pas dépasser 100."),
        ({"corrected_percent": "-1"}, "Le score ne peut pas être inférieur à 0."),
        ({"corrected_percent": "beaucoup"}, "Écrivez un nombre de 0 à 100"),
        ({"decision": "refused", "reason": "other", "text": "Non."}, "Un score ne se corrige qu’en acceptant"),
        ({"decision": "question", "text": "Où\u00a0?"}, "Un score ne se corrige qu’en acceptant"),
    ],
)
def test_a_correction_that_is_wrong_is_shown_unfolded_and_kept(desk_client, dossier, changes, words):
    page = desk_client.post(url_of(dossier), TYPED | changes).content.decode()
    assert words in page
    assert '<details class="fr-mb-3w" open>' in page
    assert not Verdict.objects.exists()


def test_the_correction_is_folded_away_until_it_is_used(desk_client, dossier, reviewer):
    before = desk_client.get(url_of(dossier)).content.decode()
    assert '<details class="fr-mb-3w">' in before
    assert "Le score calculé est de 100,0\u202f%." in before
    correct(dossier, reviewer)
    after = desk_client.get(url_of(dossier)).content.decode()
    assert '<details class="fr-mb-3w" open>' in after
    assert 'value="75"' in after


def test_the_desk_shows_it_on_the_item_and_on_the_dossier(desk_client, dossier, reviewer):
    correct(dossier, reviewer)
    for address in (url_of(dossier), reverse("reviews:detail", args=[dossier.number])):
        page = desk_client.get(address).content.decode()
        assert SENTENCE in page
        assert REASON in page


def test_the_list_and_the_closing_say_where_a_score_was_corrected(desk_client, dossier, reviewer, review_lead):
    assert "Score corrigé" not in desk_client.get(reverse("reviews:detail", args=[dossier.number])).content.decode()
    correct(dossier, reviewer, score="0.25")
    assert "Score corrigé</" in desk_client.get(reverse("reviews:detail", args=[dossier.number])).content.decode()
    desk_client.force_login(review_lead)
    assert "– score corrigé" in desk_client.get(reverse("results:close", args=[dossier.number])).content.decode()


def test_it_changes_the_scores_after_verdicts(dossier, reviewer, desk_client):
    def security():
        response = desk_client.get(reverse("reviews:detail", args=[dossier.number]))
        return next(each for each in response.context["desk"].scores if "écurité" in each.title)

    before = security()
    assert before.judged.score == before.filed.score
    correct(dossier, reviewer)
    after = security()
    assert after.filed.score == before.filed.score
    assert after.judged.score < before.judged.score


def test_an_accepted_correction_is_carried_over_to_the_next_round(dossier, reviewer, contributor):
    correct(dossier, reviewer)
    current = examine(dossier, by=reviewer, refused=[OTHER])
    send_back(round=current, definition=published(dossier.edition).definition, by=reviewer)
    dossier.refresh_from_db()
    submit_again(dossier, by=contributor)
    carried = last_round(dossier).verdicts.get(item__question__key=KEY)
    assert carried.carried_from is not None
    assert (carried.corrected_score, carried.correction_reason) == (Decimal("0.75"), REASON)


def test_whoever_sends_the_round_reads_the_corrected_scores_first(desk_client, dossier, reviewer):
    examine(dossier, by=reviewer, refused=[OTHER], but=[KEY])
    correct(dossier, reviewer)
    page = desk_client.get(reverse("reviews:send", args=[dossier.number])).content.decode()
    listed = page.partition("Scores corrigés (1)")[2].partition("</ul>")[0]
    assert f"{SENTENCE} {REASON}" in listed
    assert reverse("reviews:item", args=[dossier.number, KEY]) in listed


def test_the_publisher_reads_it_once_told_and_not_before(client, dossier, reviewer, contributor):
    correct(dossier, reviewer)
    current = examine(dossier, by=reviewer, refused=[OTHER])
    client.force_login(contributor)
    address = reverse("dossiers:instruction", args=[dossier.number])
    assert REASON not in client.get(address).content.decode()
    send_back(round=current, definition=published(dossier.edition).definition, by=reviewer)
    told = client.get(address).content.decode()
    assert "Score corrigé à 75,0\u202f% par l’instruction\u00a0:" in told
    assert REASON in told


def test_the_result_and_the_report_show_both_scores_and_the_reason(client, dossier, reviewer, review_lead, contributor):
    correct(dossier, reviewer)
    correct(dossier, reviewer, key=GAP, score="1", reason="Le contrat joint suffit.")
    review = examine(dossier, by=reviewer).review
    result = close_review(review=review, outcome="with_reservations", conclusion="Une réserve.", by=review_lead)
    client.force_login(contributor)
    page = client.get(reverse("results:detail", args=[dossier.number])).content.decode()
    for words in (f"{SENTENCE} {REASON}", "Score corrigé de 0,0\u202f% à 100,0\u202f%", "Le contrat joint suffit."):
        assert words in page
        assert words in write_html(read(result.content))
