"""An edition of 350 questions: how long it takes to publish, and whether its dossiers open as fast as the others."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.measuring import Action, Figure, measure
from bench.world import World, ordinary_dossier
from questionnaires import engine
from questionnaires.models import Edition
from questionnaires.operations.publishing import publish_edition
from questionnaires.operations.storing import store_edition
from questionnaires.queries import published

QUESTIONS = 350
# Each is an edition that stays: a few are enough to see seconds.
PUBLICATIONS = 5
PAGES: dict[str, Callable[[World, str], str]] = {
    "open a dossier": lambda _world, number: reverse("dossiers:detail", args=[number]),
    "open its largest theme": lambda world, number: reverse("dossiers:theme", args=[number, *world.largest_theme]),
}


class _Press:
    """Publishes one edition after the other, each following the one before, none in force before years."""

    def __init__(self, first: engine.Edition) -> None:
        self.last = first
        self.asked = sum(len(list(each.questions())) for each in first.questionnaires)
        self.real = first
        self.printed = 0

    def publish(self, size: int) -> Edition:
        """Write the real edition again under another code, with as many questions more as make `size`; publish it."""
        self.printed += 1
        code = f"B{self.printed}"
        before = {each.code: each for each in self.last.questionnaires}
        questionnaires = [replace(each, version=code) for each in self.real.questionnaires]
        questionnaires[-1] = _grown(questionnaires[-1], size - self.asked)
        self.last = replace(
            self.real,
            code=code,
            title=f"Édition {code}",
            questionnaires=tuple(_following(before[each.code], each) for each in questionnaires),
            effective_on=timezone.localdate() + timedelta(days=1000 + self.printed),
        )
        return publish_edition(store_edition(self.last), by=None)


def of_a_larger_edition(world: World, *, rounds: int) -> list[Figure]:
    """Against the same with the questions of the real edition: the ratio of their numbers is what may be expected."""
    press = _Press(published(world.edition).definition.edition)
    figure = measure(
        f"write and publish {QUESTIONS} questions, against {press.asked}",
        lambda: lambda: press.publish(QUESTIONS),
        lambda _statements: lambda: press.publish(press.asked),
        rounds=PUBLICATIONS,
        warm_up=1,
    )
    return [figure, *_pages(world, press.publish(QUESTIONS), press.asked, rounds=rounds)]


def _pages(world: World, large: Edition, asked: int, *, rounds: int) -> list[Figure]:
    publisher, mandataire = world.teams[0]
    dossier = ordinary_dossier(publisher, mandataire, large, "Service de 350 questions", None)
    client = Client()
    client.force_login(mandataire)
    return [
        measure(
            f"{name} of {QUESTIONS} questions, against {asked}",
            _opening(client, address(world, dossier.number)),
            _usual(client, address(world, world.full.number)),
            rounds=rounds,
        )
        for name, address in PAGES.items()
    ]


def _opening(client: Client, address: str) -> Callable[[], Action]:
    def open_page() -> None:
        assert client.get(address).status_code == 200

    return lambda: open_page


def _usual(client: Client, address: str) -> Callable[[int], Action]:
    return lambda _statements: _opening(client, address)()


def _grown(questionnaire: engine.Questionnaire, more: int) -> engine.Questionnaire:
    """With that many questions more at its end, each under a key that never served."""
    *themes, last = questionnaire.themes
    model = next(each for each in questionnaire.questions() if each.applies_when == "always" and not each.choices)
    added = tuple(
        replace(model, key=f"{last.code}-{questionnaire.version}N{number}", title=f"Question {number}")
        for number in range(more)
    )
    return replace(questionnaire, themes=(*themes, replace(last, questions=last.questions + added)))


def _following(old: engine.Questionnaire, new: engine.Questionnaire) -> engine.Questionnaire:
    proposed = engine.proposed_migration(old, replace(new, migration=None))
    moves = (
        move if move.operation is engine.Operation.KEEP else replace(move, why="Pour mesurer.")
        for move in proposed.moves
    )
    return replace(new, migration=replace(proposed, moves=tuple(moves)))
