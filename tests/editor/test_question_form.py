"""The form of one question: what is shown is what is saved, to the letter."""

from dataclasses import replace
from decimal import Decimal

import pytest

from questionnaires import engine
from questionnaires.forms.questions import QuestionForm
from questionnaires.source_files import read_edition, read_questionnaire
from tests.editor.posting import posted
from tests.questionnaires.builders import FIXTURES, choices, question, threshold


def everything() -> list[engine.Question]:
    edition = read_edition(FIXTURES, "2026")
    diagnostic = read_questionnaire(FIXTURES / "diagnostic.yaml")
    return [each for part in (*edition.questionnaires, diagnostic) for each in part.questions()]


def test_a_form_that_nobody_touched_says_the_same_question_for_each_that_we_publish() -> None:
    for each in everything():
        form = QuestionForm(posted(each), each)
        assert form.is_valid(), (each.key, form.errors, form.choice_rows.errors, form.threshold_rows.errors)
        assert engine.changed_fields(each, form.content) == [], each.key


def test_spaces_and_lines_that_were_there_stay_where_nobody_typed() -> None:
    odd = question("Q-T-01", wording="  Deux\n\nlignes ? \n", help="\n  Aide  ")
    form = QuestionForm(posted(odd, title="Autre titre "), odd)
    assert form.is_valid(), form.errors
    assert form.content == replace(odd, title="Autre titre")


def test_percentages_on_the_screen_are_fractions_in_the_question() -> None:
    asked = question("Q-T-01", "single_choice", wording="Lequel ?", choices=choices(("a", "1"), ("b", "0.5")))
    sent = posted(asked, choices__1__score="62,5", pass_score="80")
    form = QuestionForm(sent, asked)
    assert form.is_valid(), form.errors
    assert form.content.pass_score == Decimal("0.8")
    assert [choice.score for choice in form.content.choices] == [Decimal(1), Decimal("0.625")]


def test_choices_are_added_ordered_and_taken_away() -> None:
    asked = question(
        "Q-T-01", "single_choice", wording="Lequel ?", choices=choices(("a", "1"), ("b", "0.5"), ("c", "0"))
    )
    sent = posted(
        asked,
        choices__0__DELETE="on",
        choices__1__ORDER="3",
        choices__2__ORDER="1",
        choices__3__value="d",
        choices__3__label="Le quatrième",
        choices__3__score="10",
        choices__3__ORDER="2",
    )
    form = QuestionForm(sent, asked)
    assert form.is_valid(), (form.errors, form.choice_rows.errors)
    assert [choice.value for choice in form.content.choices] == ["c", "d", "b"]
    assert form.content.choices[1].label == "Le quatrième"


def test_two_choices_of_one_value_are_refused() -> None:
    asked = question("Q-T-01", "single_choice", wording="Lequel ?", choices=choices(("a", "1"), ("b", "0")))
    form = QuestionForm(posted(asked, choices__1__value="a"), asked)
    assert not form.is_valid()
    assert "Deux choix ont la même valeur, « a »." in form.choice_rows.non_form_errors()


def test_a_threshold_says_the_bounds_that_it_needs() -> None:
    asked = question(
        "Q-T-01", "number", wording="Combien ?", thresholds=(threshold("gte", "1", "90"), threshold("otherwise", "0"))
    )
    form = QuestionForm(posted(asked, thresholds__0__operator="between"), asked)
    assert not form.is_valid()
    assert form.threshold_rows.errors[0] == {"high": ["« Entre » demande deux bornes."]}
    mended = QuestionForm(posted(asked, thresholds__0__operator="between", thresholds__0__high="95,5"), asked)
    assert mended.is_valid()
    assert mended.content.thresholds[0] == threshold("between", "1", "90", "95.5")


def test_what_another_type_of_answer_reads_is_not_kept() -> None:
    asked = question("Q-T-01", "single_choice", wording="Lequel ?", choices=choices(("a", "1"), ("b", "0")))
    form = QuestionForm(posted(asked, type="number", unit="jours", min_length="12"), asked)
    assert form.is_valid(), form.errors
    assert form.content.choices == ()
    assert form.content.unit == "jours"
    assert form.content.min_length is None


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("wording", "", "Écrivez la question telle qu’elle sera posée."),
        ("weight", "0", "Un poids est supérieur à 0"),
        ("weight", "lourd", "Écrivez un nombre, par exemple 12 ou 0,5."),
        ("pass_score", "120", "Un score ne dépasse pas 100."),
        ("applies_when", "answer(SEC", "Cette condition ne se lit pas, colonne 11"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(name: str, typed: str, said: str) -> None:
    asked = question("Q-T-01", wording="Oui ?")
    form = QuestionForm(posted(asked, **{name: typed}), asked)
    assert not form.is_valid()
    assert said in form.errors[name][0]
    assert form[name].value() == typed


def test_a_code_that_a_file_brought_stays_possible() -> None:
    asked = question("Q-T-01", verification="lu en entier", answered_by="achats", wording="Oui ?")
    form = QuestionForm(posted(asked), asked)
    assert form.is_valid(), form.errors
    assert form.content == asked
