"""The chain of hashes over events, as pure functions: what a link's hash is, and what is wrong with a chain.

Each hash covers the hash before it, the position, and every column of the event. Changing, removing, moving or slipping
in an event breaks the chain at that place. Removing the *end* of it does not show in the rows that are left: heads are
therefore logged as the chain grows, and `manage.py verify_audit --head` compares.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True)
class Sealed:
    """An event as the chain sees it: every column, named and ordered once and for all."""

    id: int
    at: datetime
    actor_id: int | None
    acting_as: str
    publisher_id: int | None
    verb: str
    object_type: str
    object_id: str
    data: Any
    request_id: str
    address: str


@dataclass(frozen=True)
class Place:
    """A row of the chain, with its event; None when the event is gone."""

    position: int
    hash: str
    event_id: int
    event: Sealed | None


@dataclass(frozen=True)
class Finding:
    """What is wrong, and where. `kind` is missing_link, missing_event or changed."""

    kind: str
    position: int
    event_id: int | None


def link_hash(previous: str, position: int, event: Sealed) -> str:
    """The SHA-256, in hexadecimal, of a link."""
    columns = asdict(event) | {"at": event.at.astimezone(UTC).isoformat(timespec="microseconds")}
    content = json.dumps([previous, position, columns], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def verify(places: Iterable[Place]) -> Iterator[Finding]:
    """Walk the chain in the order of its positions, from 1, and yield what is wrong. Constant memory.

    After a finding the walk goes on from the hash that is written, so that one change is one finding.
    """
    previous, expected = GENESIS, 1
    for place in places:
        for absent in range(expected, place.position):
            yield Finding("missing_link", absent, None)
        whole = place.position == expected
        if place.event is None:
            yield Finding("missing_event", place.position, place.event_id)
        elif whole and link_hash(previous, place.position, place.event) != place.hash:
            yield Finding("changed", place.position, place.event_id)
        previous, expected = place.hash, place.position + 1
