"""Differences as they are read: names of fields in French, before and after, words that left and came."""

import random
import re
from decimal import Decimal
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires import engine
from questionnaires.comparisons import Comparison, comparison_of, edition_comparison_of
from questionnaires.engine import Level, Question, Questionnaire, Scoring, Theme
from questionnaires.french import field_name
from tests.questionnaires.builders import choices, edition, question, threshold
from tests.questionnaires.test_differences import random_questionnaire, shuffled

NO_BREAK, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


def compared(before: list[Question], after: list[Question]) -> Comparison:
    one, other = (
        Questionnaire(code="Q", themes=(Theme(code="Q-T", title="Thème", questions=tuple(asked)),))
        for asked in (before, after)
    )
    return comparison_of(engine.compare_questionnaires(one, other))


def drawn(comparison: Comparison) -> str:
    return render_to_string("questionnaires/_differences.html", {"comparison": comparison, "level": 2})


def lines(**change: Any) -> list[tuple[str, str, str]]:
    """(label, before, after) of one question whose fields change to the given ones."""
    base = question("K-1", "multiple_choice", choices=choices(("a", "0.5")), weight=Decimal(1))
    after = question("K-1", "multiple_choice", **{"choices": base.choices, "weight": Decimal(1), **change})
    (card,) = compared([base], [after]).questions
    return [(line.label, line.before, line.after) for line in card.lines]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"level": Level.RECOMMENDED}, ("niveau", "obligatoire", "recommandé")),
        ({"weight": Decimal("2.50")}, ("poids", "1", "2,5")),
        ({"pass_score": Decimal("0.6")}, ("score à atteindre", "", f"60{NARROW}%")),
        ({"scored": False}, ("notée", "oui", "non")),
        ({"scoring": Scoring.MAX}, ("calcul du choix multiple", "somme des choix, plafonnée à 1", "meilleur choix")),
        ({"answered_by": "legal"}, ("répond d’habitude", "DPO", "juridique")),
        ({"minutes": 20}, ("temps de réponse, en minutes", "", f"20{NO_BREAK}min")),
        ({"formats": ("pdf", "png")}, ("formats de fichier", "", "pdf, png")),
        (
            {"choices": choices(("a", "0.5"), ("b", "1", "required"))},
            (f"choix «{NO_BREAK}b{NO_BREAK}»", "", f"B · 100{NARROW}% · indispensable"),
        ),
        (
            {"thresholds": (threshold("gte", "1", "99.5"), threshold("otherwise", "0")), "unit": ""},
            ("seuils", "", f"à partir de 99,5{NO_BREAK}: 100{NARROW}%\nsinon{NO_BREAK}: 0{NARROW}%"),
        ),
    ],
)
def test_a_field_has_its_french_name_and_says_what_it_was_and_what_it_is(
    change: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert lines(**change) == [expected]


def test_every_field_that_is_compared_has_a_name_of_its_own_in_french() -> None:
    for of in (engine.Questionnaire, engine.Part, engine.Theme, engine.Question, engine.Outcome, engine.Flag):
        for name in of.__dataclass_fields__:
            if name not in {"questions", "choices", "thresholds", "parts", "themes", "outcomes"}:
                assert field_name(of, name), (of, name)
                assert "_" not in field_name(of, name), (of, name)


def test_a_text_is_told_word_by_word_and_not_by_colour_alone() -> None:
    comparison = compared(
        [question("K-1", wording="La procédure écrite.")], [question("K-1", wording="La règle écrite.")]
    )

    page = drawn(comparison)

    assert '<del><span class="fr-sr-only">retiré' in page
    assert '<ins><span class="fr-sr-only">ajouté' in page
    assert re.sub(r"<[^>]+>", "", page).count("écrite.") == 1


def test_what_somebody_wrote_is_escaped() -> None:
    page = drawn(compared([question("K-1", wording="<b>a</b>")], [question("K-1", wording="<script>b</script>")]))

    assert "<script>" not in page
    assert "<b>" not in page


def test_a_text_of_which_only_spaces_changed_is_told_so() -> None:
    comparison = compared([question("K-1", help="Un deux.")], [question("K-1", help="Un\n\ndeux.")])

    assert "Seuls des espaces ou des retours à la ligne ont changé." in drawn(comparison)


def test_a_condition_is_told_in_french_and_as_it_is_written() -> None:
    comparison = compared(
        [question("K-1"), question("K-2")], [question("K-1"), question("K-2", applies_when="answer(K-1) == 'oui'")]
    )

    page = drawn(comparison)

    assert "elle concerne tous les services" in page
    assert f"la réponse à «{NO_BREAK}Titre de K-1{NO_BREAK}» (K-1) est «{NO_BREAK}Oui{NO_BREAK}»" in page
    assert "<code>answer(K-1) == &#x27;oui&#x27;</code>" in page


def test_a_condition_that_cannot_be_read_is_told_as_it_is_written() -> None:
    page = drawn(compared([question("K-1")], [question("K-1", applies_when="et puis")]))

    assert "condition qui ne se lit pas" in page
    assert "<code>et puis</code>" in page


def test_the_counts_come_first() -> None:
    comparison = compared(
        [question("K-1"), question("K-2"), question("K-3"), question("K-4")],
        [question("K-5"), question("K-3"), question("K-2", minutes=5), question("K-1", minutes=5), question("K-6")],
    )

    assert comparison.counts == "2 ajoutées, 1 retirée, 2 déplacées, 2 modifiées"
    assert drawn(comparison).index(comparison.counts) < drawn(comparison).index("K-1")


def test_nothing_that_differs_is_a_sentence() -> None:
    assert "Aucune différence." in drawn(compared([question("K-1")], [question("K-1")]))


def test_a_move_names_the_themes() -> None:
    asked = question("K-1")
    one, other = (
        Questionnaire(
            code="Q",
            themes=(Theme(code="A", title="Ici", questions=here), Theme(code="B", title="Là", questions=there)),
        )
        for here, there in (((asked,), ()), ((), (asked,)))
    )

    (card,) = comparison_of(engine.compare_questionnaires(one, other)).questions

    assert card.move == f"De «{NO_BREAK}Ici{NO_BREAK}» à «{NO_BREAK}Là{NO_BREAK}», au rang 1."
    assert card.where == "Là"


def test_what_came_says_all_it_says() -> None:
    asked = question("K-1", wording="Avez-vous ?", weight=Decimal(3), evidence="Un extrait.")

    (card,) = compared([], [asked]).questions

    told = {line.label: line.after for line in card.lines}
    assert (told["question"], told["poids"], told["preuve attendue"]) == ("Avez-vous ?", "3", "Un extrait.")
    assert told["choix"] == f"Oui · 100{NARROW}%\nNon · 0{NARROW}%"
    assert all(not line.before for line in card.lines)


def test_an_edition_counts_the_questions_of_a_questionnaire_that_came() -> None:
    before = edition(question("K-1"))
    new = Questionnaire(
        code="N", title="Nouveau", themes=(Theme(code="N-T", questions=(question("N-1"), question("N-2"))),)
    )
    after = engine.Edition(code="F", questionnaires=(*before.questionnaires, new))

    comparison = edition_comparison_of(engine.compare_editions(before, after))

    assert comparison.counts == "2 ajoutées"
    assert [card.title for card in comparison.structure] == [f"questionnaire «{NO_BREAK}Nouveau{NO_BREAK}»"]
    assert [(line.label, line.before, line.after) for line in comparison.about] == [("code", "E", "F")]


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_whatever_differs_something_is_drawn_for_each_question_that_does(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    before = random_questionnaire(draw)
    after = shuffled(before, draw) if draw.random() < 0.5 else random_questionnaire(draw)

    differences = engine.compare_questionnaires(before, after)
    comparison = comparison_of(differences)

    assert bool(comparison) == bool(differences)
    for difference, card in zip(differences.questions, comparison.questions, strict=True):
        assert card.happened
        assert bool(card.move) == difference.is_moved
        assert bool(card.lines) == (difference.is_changed or difference.is_added or difference.is_removed)
