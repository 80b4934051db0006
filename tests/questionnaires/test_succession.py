"""A map is refused unless it says of every old question, once, what becomes of it, and says it possibly."""

from dataclasses import replace
from typing import Any

import pytest

from questionnaires.engine import (
    Edition,
    Findings,
    Migration,
    Move,
    Question,
    Questionnaire,
    examine,
    proposed_migration,
    what_changed,
)
from tests.questionnaires.builders import choices, question
from tests.questionnaires.successions import explained, following, kept, move, renamed, version

A, B, C = question("A"), question("B"), question("C")
OLD = version(A, B)


def found(new: Questionnaire, *earlier: Questionnaire) -> Findings:
    return examine(Edition(code="E", questionnaires=(new,)), {each.name: each for each in earlier})


def errors(*moves: Move, new: tuple[Question, ...] = (A, B), old: Questionnaire = OLD, **fields: Any) -> list[str]:
    successor = version(*new, number="2", migration=following(*moves, **fields))
    return [str(each) for each in found(successor, old).errors]


def warnings(*moves: Move, new: tuple[Question, ...], old: Questionnaire = OLD) -> list[str]:
    return [str(each) for each in found(version(*new, number="2", migration=following(*moves)), old).warnings]


def test_a_map_that_names_each_old_question_once_may_be_published():
    assert errors(*kept("A", "B"), new=(A, B, C)) == []


def test_a_first_version_needs_no_map():
    assert found(OLD).errors == ()


def test_a_version_that_follows_another_needs_one():
    (problem,) = found(version(A, number="2"), OLD).errors

    assert str(problem) == "questionnaire Q : cette version suit Q@1 : il lui faut une carte de reprise"


def test_a_version_that_is_published_already_is_not_asked_again():
    assert found(OLD, OLD, version(A, number="2", migration=following(*kept("A")))).errors == ()


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("Q@9", "la carte de reprise part de Q@9, qui n’est pas une version publiée"),
        ("Q@1", "la carte de reprise part de Q@1, mais la dernière publiée est Q@2"),
    ],
)
def test_a_map_starts_from_the_last_published_version(start, reason):
    second = version(A, B, number="2", migration=following(*kept("A", "B")))

    (problem,) = found(version(A, B, number="3", migration=following(*kept("A", "B"), old=start)), OLD, second).errors

    assert problem.reason == reason


def test_a_first_version_with_a_map_starts_from_nowhere():
    (problem,) = found(version(A, migration=following(*kept("A"), old="Q@0"))).errors

    assert "qui n’est pas une version publiée" in problem.reason


@pytest.mark.parametrize(
    ("moves", "reason"),
    [
        (kept("A"), "B : la carte de reprise ne dit pas ce que devient cette question"),
        ((*kept("A", "B"), move("drop", "A", why="Non.")), "A : la carte de reprise en part 2 fois"),
        ((*kept("A", "B"), move("drop", "Z", why="Non.")), "Z : la carte de reprise la nomme, mais Q@1 ne l’a pas"),
        ((*kept("A"), move("keep", "B", "Z")), "Z : la carte de reprise la nomme, mais la nouvelle version ne l’a pas"),
        ((*kept("A"), move("keep", "B", "A")), "A : la carte de reprise y mène 2 fois"),
        ((*kept("A"), move("reconfirm", "B", "B")), "B : « à reconfirmer » demande une raison : l’éditeur la lira"),
        ((*kept("A"), move("split", "B", "B")), "B : « séparer » demande au moins 2 question(s) d’arrivée, et en a 1"),
        (
            (*kept("A"), move("merge", "B", "B")),
            "B : « fusionner » demande au moins 2 question(s) de départ, et en a 1",
        ),
    ],
)
def test_a_line_that_cannot_be_followed_is_refused(moves, reason):
    assert reason in errors(*moves)


def test_what_is_dropped_goes_nowhere_and_says_why():
    assert errors(*kept("A"), move("drop", "B"), new=(A,)) == [
        "B : « abandonner » demande une raison : l’éditeur la lira"
    ]
    assert "B : « abandonner » demande 0 question(s) d’arrivée, et en a 1" in errors(
        *kept("A"), move("drop", "B", "B", why="Non.")
    )


def test_a_key_is_never_used_again_for_another_question():
    assert errors(*kept("A"), move("drop", "B", why="Non."), new=(A, B)) == [
        "B : cette clé a déjà servi : une question nouvelle prend une clé nouvelle"
    ]
    gone = version(A, C, number="2", migration=following(*kept("A"), move("drop", "B", why="Non.")))
    back = version(A, C, B, number="3", migration=following(*kept("A", "C"), old="Q@2"))

    assert [each.where for each in found(back, OLD, gone).errors] == ["B"]


def test_an_answer_of_another_type_is_not_carried():
    number = question("A", "text")

    assert errors(*kept("B"), move("reconfirm", "A", "A", why="Un texte."), new=(number, B)) == [
        "A : sa réponse ne se lit pas dans A, dont le type est autre"
    ]


def test_a_yes_may_become_one_choice_among_several():
    several = question("A", "multiple_choice", choices=choices(("tout", "1"), ("rien", "0")))
    line = move("reconfirm", "A", "A", why="Précisé.", choices=renamed("A", "A", oui="tout", non=None))

    assert errors(*kept("B"), line, new=(several, B)) == []
    assert len(errors(*kept("B"), replace(line, operation=kept("A")[0].operation), new=(several, B))) == 1


def test_every_old_choice_is_found_again_or_named():
    old = question("A", "single_choice", choices=choices(("x", "1"), ("y", "0")))
    new = replace(old, choices=choices(("x", "1"), ("z", "0")))

    def told(operation: str, **values: str | None) -> list[str]:
        line = move(operation, "A", "A", why="Barème.", choices=renamed("A", "A", **values))
        return errors(line, new=(new,), old=version(old))

    assert told("reconfirm") == ["A : rien ne dit ce que devient le choix « y » dans A"]
    assert told("reconfirm", y=None) == []
    assert told("keep", y="z") == []
    assert told("keep", y=None) == ["A : le choix « y » n’est pas gardé : dites « à reconfirmer »"]
    assert told("keep", y="w") == ["A : « w » n’est pas un choix de A"]
    assert told("keep", y="z", w="x") == ["A : « w » n’était pas un choix"]


def test_choices_of_a_question_that_the_line_does_not_name_are_refused():
    line = move("keep", "A", "A", choices=renamed("B", "A", oui="oui"))

    assert errors(line, *kept("B")) == ["A : des choix sont nommés de B vers A, à tort"]


def test_keeping_what_has_changed_is_worth_a_second_look():
    asked_otherwise = replace(A, wording="Depuis six mois ?", evidence="Un plan.")

    assert errors(*kept("A", "B"), new=(asked_otherwise, B)) == []
    assert warnings(*kept("A", "B"), new=(asked_otherwise, B)) == [
        "A : gardée, alors que change la question, la preuve attendue : ne faut-il pas la reconfirmer ?"
    ]


def test_a_better_help_leaves_an_answer_as_true_as_it_was():
    assert what_changed(A, replace(A, help="Mieux.", reference="RGPD, article 5", weight=A.weight * 2)) == ()
    assert what_changed(A, replace(A, score_ok=A.score_old, score_old=A.score_ok)) == ("le barème",)


def test_a_map_to_begin_with_leaves_the_reasons_to_the_editor():
    new = version(replace(A, wording="Autrement ?"), C, number="2")
    old = version(A, B, C)

    proposed = proposed_migration(old, new)

    assert proposed == Migration(from_version="Q@1", moves=(move("reconfirm", "A", "A"), move("drop", "B"), *kept("C")))
    assert [each.where for each in found(replace(new, migration=proposed), old).errors] == ["B", "A"]
    assert found(replace(new, migration=explained(proposed)), old).errors == ()
