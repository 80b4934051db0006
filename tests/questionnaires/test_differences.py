"""What changed between two questionnaires: nothing when they are equal, and nothing that differs is left unsaid."""

import random
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.engine import (
    Difference,
    Edition,
    Flag,
    Level,
    Part,
    Place,
    Question,
    Questionnaire,
    QuestionnaireDifferences,
    Theme,
    compare_editions,
    compare_questionnaires,
    word_differences,
)
from tests.questionnaires.builders import choices, edition, question, threshold
from tests.questionnaires.strategies import seeded


def one_theme(*questions: Question, **said: Any) -> Questionnaire:
    return Questionnaire(code="Q", themes=(Theme(code="Q-T", questions=questions),), **said)


def told(before: Questionnaire, after: Questionnaire) -> list[tuple[str, str]]:
    """(key, what happened) for each question."""
    return [
        (each.code, word)
        for each in compare_questionnaires(before, after).questions
        for word, happened in (
            ("added", each.is_added),
            ("removed", each.is_removed),
            ("moved", each.is_moved),
            ("changed", each.is_changed),
        )
        if happened
    ]


def test_equal_questionnaires_have_no_difference(edition_2026: Edition) -> None:
    differences = compare_editions(edition_2026, edition_2026)

    assert not differences
    assert (differences.flags, differences.questionnaires, differences.inside, differences.changes) == ((), (), (), ())


def test_questions_are_added_removed_and_changed_by_their_keys() -> None:
    before = one_theme(question("K-1"), question("K-2"), question("K-3"))
    after = one_theme(question("K-1"), question("K-4"), question("K-3", wording="Autre."))

    assert told(before, after) == [("K-2", "removed"), ("K-4", "added"), ("K-3", "changed")]


def test_a_question_moved_by_hand_is_one_move() -> None:
    asked = [question(f"K-{number}") for number in range(6)]
    moved = [*asked[1:5], asked[0], asked[5]]

    assert told(one_theme(*asked), one_theme(*moved)) == [("K-0", "moved")]


def test_a_question_that_changes_theme_is_moved_and_says_where_from_and_where_to() -> None:
    one, other = question("K-1"), question("K-2")
    before = Questionnaire(code="Q", themes=(Theme(code="A", questions=(one, other)), Theme(code="B")))
    after = Questionnaire(code="Q", themes=(Theme(code="A", questions=(other,)), Theme(code="B", questions=(one,))))

    (moved,) = compare_questionnaires(before, after).questions

    assert (moved.code, moved.is_moved, moved.is_changed) == ("K-1", True, False)
    assert (moved.was, moved.now) == (Place(rank=1, theme="A"), Place(rank=1, theme="B"))


def test_each_field_tells_what_it_was_and_what_it_is() -> None:
    before = question("K-1", level=Level.MANDATORY, weight=Decimal(1), help="Une aide.")
    after = question("K-1", level=Level.RECOMMENDED, weight=Decimal(3), help="Une bonne aide.")

    (changed,) = compare_questionnaires(one_theme(before), one_theme(after)).questions

    assert [(each.name, each.before, each.after) for each in changed.changes] == [
        ("help", "Une aide.", "Une bonne aide."),
        ("level", Level.MANDATORY, Level.RECOMMENDED),
        ("weight", Decimal(1), Decimal(3)),
    ]
    assert changed.changes[0].words() == [("same", "Une"), ("in", "bonne"), ("same", "aide.")]
    assert changed.changes[2].words() == []


def test_one_number_written_two_ways_is_no_difference() -> None:
    assert not compare_questionnaires(
        one_theme(question("K-1", weight=Decimal(1))), one_theme(question("K-1", weight=Decimal("1.00")))
    )


def test_choices_are_matched_by_their_values() -> None:
    before = question("K-1", "single_choice", choices=choices(("a", "0"), ("b", "0.5"), ("c", "1")))
    after = question("K-1", "single_choice", choices=choices(("a", "0"), ("c", "0.75"), ("d", "1")))

    (changed,) = compare_questionnaires(one_theme(before), one_theme(after)).questions

    assert [(each.code, each.is_added, each.is_removed, each.is_changed) for each in changed.choices] == [
        ("b", False, True, False),
        ("c", False, False, True),
        ("d", True, False, False),
    ]
    assert [(each.name, each.before, each.after) for each in changed.choices[1].changes] == [
        ("score", Decimal(1), Decimal("0.75"))
    ]


def test_thresholds_are_matched_by_their_bounds_then_by_their_comparison() -> None:
    before = question("K-1", "number", thresholds=(threshold("gte", "1", "90"), threshold("otherwise", "0")))
    after = question(
        "K-1",
        "number",
        thresholds=(threshold("gte", "1", "99"), threshold("gte", "0.5", "90"), threshold("otherwise", "0")),
    )

    (changed,) = compare_questionnaires(one_theme(before), one_theme(after)).questions

    assert [(each.is_added, [change.name for change in each.changes]) for each in changed.thresholds] == [
        (True, []),
        (False, ["score"]),
    ]


def test_a_step_whose_bound_changes_is_the_same_step() -> None:
    before = question("K-1", "number", thresholds=(threshold("gte", "1", "90"), threshold("otherwise", "0")))
    after = question("K-1", "number", thresholds=(threshold("gte", "1", "95"), threshold("otherwise", "0")))

    (changed,) = compare_questionnaires(one_theme(before), one_theme(after)).questions

    (step,) = changed.thresholds
    assert [(each.name, each.before, each.after) for each in step.changes] == [("low", Decimal(90), Decimal(95))]


def test_a_condition_is_read_in_french_on_both_sides() -> None:
    before = edition(question("K-1"), question("K-2", applies_when="f"), flags={"f": "always"})
    after = edition(question("K-1"), question("K-2", applies_when="answer(K-1) == 'oui'"), flags={"f": "always"})

    (inside,) = compare_editions(before, after).inside

    (change,) = inside.questions[0].changes
    assert change.readings == ("le service a f", "la réponse à « Titre de K-1 » (K-1) est « Oui »")
    assert change.words() == []


def test_a_condition_that_cannot_be_read_is_still_told() -> None:
    before, after = one_theme(question("K-1")), one_theme(question("K-1", applies_when="et puis quoi"))

    (change,) = compare_questionnaires(before, after).questions[0].changes

    assert change.after == "et puis quoi"
    assert change.readings == ("elle concerne tous les services", "")


def test_flags_are_matched_by_their_names() -> None:
    before = edition(question("K-1"), flags={"a": "always", "b": "always"})
    after = replace(before, flags=(before.flags[0], Flag(name="b", meaning="Autre sens", condition="always")))

    (flag,) = compare_editions(before, after).flags

    assert (flag.code, [each.name for each in flag.changes]) == ("b", ["meaning"])


def test_a_questionnaire_may_come_and_go() -> None:
    before = Edition(code="E", questionnaires=(Questionnaire(code="A"), Questionnaire(code="B")))
    after = Edition(code="E", questionnaires=(Questionnaire(code="B"), Questionnaire(code="C")))

    came_and_went = compare_editions(before, after).questionnaires

    assert [(each.code, each.is_added, each.is_removed) for each in came_and_went] == [
        ("A", False, True),
        ("C", True, False),
    ]


# -- properties ---------------------------------------------------------------------------------------------------

WORDS = ("", "un", "un deux", "un  deux", "deux trois", "un\ndeux")


def random_question(draw: random.Random) -> Question:
    return question(
        draw.choice("abcd"),
        "multiple_choice",
        wording=draw.choice(WORDS),
        weight=Decimal(draw.randint(1, 2)),
        applies_when=draw.choice(["always", "f", "never ("]),
        formats=draw.choice([(), ("pdf",), ("pdf", "png"), ("png", "pdf")]),
        choices=tuple(
            each
            for value in draw.sample("xyz", draw.randint(0, 3))
            for each in choices((value, draw.choice([None, "0", "1"])))
        ),
        thresholds=tuple(
            threshold(draw.choice(["gte", "lt"]), draw.choice("01"), draw.choice("123"))
            for _ in range(draw.randint(0, 3))
        ),
    )


def random_questionnaire(draw: random.Random) -> Questionnaire:
    """Few names, so that drafts which name two things alike are drawn too."""
    return Questionnaire(
        code="Q",
        title=draw.choice(WORDS),
        parts=tuple(Part(code=code, title=draw.choice(WORDS)) for code in draw.sample("PQ", draw.randint(0, 2))),
        themes=tuple(
            Theme(
                code=draw.choice("ABC"),
                title=draw.choice(WORDS),
                questions=tuple(random_question(draw) for _ in range(draw.randint(0, 4))),
            )
            for _ in range(draw.randint(0, 3))
        ),
    )


def shuffled(questionnaire: Questionnaire, draw: random.Random) -> Questionnaire:
    """Near to what it was: some questions elsewhere, one field of one of them changed."""
    themes = [list(theme.questions) for theme in questionnaire.themes]
    for _ in range(draw.randint(0, 2)):
        full = [each for each in themes if each]
        if full:
            source = draw.choice(full)
            taken = source.pop(draw.randrange(len(source)))
            target = draw.choice(themes)
            target.insert(draw.randint(0, len(target)), replace(taken, wording=draw.choice(WORDS)))
    return replace(
        questionnaire,
        themes=tuple(
            replace(theme, questions=tuple(asked)) for theme, asked in zip(questionnaire.themes, themes, strict=True)
        ),
    )


def written_from(before: Questionnaire, said: QuestionnaireDifferences) -> Questionnaire:
    """The later state, from the earlier one and from what is said of the differences alone."""
    parts = rewritten(list(before.parts), said.parts)
    themes = rewritten(list(before.themes), said.themes)
    places = {
        (place.theme, place.theme_repeat, place.rank): asked
        for theme, (code, repeat) in zip(before.themes, repeats(before.themes), strict=True)
        for rank, asked in enumerate(theme.questions, start=1)
        for place in (Place(rank=rank, theme=code, theme_repeat=repeat),)
    }
    filled = []
    for theme, (code, repeat) in zip(themes, repeats(themes), strict=True):
        here = [
            each
            for each in said.questions
            if (each.was and (each.was.theme, each.was.theme_repeat) == (code, repeat))
            or (each.now and (each.now.theme, each.now.theme_repeat) == (code, repeat))
        ]
        stood = [asked for (its, nth, _rank), asked in places.items() if (its, nth) == (code, repeat)]
        filled.append(replace(theme, questions=tuple(rewritten(stood, here, (code, repeat)))))
    changes = {each.name: each.after for each in said.changes}
    return replace(before, **changes, parts=tuple(parts), themes=tuple(filled))


def repeats(themes: Any) -> list[tuple[str, int]]:
    codes = [theme.code for theme in themes]
    return [(code, codes[:place].count(code)) for place, code in enumerate(codes)]


def rewritten(items: list[Any], said: Any, here: tuple[str, int] = ("", 0)) -> list[Any]:
    """A list with its differences written in: what left, what changed where it stands, then what comes, by rank."""
    kept: list[Any] = list(items)
    coming = []
    for each in said:
        was = each.was if each.was and (each.was.theme, each.was.theme_repeat) == here else None
        now = each.now if each.now and (each.now.theme, each.now.theme_repeat) == here else None
        item = each.after if each.is_added else changed(each)
        if was:
            kept[was.rank - 1] = None if each.is_moved or each.is_removed else item
        if now and (each.is_added or each.is_moved):
            coming.append((now.rank, item))
    left = [each for each in kept if each is not None]
    for rank, item in sorted(coming, key=lambda each: each[0]):
        left.insert(rank - 1, item)
    return left


def changed(said: Difference[Any]) -> Any:
    new = {each.name: each.after for each in said.changes}
    if isinstance(said.before, Question):
        new["choices"] = tuple(rewritten(list(said.before.choices), said.choices))
        new["thresholds"] = tuple(rewritten(list(said.before.thresholds), said.thresholds))
    was: Any = said.before
    return replace(was, **new)


@settings(max_examples=400, deadline=None)
@given(seed=st.integers(0, 2**32), is_near=st.booleans())
def test_the_later_state_can_be_written_from_the_earlier_one_and_its_differences(seed: int, is_near: bool) -> None:
    draw = seeded(seed)
    before = random_questionnaire(draw)
    after = shuffled(before, draw) if is_near else random_questionnaire(draw)

    differences = compare_questionnaires(before, after)

    assert written_from(before, differences) == after
    assert bool(differences) == (before != after)


@settings(max_examples=200, deadline=None)
@given(order=st.permutations(range(7)), place=st.integers(0, 6), target=st.integers(0, 6))
def test_moving_one_item_is_told_as_one_move_and_no_order_takes_more_than_it_needs(
    order: list[int], place: int, target: int
) -> None:
    moved = list(order)
    moved.insert(target, moved.pop(place))
    before, one_moved, sorted_ = (
        one_theme(*(question(f"K-{number}") for number in numbers)) for numbers in (order, moved, range(7))
    )

    assert len(told(before, one_moved)) == int(moved != order)
    assert len(told(before, sorted_)) == 7 - longest_common(order, list(range(7)))


def longest_common(one: list[int], other: list[int]) -> int:
    if not one or not other:
        return 0
    if one[-1] == other[-1]:
        return 1 + longest_common(one[:-1], other[:-1])
    return max(longest_common(one[:-1], other), longest_common(one, other[:-1]))


@given(then=st.text("ab \n\u00a0", max_size=20), now=st.text("ab \n\u00a0", max_size=20))
def test_the_words_of_both_texts_are_all_there_in_order(then: str, now: str) -> None:
    pieces = list(word_differences(then, now))

    assert " ".join(words for kind, words in pieces if kind != "in") == " ".join(word for word in spaced(then) if word)
    assert " ".join(words for kind, words in pieces if kind != "out") == " ".join(word for word in spaced(now) if word)


def spaced(text: str) -> list[str]:
    return text.replace("\n", " ").split(" ")


def test_words_that_left_and_words_that_came_are_told_in_reading_order() -> None:
    assert list(word_differences("la procédure écrite", "la politique écrite")) == [
        ("same", "la"), ("out", "procédure"), ("in", "politique"), ("same", "écrite"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", [each.name for each in fields(Question) if each.name != "key"])
def test_no_field_of_a_question_is_forgotten(name: str) -> None:
    """One that is added to the engine is compared too."""
    before = question("K-1", "multiple_choice", choices=choices(("a", "1")))
    other: Any = {"choices": (), "thresholds": (threshold("gte", "1", "2"),)}.get(name, "autre")

    (difference,) = compare_questionnaires(one_theme(before), one_theme(replace(before, **{name: other}))).questions

    assert difference.is_changed
