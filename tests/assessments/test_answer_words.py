"""Answers, scores and objections as people read them."""

from datetime import date
from decimal import Decimal

import pytest

from assessments.answer_states import AnswerState
from assessments.answer_words import answer_in_words, how_sentence, objection_sentence
from evidence.models import DocumentVersion
from questionnaires import engine
from questionnaires.engine import Choice, ChoiceRule, Question, QuestionType, Reason, Scoring
from ui.formats import number_in_words

NARROW, NO_BREAK = "\u202f", "\u00a0"
PLATFORMS = Question(
    key="DOC-ELI-03",
    type=QuestionType.MULTIPLE_CHOICE,
    choices=(
        Choice(value="ios", label="Application iOS", score=Decimal("0.5")),
        Choice(value="android", label="Appli Android", score=Decimal("0.5"), rule=ChoiceRule.REQUIRED),
        Choice(value="fax", label="Télécopie", score=Decimal(0), rule=ChoiceRule.FORBIDDEN),
    ),
)
YES_NO = Question(
    key="SEC-EXP-04",
    type=QuestionType.YES_NO,
    choices=(Choice(value="oui", label="Oui"), Choice(value="non", label="Non")),
)
TODAY = date(2026, 11, 22)


def question(type: QuestionType, **fields) -> Question:
    return Question(key="SEC-TST-01", type=type, **fields)


def how_of(asked: Question, raw: object, today: date = TODAY) -> str:
    """The sentence for the score that the engine really gives to an answer."""
    edition = engine.Edition(
        code="test",
        questionnaires=(engine.Questionnaire(code="SEC", themes=(engine.Theme(code="SEC-TST", questions=(asked,)),)),),
    )
    facts = engine.Facts(programme="with_exchange", today=today)
    evaluation = engine.evaluate(engine.compile_edition(edition), {asked.key: raw}, facts)
    return how_sentence(evaluation.questions[asked.key].how, asked)


def test_a_choice_is_told_by_its_label():
    assert answer_in_words(YES_NO, AnswerState(value="oui")) == "Oui"


def test_ticked_choices_follow_the_order_of_the_screen():
    state = AnswerState(value=["android", "ios"])
    assert answer_in_words(PLATFORMS, state) == f"Application iOS{NO_BREAK}; Appli Android"


def test_a_date_is_written_in_letters():
    assert answer_in_words(question(QuestionType.DATE), AnswerState(value="2026-11-22")) == "22 novembre 2026"


def test_a_text_is_told_as_typed():
    assert answer_in_words(question(QuestionType.TEXT), AnswerState(value="Deux\r\nlignes")) == "Deux\nlignes"


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        ("99.50", "%", f"99,5{NARROW}%"),
        ("3", "jours ouvrés", f"3{NO_BREAK}jours ouvrés"),
        ("1", "jours ouvrés", f"1{NO_BREAK}jour ouvré"),
        ("0", "points sur 100", f"0{NO_BREAK}point sur 100"),
        ("1", "mois", f"1{NO_BREAK}mois"),
        ("12500", "", f"12{NARROW}500"),
        ("100", "", "100"),
        ("-0.5", "", "-0,5"),
    ],
)
def test_a_number_has_a_comma_its_thousands_and_its_unit(number, unit, words):
    assert number_in_words(Decimal(number), unit) == words
    assert answer_in_words(question(QuestionType.NUMBER, unit=unit), AnswerState(value=number)) == words


def test_not_applicable_wins_over_a_kept_answer():
    state = AnswerState(value="oui", not_applicable=True, reason="Aucun compte.")
    assert answer_in_words(YES_NO, state) == "Non applicable"


def test_an_absent_an_empty_and_a_blank_answer_read_alike():
    texts = {answer_in_words(question(QuestionType.TEXT), AnswerState(value=value)) for value in (None, "", "  ")}
    assert texts == {"Pas de réponse"}
    assert answer_in_words(PLATFORMS, AnswerState(value=[])) == "Pas de réponse"


def test_a_file_question_is_answered_by_its_files():
    asked = question(QuestionType.FILE)
    files = (DocumentVersion(), DocumentVersion())
    assert answer_in_words(asked, AnswerState()) == "Aucun fichier joint"
    assert answer_in_words(asked, AnswerState(files=files[:1])) == "1 fichier joint"
    assert answer_in_words(asked, AnswerState(files=files)) == "2 fichiers joints"


@pytest.mark.parametrize(
    ("asked", "value", "said"),
    [
        (question(QuestionType.TEXT, min_length=5), "abc", "Il manque 2 caractères"),
        (question(QuestionType.TEXT, min_length=4), "abc", "Il manque 1 caractère :"),
        (question(QuestionType.TEXT, max_length=2), "abcd", "2 caractères de trop"),
        (question(QuestionType.NUMBER, minimum=Decimal(1)), Decimal(0), "au moins 1."),
        (question(QuestionType.NUMBER, maximum=Decimal(1440)), Decimal(2000), f"au plus 1{NARROW}440."),
        (question(QuestionType.DATE, not_after_today=True), date(2027, 1, 1), "au plus tard le 22 novembre 2026"),
        (question(QuestionType.DATE, not_before_today=True), date(2026, 1, 1), "au plus tôt le 22 novembre 2026"),
    ],
)
def test_an_objection_says_what_is_expected_and_costs_the_score(asked, value, said):
    (objection,) = engine.why_unacceptable(asked, value, TODAY)
    assert said in objection_sentence(objection)
    raw = value.isoformat() if isinstance(value, date) else str(value)
    assert how_of(asked, raw) == f"{objection_sentence(objection)} Le score est donc nul."


STEPS = tuple(
    engine.Threshold(operator=engine.ThresholdOperator(operator), low=low, high=high, score=Decimal(score))
    for operator, low, high, score in [
        ("lt", Decimal(2), None, "0"),
        ("between", Decimal(2), Decimal(6), "0.5"),
        ("gte", Decimal(10), None, "1"),
    ]
)

MONTHS = question(QuestionType.NUMBER, thresholds=STEPS, unit="mois")
STEPPED = question(QuestionType.NUMBER, thresholds=STEPS)


@pytest.mark.parametrize(
    ("asked", "raw", "sentence"),
    [
        (YES_NO, "non", f"Le score est celui du choix «{NO_BREAK}Non{NO_BREAK}»."),
        (YES_NO, None, "La question est sans réponse : elle compte pour zéro."),
        (PLATFORMS, ["ios", "android"], "Les parts des choix cochés s’additionnent, jusqu’au score entier."),
        (
            PLATFORMS,
            ["ios"],
            f"Le choix «{NO_BREAK}Appli Android{NO_BREAK}» est indispensable et n’est pas coché : le score est nul.",
        ),
        (
            PLATFORMS,
            ["android", "fax"],
            f"Le choix «{NO_BREAK}Télécopie{NO_BREAK}» est rédhibitoire : le score est nul.",
        ),
        (MONTHS, "0", f"Palier atteint : moins de 2{NO_BREAK}mois."),
        (
            MONTHS,
            "6",
            f"Palier atteint : entre 2{NO_BREAK}mois et 6{NO_BREAK}mois.",
        ),
        (STEPPED, "12", "Palier atteint : au moins 10."),
        (STEPPED, "8", "Le nombre n’entre dans aucun palier : le score est nul."),
        (question(QuestionType.NUMBER), "8", "Le nombre est dans les limites attendues."),
        (question(QuestionType.DATE), "2020-01-01", "La date respecte le délai attendu."),
        (
            question(QuestionType.DATE, max_age_months=12),
            "2020-01-01",
            "La date est trop ancienne : elle devait être au plus tôt le 22 novembre 2025.",
        ),
        (question(QuestionType.TEXT), "Bonjour", "Le texte respecte la longueur attendue."),
        (question(QuestionType.TEXT, scored=False), "Bonjour", "Cette question n’est pas notée."),
    ],
)
def test_the_reason_of_a_score_is_one_sentence(asked, raw, sentence):
    assert how_of(asked, raw) == sentence


def test_each_way_to_combine_choices_has_its_own_sentence():
    sentences = {how_sentence(Reason(code="ticked", params={"scoring": each}), PLATFORMS) for each in Scoring}
    assert len(sentences) == len(Scoring)


def test_a_corrected_score_recalls_the_computed_one():
    reason = Reason(code="ruling", params={"computed": Decimal("0.5")})
    assert how_sentence(reason, YES_NO).endswith(f"le score calculé était de 50,0{NARROW}%.")


@pytest.mark.parametrize("code", ["hidden", "not_applicable", "file_present"])
def test_states_have_a_sentence_too(code):
    assert how_sentence(Reason(code=code), YES_NO).endswith(".")


def test_one_of_several_expected_choices_is_named():
    reason = Reason(code="none_of_required", params={"values": ["ios", "android"]})
    assert "Application iOS" in how_sentence(reason, PLATFORMS)
