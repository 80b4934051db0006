"""Several people saving at once, through the server that production runs."""

import http.client
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from assessments.models import Answer, AnswerRevision, Dossier
from bench.world import World, ordinary_dossier
from questionnaires.engine import Kind, QuestionType
from questionnaires.queries import published
from scripts.with_services import accepts, free_port, stop, wait_until

PEOPLE = 8


@dataclass(frozen=True, slots=True)
class Rate:
    """How many answers a second people save together. `lost`: told saved, and found nowhere."""

    name: str
    people: int
    saves: int
    per_second: float
    refused: int
    lost: int

    def as_json(self) -> dict[str, object]:
        return asdict(self)


class _Person:
    """One browser: a session, a question, and the revision that it saw last."""

    def __init__(self, user: User, dossier: Dossier, key: str, port: int) -> None:
        client = Client()
        client.force_login(user)
        self.token = secrets.token_hex(16)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={self.token}",
            "X-CSRFToken": self.token,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
            "Host": "localhost",
        }
        self.key, self.port = key, port
        self.address = reverse("dossiers:answer", args=[dossier.number, key])
        answer = Answer.objects.get(assessment__dossier=dossier, question__key=key)
        self.value, self.revision = answer.value, answer.revision
        self.kept: list[str] = []
        self.refused = 0

    def save(self) -> None:
        comment = f"Par {self.key}, {self.revision + 1}, {self.token}"
        typed = {
            f"{self.key}-value": self.value,
            f"{self.key}-comment": comment,
            f"{self.key}-revision": self.revision,
        }
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        line.request("PATCH", self.address, urlencode(typed, doseq=True), self.headers)
        response = line.getresponse()
        response.read()
        line.close()
        if response.status == http.HTTPStatus.OK:
            self.kept.append(comment)
            self.revision += 1
        else:
            self.refused += 1


def save_together(world: World, where: str, *, rounds: int) -> list[Rate]:
    """Eight people in one dossier, then each in their own: `rounds` saves each, after a few to warm up."""
    keys = _keys(world)
    own = [
        (user, ordinary_dossier(publisher, user, world.edition, f"Service de {user.full_name}{where}", None))
        for publisher, user in world.teams[1 : PEOPLE + 1]
    ]
    with _server() as port:
        in_one = [
            _Person(user, world.full, key, port) for user, key in zip(_colleagues(world, where), keys, strict=True)
        ]
        in_their_own = [_Person(user, dossier, keys[0], port) for user, dossier in own]
        return [
            _rate(f"8 people, one dossier{where}", in_one, rounds),
            _rate(f"8 people, 8 dossiers{where}", in_their_own, rounds),
        ]


def _keys(world: World) -> list[str]:
    """As many questions of the full dossier, which one choice answers."""
    definition = published(world.edition).definition
    easy = {QuestionType.YES_NO, QuestionType.SINGLE_CHOICE}
    return [
        key
        for key, question in definition.questions.items()
        if question.type in easy and definition.kinds[key] is not Kind.ORIENTATION
    ][-PEOPLE:]


def _colleagues(world: World, where: str) -> list[User]:
    colleagues = []
    for number in range(PEOPLE):
        user = User.objects.create_user(f"collegue{number}{where.replace(' ', '-')}@bench.example", None)
        Membership.objects.create(user=user, publisher=world.full.product.publisher, role=Membership.Role.CONTRIBUTOR)
        colleagues.append(user)
    return colleagues


def _rate(name: str, people: list[_Person], rounds: int) -> Rate:
    _all_at_once(people, 5)
    seconds = _all_at_once(people, rounds)
    kept = [comment for person in people for comment in person.kept]
    found = AnswerRevision.objects.filter(comment__in=kept).count()
    return Rate(
        name=name,
        people=len(people),
        saves=len(people) * rounds,
        per_second=round(len(people) * rounds / seconds, 1),
        refused=sum(person.refused for person in people),
        lost=len(kept) - found,
    )


def _all_at_once(people: list[_Person], rounds: int) -> float:
    """Seconds until everybody has saved that many times, one save after the other."""

    def fill(person: _Person) -> None:
        for _ in range(rounds):
            person.save()

    threads = [threading.Thread(target=fill, args=[person]) for person in people]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started


@contextmanager
def _server() -> Iterator[int]:
    """The portal under gunicorn, on the bench's database."""
    port = free_port()
    connection.close()
    options = ["--config", "python:convergence.gunicorn", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", *options])
    try:
        wait_until(lambda: accepts(socket.AF_INET, ("127.0.0.1", port)), "gunicorn", server)
        yield port
    finally:
        stop(server)
