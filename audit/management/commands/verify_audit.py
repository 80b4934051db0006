"""Say whether the audit trail is the one that was written."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from audit.chain import Finding, verify
from audit.models import ChainHead, Event, Link
from audit.operations import places

SENTENCES = {
    "changed": "Maillon {0.position} : l’événement {0.event_id} a été modifié, ou déplacé.",
    "missing_event": "Maillon {0.position} : l’événement {0.event_id} a disparu.",
    "missing_link": "Maillon {0.position} : il a disparu, avec l’événement qu’il scellait.",
}


class Command(BaseCommand):
    help = (
        "Vérifie la chaîne du journal, et nomme ce qui a été modifié, retiré, déplacé ou coupé. Un événement y prend"
        " place en une minute au plus : jusque-là, seuls les déclencheurs de la base le protègent. La fin de la chaîne"
        " ne se prouve qu’avec --head, et une empreinte gardée ailleurs : le service écrit chacune dans son journal"
        " technique. Code de sortie 1 s’il y a quelque chose à examiner."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", metavar="EMPREINTE", help="empreinte notée ailleurs : elle doit être dans la chaîne"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        number = 0
        for number, problem in enumerate(_problems(options["head"]), start=1):  # noqa: B007 — counts
            self.stderr.write(problem)
        if number:
            raise CommandError(f"Journal à examiner : {_counted(number, 'anomalie')}.")
        last = Link.objects.order_by("-position").first()
        waiting = Event.objects.filter(link=None).count()
        sealed = _counted(last.position if last else 0, "événement scellé")
        self.stdout.write(f"Journal intact : {sealed}, {waiting} en attente.")
        self.stdout.write(f"Tête : {last.hash if last else 'aucune'}")


def _problems(noted: str | None) -> Iterator[str]:
    for finding in verify(places()):
        yield _sentence(finding)
    yield from _of_the_head()
    yield from _of_what_is_not_sealed()
    if noted and not Link.objects.filter(hash=noted).exists():
        yield "L’empreinte donnée n’est plus dans la chaîne : sa fin a été coupée, ou tout a été refait."


def _of_the_head() -> Iterator[str]:
    head = ChainHead.objects.filter(pk=1).first()
    last = Link.objects.order_by("-position").first()
    if head is None and last is not None:
        yield "La tête de la chaîne a disparu."
    elif head is not None and head.position and (last is None or last.position < head.position):
        yield f"La fin de la chaîne manque : elle comptait {_counted(head.position, 'maillon')}."
    elif head is not None and last is not None and (last.position, last.hash) != (head.position, head.hash):
        yield f"La tête de la chaîne a été modifiée : le dernier maillon est le {last.position}."


def _of_what_is_not_sealed() -> Iterator[str]:
    """What no hash covers yet cannot be proved: but it does not wait for long, and people leave traces."""
    if not Link.objects.exists() and not Event.objects.exists() and get_user_model()._default_manager.exists():
        yield "Le journal est vide, et des comptes existent : il a été vidé, ou personne n’est encore jamais entré."
    limit = timedelta(seconds=settings.AUDIT_SEALED_WITHIN_SECONDS)
    late = Event.objects.filter(link=None, at__lt=timezone.now() - limit)
    if oldest := late.order_by("at").first():
        since = timezone.localtime(oldest.at).strftime("%d/%m/%Y à %H:%M")
        yield (
            f"Événements qui attendent leur place depuis trop longtemps : {late.count()}, le plus ancien ({oldest.pk})"
            f" depuis le {since}. Le travail de fond est arrêté, ou la chaîne a été retirée."
        )


def _sentence(finding: Finding) -> str:
    return SENTENCES[finding.kind].format(finding)


def _counted(number: int, words: str) -> str:
    """« 1 anomalie », « 2 événements scellés »."""
    return f"{number} {words if number < 2 else ' '.join(f'{word}s' for word in words.split())}"
