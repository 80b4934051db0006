"""The snapshot: it tells everything once, the same way, and nothing that is hidden."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from assessments.answer_states import working_copy
from assessments.operations.answers import Entry, save_prefilled
from assessments.operations.reviews import give_verdict
from questionnaires import engine
from questionnaires.queries import published
from results.operations import close_review
from results.snapshot import canonical, digest
from tests.assessments.filled import examine, filled_dossier, item_of, last_round, submit_again, submitted_dossier
from tests.results.conftest import CONCLUSION, GAP, NOT_APPLICABLE, REASON

FILE = SCORED = "SEC-GOV-02"
SECRET = "ce texte a été tapé puis masqué"


def told_by(result):
    return json.loads(result.content)


def question(told, key):
    return next(question for question in told["questions"] if question["key"] == key)


def recomputed(told, dossier):
    """The evaluation of the snapshot's own input."""
    given = told["input"]
    rulings = {
        key: engine.Ruling(
            score=Decimal(ruling["score"]) if "score" in ruling else None,
            evidence_refused=ruling.get("evidence") == "refused",
            not_applicable_refused=ruling.get("not_applicable") == "refused",
        )
        for key, ruling in given["rulings"].items()
    }
    facts = engine.Facts(
        programme=given["programme"],
        today=date.fromisoformat(given["today"]),
        evidence=frozenset(given["evidence"]),
        not_applicable=given["not_applicable"],
        rulings=rulings,
    )
    return engine.evaluate(published(dossier.edition).definition, given["answers"], facts)


def test_it_names_the_product_the_publisher_the_dossier_and_the_edition(result, dossier, product):
    told = told_by(result)

    assert told["dossier"]["number"] == dossier.number
    assert told["product"]["reference"] == product.reference
    assert told["product"]["platforms"] == ["web"]
    assert told["publisher"] == {
        "siren": product.publisher.siren,
        "legal_name": product.publisher.legal_name,
        "city": product.publisher.city,
    }
    assert told["edition"]["content_hash"] == dossier.edition.content_hash
    assert [version["questionnaire"] for version in told["edition"]["versions"]] == ["ORI", "DOC", "SEC", "RGE"]
    assert told["edition"]["disclaimer"]


def test_it_is_written_one_single_way(result):
    assert result.content == json.dumps(told_by(result), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert result.content_hash == digest(result.content)


def test_canonical_json_does_not_depend_on_how_a_value_was_written():
    first = {"b": Decimal("0.50"), "a": frozenset({"y", "x"}), "at": datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)}
    second = {"at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "a": ["x", "y"], "b": Decimal("5E-1")}

    assert canonical(first) == canonical(second) == '{"a":["x","y"],"at":"2026-01-02T03:04:05Z","b":"0.5"}'


def test_canonical_json_refuses_what_it_cannot_write_exactly():
    with pytest.raises(TypeError, match="float"):
        canonical({"score": 0.1})


def test_its_hash_is_what_a_standard_tool_computes(result):
    script = "import hashlib,sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())"
    run = subprocess.run([sys.executable, "-c", script], input=result.content.encode(), capture_output=True, check=True)

    assert run.stdout.decode().strip() == result.content_hash


def test_people_appear_by_the_part_they_played(result, representative, reviewer):
    told = told_by(result)

    assert told["submission"]["submitted_by"] == "representative"
    assert told["closing"]["closed_by"] == "reviewer"
    for person in (representative, reviewer):
        assert person.full_name not in result.content
        assert person.email not in result.content


def test_each_shown_question_is_told_with_its_answer_its_score_and_its_verdict(result_with_gap):
    told = told_by(result_with_gap)

    gap = question(told, GAP)
    assert (gap["value"], gap["words"], gap["score"], gap["unmet"]) == ("non", "Non", "0", True)
    assert gap["wording"]
    assert gap["how"] == {"code": "choice", "params": {"value": "non"}}
    proof = question(told, FILE)
    assert proof["verdict"]["decision"] == "accepted"
    assert [file["sha256"] for file in told["evidence"] if FILE in file["questions"]] == proof["files"]
    assert told["unmet"] == told["acknowledged_gaps"] == [GAP]


def test_a_not_applicable_stands_with_its_reason(result):
    told = told_by(result)

    asked = question(told, NOT_APPLICABLE)
    assert (asked["state"], asked["score"], asked["reason"]) == ("not_applicable", None, REASON)
    assert told["input"]["not_applicable"] == {NOT_APPLICABLE: REASON}
    # The value kept under it counts for nothing, and is not told.
    assert asked["value"] is None
    assert NOT_APPLICABLE not in told["input"]["answers"]


def test_a_refused_not_applicable_is_judged_by_the_answer_kept_under_it(product, representative, reviewer, review_lead):
    kept, reasons = {NOT_APPLICABLE: "0"}, {NOT_APPLICABLE: REASON}
    dossier = submitted_dossier(product=product, by=representative, answers=kept, not_applicable=reasons)
    review = examine(dossier, by=reviewer, refused=[NOT_APPLICABLE]).review
    result = close_review(review=review, outcome="not_met", conclusion=CONCLUSION, by=review_lead)

    told = told_by(result)
    asked = question(told, NOT_APPLICABLE)
    assert asked["state"] == "answered"
    assert asked["words"] != "Non applicable"
    assert (asked["filed_score"], asked["not_applicable"]) == (None, True)
    assert told["input"]["rulings"] == {NOT_APPLICABLE: {"not_applicable": "refused"}}


def test_a_refused_file_counts_as_absent(dossier, reviewer, review_lead):
    review = examine(dossier, by=reviewer, refused=[FILE]).review
    result = close_review(review=review, outcome="not_met", conclusion=CONCLUSION, by=review_lead)

    told = told_by(result)
    asked = question(told, FILE)
    assert (asked["filed_score"], asked["score"], asked["incomplete"]) == ("1", "0", True)
    assert asked["verdict"]["reason_words"] == "La preuve est incomplète"
    assert asked["files"]  # still in the register: it was examined
    assert told["groups"]["SEC"]["filed_score"] != told["groups"]["SEC"]["score"]


def test_hidden_answers_appear_nowhere(product, representative, reviewer, review_lead):
    dossier = filled_dossier(product=product, by=representative)
    hidden = _type_under_cover(dossier, representative)
    submit_again(dossier, by=representative)
    review = examine(dossier, by=reviewer).review

    result = close_review(review=review, outcome="favourable", conclusion="", by=review_lead)

    assert SECRET not in result.content
    assert hidden not in {question["key"] for question in told_by(result)["questions"]}
    assert hidden not in told_by(result)["input"]["answers"]


def _type_under_cover(dossier, by):
    """Keep an answer from the time when its question was shown. Returns the question's key."""
    copy = working_copy(dossier)
    results = copy.evaluate(date(2026, 6, 1)).questions
    texts = (q for q in copy.definition.questions.values() if q.type is engine.QuestionType.TEXT)
    key = next(q.key for q in texts if not results[q.key].shown)
    save_prefilled(dossier=dossier, key=key, entry=Entry(value=SECRET), by=by)
    return key


@pytest.mark.parametrize("refused", [[], [FILE, NOT_APPLICABLE]])
def test_its_own_input_gives_the_same_scores_again(dossier, reviewer, refused, review_lead):
    review = examine(dossier, by=reviewer, refused=refused).review
    result = close_review(review=review, outcome="not_met", conclusion=CONCLUSION, by=review_lead)

    told = told_by(result)
    assert_same_scores(told, recomputed(told, dossier))


def assert_same_scores(told, again):
    scores = {q["key"]: q["score"] for q in told["questions"]}
    assert scores == {
        key: q.score if q.score is None else json.loads(canonical({"n": q.score}))["n"]
        for key, q in again.questions.items()
        if q.shown
    }
    for code, group in {**again.questionnaires, **again.parts, **again.themes}.items():
        assert told["groups"][code]["score"] == json.loads(canonical({"n": group.score}))["n"]


@pytest.fixture
def corrected(dossier, reviewer):
    """The honest « non » of a half-met requirement, worth three quarters in the reviewer's eyes."""
    current = last_round(dossier)
    give_verdict(
        round=current,
        item=item_of(dossier, SCORED),
        decision="accepted",
        corrected_score=Decimal("0.7500"),
        correction_reason="Deux sites sur trois seulement sont couverts.",
        by=reviewer,
    )
    return examine(dossier, by=reviewer).review


def test_a_corrected_score_is_sealed_with_its_reason_and_the_score_that_it_replaces(corrected, review_lead):
    result = close_review(review=corrected, outcome="not_met", conclusion=CONCLUSION, by=review_lead)

    told = told_by(result)
    asked = question(told, SCORED)
    assert (asked["score"], asked["computed_score"], asked["filed_score"]) == ("0.75", "1", "1")
    assert asked["verdict"]["corrected_score"] == "0.75"
    assert asked["verdict"]["correction_reason"] == "Deux sites sur trois seulement sont couverts."
    assert told["input"]["rulings"] == {SCORED: {"score": "0.75"}}
    assert told["groups"]["SEC"]["score"] != told["groups"]["SEC"]["filed_score"]


def test_a_snapshot_with_a_corrected_score_gives_the_same_scores_again(corrected, dossier, review_lead):
    result = close_review(review=corrected, outcome="not_met", conclusion=CONCLUSION, by=review_lead)
    told = told_by(result)
    assert_same_scores(told, recomputed(told, dossier))


def test_a_verdict_that_corrects_nothing_says_nothing_of_it(result):
    assert "corrected_score" not in question(told_by(result), FILE)["verdict"]


def test_every_round_is_counted(product, representative, reviewer, review_lead):
    dossier = submitted_dossier(product=product, by=representative)
    review = examine(dossier, by=reviewer, refused=[FILE]).review
    result = close_review(review=review, outcome="not_met", conclusion=CONCLUSION, by=review_lead)

    (told,) = told_by(result)["rounds"]
    assert (told["number"], told["refused"], told["questioned"], told["carried"]) == (1, 1, 0, 0)
    assert told["accepted"] > 10
    assert told["sent_at"] == told_by(result)["closing"]["closed_at"]
