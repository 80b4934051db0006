"""The only writer of the audit trail, and of the chain of hashes over it."""

import logging
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction

from audit.chain import GENESIS, Place, Sealed, link_hash
from audit.models import ChainHead, Event, Link
from audit.request import current_address, current_request_id

logger = logging.getLogger(__name__)

BATCH = 1_000
COLUMNS = tuple(Sealed.__dataclass_fields__)


class Actor(Protocol):
    """Who acts: a person who can say in which quality."""

    @property
    def pk(self) -> Any: ...

    def acting_as(self, publisher_id: int | None) -> str: ...


def record(
    verb: str,
    obj: models.Model,
    *,
    by: Actor | AnonymousUser | None,
    publisher: int | None = None,
    **data: Any,
) -> Event:
    """Append one event to the trail, inside the transaction of the operation that calls.

    `publisher`: id of the publisher in whose journal the event appears. `data`: before and after of what matters;
    must be JSON and hold no name, no address and no answer.
    """
    actor = None if by is None or isinstance(by, AnonymousUser) else by
    return Event.objects.create(
        actor_id=actor.pk if actor else None,
        acting_as=actor.acting_as(publisher) if actor else "",
        publisher_id=publisher,
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        data=data,
        request_id=current_request_id.get(),
        address=current_address.get(),
    )


def note_export(*, by: Any, filters: Iterable[str], publisher: int | None = None) -> Event:
    """Trace that a part of the trail left as a file. `by`: a user, who is the object too.

    `filters`: the names of what chose it, never the values. Somebody's address that was searched would stay for ever.
    """
    return record("audit.exported", by, by=by, publisher=publisher, filters=sorted(filters))


def extend_chain() -> int:
    """Seal every event that is committed and has no place yet. Returns how many. Safe to run at any time."""
    sealed = 0
    while added := _extend_once():
        sealed += added
    return sealed


@transaction.atomic
def _extend_once() -> int:
    """One batch. Whoever extends holds the head; whoever writes events never touches it."""
    ChainHead.objects.get_or_create(pk=1, defaults={"hash": GENESIS})
    head = ChainHead.objects.select_for_update(of=("self",)).get(pk=1)
    events = list(Event.objects.filter(link=None).order_by("pk").values(*COLUMNS)[:BATCH])
    links = []
    for columns in events:
        event = Sealed(**columns)
        head.position += 1
        head.hash = link_hash(head.hash, head.position, event)
        links.append(Link(position=head.position, event_id=event.id, hash=head.hash))
    if links:
        Link.objects.bulk_create(links)
        head.save(update_fields=["position", "hash"])
        # Kept elsewhere, this line convicts whoever cuts the end of the trail: see `verify_audit --head`.
        logger.info("The audit chain has %s links; its head is %s.", head.position, head.hash)
    return len(links)


def places() -> Iterator[Place]:
    """The chain as it is in the database, in order: two queries for each batch, never all of it in memory."""
    after = 0
    while links := list(Link.objects.filter(position__gt=after).order_by("position")[:BATCH]):
        rows = Event.objects.filter(pk__in=[link.event_id for link in links]).values(*COLUMNS)
        events = {columns["id"]: Sealed(**columns) for columns in rows}
        for link in links:
            yield Place(link.position, link.hash, link.event_id, events.get(link.event_id))
        after = links[-1].position
