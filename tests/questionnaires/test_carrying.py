"""Following a map: what is answered is carried, or named as left behind, whatever the versions and the map."""

from collections.abc import Hashable, Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.engine import Carried, Edition, Fate, Held, LeftBehind, Questionnaire, carry, carry_through
from questionnaires.engine.succession import check_succession
from tests.questionnaires.builders import choices, question
from tests.questionnaires.strategies import seeded
from tests.questionnaires.successions import (
    following,
    kept,
    move,
    random_holdings,
    random_successor,
    random_version,
    renamed,
    version,
)

SEEDS = st.integers(0, 2**32)


def carried(questions: list[Any], *moves: Any, new: list[Any], **held: Held) -> Carried:
    """Follow one map, from and to the given questions."""
    answers = {key.replace("_", "-"): each for key, each in held.items()}
    return carry(version(*questions), version(*new, number="2", migration=following(*moves)), answers)


def yes(key: str) -> Any:
    return question(key)


def text(key: str) -> Any:
    return question(key, "text")


def test_what_is_kept_keeps_everything():
    held = Held(
        value="oui", not_applicable=False, comment="Voir page 3.", evidence=("plan.pdf",), assigned_to=("alice",)
    )

    found = carried([yes("A")], *kept("A"), new=[yes("A")], A=held)

    assert (found.answers["A"].held, found.answers["A"].fate, found.left_behind) == (held, Fate.KEPT, ())


def test_a_reason_not_to_answer_is_carried_with_the_rest():
    held = Held(not_applicable=True, reason="Pas de mobile.", value="non")

    found = carried([yes("A")], move("reconfirm", "A", "B", why="Élargi."), new=[yes("B")], A=held)

    answer = found.answers["B"]
    assert (answer.fate, answer.why, answer.sources) == (Fate.TO_RECONFIRM, "Élargi.", ("A",))
    assert (answer.held.not_applicable, answer.held.reason, answer.held.value) == (True, "Pas de mobile.", "non")


def test_a_reason_not_to_answer_is_left_behind_where_one_has_to_answer():
    must_answer = question("A", allows_not_applicable=False)

    found = carried(
        [yes("A")],
        move("reconfirm", "A", "A", why="Obligatoire."),
        new=[must_answer],
        A=Held(not_applicable=True, reason="Sans objet.", comment="Mot."),
    )

    assert (found.answers["A"].fate, found.answers["A"].held) == (Fate.TO_ANSWER, Held(comment="Mot."))
    (left,) = found.left_behind
    assert (left.key, left.version, left.held) == ("A", "Q@1", Held(not_applicable=True, reason="Sans objet."))


def test_a_choice_takes_its_new_name_and_one_that_nothing_says_is_asked_again():
    old = question("A", "single_choice", choices=choices(("partiel", "0.5"), ("total", "1")))
    new = question("A", "single_choice", choices=choices(("complet", "1"), ("rien", "0")))
    line = move("reconfirm", "A", "A", why="Barème.", choices=renamed("A", "A", partiel=None, total="complet"))

    whole = carried([old], line, new=[new], A=Held(value="total"))
    half = carried([old], line, new=[new], A=Held(value="partiel", comment="Mot."))

    assert (whole.answers["A"].held.value, whole.answers["A"].fate) == ("complet", Fate.TO_RECONFIRM)
    assert (half.answers["A"].held, half.answers["A"].fate) == (Held(comment="Mot."), Fate.TO_ANSWER)
    assert [(left.key, left.held.value) for left in half.left_behind] == [("A", "partiel")]


def test_an_old_answer_that_one_half_of_a_split_says_is_not_left_behind():
    line = move("split", "A", "A B", choices=renamed("A", "B", oui=None))
    held = Held(value="oui", evidence=("plan.pdf",))

    found = carried([yes("A")], line, new=[yes("A"), yes("B")], A=held)

    assert (found.answers["A"].held.value, found.answers["A"].fate) == ("oui", Fate.TO_RECONFIRM)
    assert (found.answers["B"].held, found.answers["B"].fate) == (Held(evidence=("plan.pdf",)), Fate.TO_ANSWER)
    assert found.left_behind == ()


def test_equal_answers_that_are_merged_are_kept_and_their_words_and_files_joined():
    first = Held(value="oui", comment="Un.", evidence=("a", "b"))
    second = Held(value="oui", comment="Deux.", evidence=("b", "c"))

    found = carried([yes("A"), yes("B")], move("merge", "A B", "C"), new=[yes("C")], A=first, B=second)

    held = found.answers["C"].held
    assert (held.value, held.comment, held.evidence) == ("oui", "Un.\n\nDeux.", ("a", "b", "c"))
    assert (found.answers["C"].fate, found.answers["C"].rivals, found.left_behind) == (Fate.KEPT, {}, ())


def test_different_answers_that_are_merged_are_read_again_with_both_shown():
    found = carried(
        [yes("A"), yes("B")], move("merge", "A B", "C"), new=[yes("C")], A=Held(value="oui"), B=Held(value="non")
    )

    answer = found.answers["C"]
    assert (answer.held.value, answer.fate, answer.rivals) == ("oui", Fate.TO_RECONFIRM, {"B": Held(value="non")})
    assert [(left.key, left.held.value) for left in found.left_behind] == [("B", "non")]


def test_half_of_a_merge_is_read_again():
    found = carried([yes("A"), yes("B")], move("merge", "A B", "C"), new=[yes("C")], B=Held(value="non"))

    assert (found.answers["C"].held.value, found.answers["C"].fate) == ("non", Fate.TO_RECONFIRM)


def test_texts_that_are_merged_stand_one_after_the_other():
    found = carried(
        [text("A"), text("B")],
        move("merge", "A B", "C"),
        new=[text("C")],
        A=Held(value="Le premier.\n\nSuite."),
        B=Held(value="Le second."),
    )

    assert found.answers["C"].held.value == "Le premier.\n\nSuite.\n\nLe second."
    assert (found.answers["C"].fate, found.left_behind) == (Fate.TO_RECONFIRM, ())


def test_what_is_dropped_is_left_behind_whole_with_the_reason_of_the_map():
    held = Held(value="oui", comment="Mot.", evidence=("a",), assigned_to=("alice",))

    found = carried([yes("A")], move("drop", "A", why="Critère retiré."), new=[yes("N")], A=held)

    (left,) = found.left_behind
    assert (left.key, left.held, left.why) == ("A", held, "Critère retiré.")
    assert (found.answers["N"].fate, found.answers["N"].held) == (Fate.NEW, Held())


def test_a_new_question_is_new_and_an_unanswered_one_asks_nothing_more():
    found = carried([yes("A")], move("reconfirm", "A", "A", why="Élargi."), new=[yes("A"), yes("N")])

    assert {key: each.fate for key, each in found.answers.items()} == {"A": Fate.KEPT, "N": Fate.NEW}


def test_what_nobody_read_again_is_still_to_be_read_after_the_next_map():
    found = carried([yes("A")], *kept("A"), new=[yes("A")], A=Held(value="oui", to_reconfirm=True))

    assert (found.answers["A"].fate, found.answers["A"].held.to_reconfirm) == (Fate.TO_RECONFIRM, True)


def test_a_version_that_does_not_follow_the_other_carries_nothing():
    with pytest.raises(ValueError, match="Q@3 has no map from Q@1"):
        carry(version(yes("A")), version(yes("A"), number="3", migration=following(*kept("A"), old="Q@2")), {})


def words(held: Held) -> set[Hashable]:
    """Everything that a dossier holds, in pieces: no piece may be lost."""
    texts = [held.comment, held.reason if held.not_applicable else ""]
    return {
        *(("word", line) for each in texts for line in each.split("\n\n") if line),
        *(("file", each) for each in held.evidence),
        *(("person", each) for each in held.assigned_to),
        *([("aside", True)] if held.not_applicable else []),
    }


def assert_nothing_is_lost(old: Questionnaire, new: Questionnaire, before: Mapping[str, Held], found: Carried) -> None:
    """Everything about each old question is in a new question that comes from it, or is named as left behind."""
    assert new.migration is not None
    assert set(found.answers) == {each.key for each in new.questions()}
    for line in new.migration.moves:
        for key in line.sources:
            held = before.get(key, Held())
            reached = [found.answers[target].held for target in line.targets]
            left = [each.held for each in found.left_behind if each.key == key]
            assert words(held) <= {word for each in (*reached, *left) for word in words(each)}, key
            for piece in _pieces(held.value):
                names = {
                    value
                    for target in line.targets
                    for value in [_named(line, key, target, piece), piece if not line.choices else None]
                }
                told = any(_tells(each.value, names - {None}) for each in reached)
                assert told or any(_tells(each.value, {piece}) for each in left), (key, piece)


def _named(line: Any, source: str, target: str, value: Any) -> Any:
    found = [each.new for each in line.choices if (each.source, each.target, each.old) == (source, target, value)]
    return found[0] if found else value


def _pieces(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def _tells(value: Any, wanted: set[Any]) -> bool:
    texts = value.split("\n\n") if isinstance(value, str) else _pieces(value)
    return any(each in wanted for each in [*texts, *([] if isinstance(value, list) else [value])])


@settings(max_examples=300, deadline=None)
@given(seed=SEEDS)
def test_no_answer_is_lost_whatever_the_map(seed: int) -> None:
    draw = seeded(seed)
    old = random_version(draw)
    new = random_successor(draw, old)
    before = random_holdings(draw, old)

    found = carry(old, new, before)

    assert_nothing_is_lost(old, new, before, found)
    assert carry(old, new, dict(reversed(list(before.items())))) == found
    after = {key: each.held for key, each in found.answers.items()}
    assert {key: each.held for key, each in carry(new, new, after).answers.items()} == after


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS)
def test_random_maps_may_be_published(seed: int) -> None:
    draw = seeded(seed)
    old = random_version(draw)
    new = random_successor(draw, old)

    assert check_succession(Edition(code="E", questionnaires=(new,)), {old.name: old}).errors == []


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS)
def test_not_having_a_row_and_having_it_empty_are_carried_alike(seed: int) -> None:
    draw = seeded(seed)
    old = random_version(draw)
    new = random_successor(draw, old)
    before = random_holdings(draw, old)

    assert carry(old, new, {each.key: Held() for each in old.questions()} | dict(before)) == carry(old, new, before)


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS)
def test_every_old_answer_is_reachable_after_any_chain(seed: int) -> None:
    draw = seeded(seed)
    versions = [random_version(draw)]
    for _ in range(draw.randint(1, 4)):
        versions.append(random_successor(draw, versions[-1]))
    before = random_holdings(draw, versions[0])

    held: Mapping[str, Held] = before
    left: list[LeftBehind] = []
    for old, new in pairwise(versions):
        step = carry(old, new, held)
        assert_nothing_is_lost(old, new, held, step)
        held = {key: each.held for key, each in step.answers.items()}
        left += step.left_behind

    found = carry_through(versions, before)

    assert {key: each.held for key, each in found.answers.items()} == held
    assert found.left_behind == tuple(left)
    kept_words = {word for each in found.answers.values() for word in words(each.held)}
    left_words = {word for each in found.left_behind for word in words(each.held)}
    for key, each in before.items():
        assert words(each) <= kept_words | left_words, key


def test_after_a_chain_an_answer_names_the_questions_of_the_first_version():
    first = version(yes("A"), yes("B"))
    second = version(yes("C"), number="2", migration=following(move("merge", "A B", "C")))
    third = version(
        yes("D"), yes("N"), number="3", migration=following(move("reconfirm", "C", "D", why="Élargi."), old="Q@2")
    )

    found = carry_through([first, second, third], {"A": Held(value="oui"), "B": Held(value="oui")})

    assert found.answers["D"].sources == ("A", "B")
    assert found.answers["N"].sources == ()


def test_after_a_chain_everything_that_happened_on_the_way_is_told():
    first = version(yes("A"), yes("B"), yes("C"))
    second = version(
        yes("M"),
        yes("C"),
        yes("N"),
        number="2",
        migration=following(
            move("merge", "A B", "M", why="Réunies."),
            move("reconfirm", "C", "C", why="Élargi.", choices=renamed("C", "C", oui=None)),
        ),
    )
    third = version(yes("M"), yes("C"), yes("N"), number="3", migration=following(*kept("M", "C", "N"), old="Q@2"))

    answers = {"A": Held(value="oui"), "B": Held(value="non"), "C": Held(value="oui")}
    found = carry_through([first, second, third], answers).answers

    assert {key: each.fate for key, each in found.items()} == {
        "M": Fate.TO_RECONFIRM,
        "C": Fate.TO_ANSWER,
        "N": Fate.NEW,
    }
    assert (found["M"].why, found["M"].rivals) == ("Réunies.", {"B": Held(value="non")})
    assert found["C"].why == "Élargi."
