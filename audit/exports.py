"""The trail as a file: what a row of it says, and the response that streams it."""

from collections.abc import Iterable

from audit.models import Event
from audit.spreadsheets import lines
from audit.verbs import sentence_of

HEADER = (
    "Numéro", "Le", "Personne", "En qualité de", "Action", "Phrase", "Objet", "Numéro de l’objet", "Éditeur", "Détail",
    "Requête", "Adresse tronquée",
)  # fmt: skip


def cells(event: Event) -> tuple[object, ...]:
    """People appear under their number: a file outlives an erased account."""
    return (
        event.pk, event.at.isoformat(timespec="seconds"), event.actor_id, event.acting_as, event.verb,
        sentence_of(event.verb), event.object_type, event.object_id, event.publisher_id, event.data, event.request_id,
        event.address,
    )  # fmt: skip


def csv_of(events: Iterable[Event]) -> Iterable[str]:
    return lines(HEADER, (cells(event) for event in events))
