"""What is measured: what people do most, and what costs most."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.urls import reverse

from assessments.models import Answer
from bench.crowd import gather
from bench.larger import of_a_larger_edition
from bench.measuring import Action, Figure, measure
from bench.reviews import fill_queue
from bench.together import Rate, save_together
from bench.world import World
from questionnaires.models import Question
from results.reading import read
from results.report import report_pdf
from tests.clients import SignedInClient

# What must not feel the size of the portal is measured with this many dossiers in the queue, then with thousands.
FEW = 10


def take(world: World, *, rounds: int, queue: int, crowd: int) -> tuple[list[Figure], list[Rate]]:
    """Take the publisher's figures, then the reviewers' with few dossiers in their queue and with `queue`, then the
    publisher's again with `crowd` more dossiers around."""
    _analyze()
    figures = _of_a_publisher(world, rounds=rounds)
    figures += of_a_larger_edition(world, rounds=rounds)
    rates = save_together(world, "", rounds=rounds)
    fill_queue(world.teams, world.edition, world.reviewer, numbers=range(FEW))
    _analyze()
    figures += _of_a_reviewer(world, FEW, rounds=rounds)
    fill_queue(world.teams, world.edition, world.reviewer, numbers=range(FEW, queue))
    _analyze()
    figures += _of_a_reviewer(world, queue, rounds=rounds)
    if crowd:
        answers = gather(world, crowd)
        _analyze()
        where = f", {answers:,} answers around"
        figures += [replace(each, name=each.name + where) for each in _of_a_publisher(world, rounds=rounds)]
        rates += save_together(world, where, rounds=rounds)
    return figures, rates


def _analyze() -> None:
    """As a server that has lived does by itself: the private one of the tests learns nothing of its tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _of_a_reviewer(world: World, queue: int, *, rounds: int) -> list[Figure]:
    client = SignedInClient()  # whose session has proved a second factor
    client.force_login(world.reviewer)
    pages = {
        f"queue of {queue}": reverse("reviews:queue"),
        f"dossier, queue of {queue}": reverse("reviews:detail", args=[world.filed.number]),
        f"item, queue of {queue}": reverse("reviews:item", args=[world.filed.number, world.proven_key]),
    }
    return [_page(client, name, address, rounds=rounds) for name, address in pages.items()]


def _of_a_publisher(world: World, *, rounds: int) -> list[Figure]:
    client = Client()
    client.force_login(world.mandataire)
    bare = _bare(client)
    pages = {
        "open the dossier": reverse("dossiers:detail", args=[world.full.number]),
        "open the largest theme": reverse("dossiers:theme", args=[world.full.number, *world.largest_theme]),
    }
    figures = [measure("save one answer", _save(client, world), bare, rounds=rounds)]
    figures += [_page(client, name, address, rounds=rounds) for name, address in pages.items()]
    report = measure("render the report", _report(world), bare, rounds=max(5, rounds // 8), warm_up=1)
    return [*figures, report]


def _bare(client: Client) -> Callable[[int], Action]:
    """The view that answers one word, after as many statements."""
    return lambda statements: _get(client, reverse("bench-bare", args=[statements]))()


def _page(client: Client, name: str, address: str, *, rounds: int) -> Figure:
    """A page against a bare one with as many statements and bytes."""
    size = len(client.get(address).content)

    def bare(statements: int) -> Action:
        return _get(client, reverse("bench-bare-page", args=[statements, size]))()

    return measure(name, _get(client, address), bare, rounds=rounds)


def _get(client: Client, address: str) -> Callable[[], Action]:
    def open_page() -> None:
        response = client.get(address)
        assert response.status_code == 200, response.status_code

    return lambda: open_page


def _save(client: Client, world: World) -> Callable[[], Action]:
    """Each round changes the comment, from the revision that is stored: every save is a real one."""
    key = world.saved_key
    address = reverse("dossiers:answer", args=[world.full.number, key])
    question = Question.objects.get(key=key, theme__version__assessments__dossier=world.full)

    def prepare() -> Action:
        answer = Answer.objects.get(assessment__dossier=world.full, question=question)
        typed = {
            f"{key}-value": answer.value,
            f"{key}-comment": f"Commentaire {answer.revision + 1}",
            f"{key}-revision": answer.revision,
        }
        body = urlencode(typed, doseq=True)

        def save() -> None:
            response = client.patch(address, body, content_type="application/x-www-form-urlencoded")
            assert response.status_code == 200, response.status_code

        return save

    return prepare


def _report(world: World) -> Callable[[], Action]:
    content = world.result.content

    def render() -> None:
        assert report_pdf(read(content)).startswith(b"%PDF")

    return lambda: render
