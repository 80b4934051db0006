"""The chain as pure functions: any one change to it is found, and named where it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from audit.chain import GENESIS, Place, Sealed, link_hash, verify

TEXTS = st.text(max_size=12)
EVENTS = st.builds(
    Sealed,
    id=st.integers(1, 10**9),
    at=st.datetimes(timezones=st.just(UTC)),
    actor_id=st.none() | st.integers(1, 10**6),
    acting_as=TEXTS,
    publisher_id=st.none() | st.integers(1, 10**6),
    verb=TEXTS,
    object_type=TEXTS,
    object_id=TEXTS,
    data=st.dictionaries(TEXTS, TEXTS | st.integers() | st.none(), max_size=3),
    request_id=TEXTS,
    address=TEXTS,
)
TRAILS = st.lists(EVENTS, min_size=2, max_size=8, unique_by=lambda event: event.id)


def chained(events: list[Sealed]) -> list[Place]:
    places, previous = [], GENESIS
    for position, event in enumerate(events, start=1):
        previous = link_hash(previous, position, event)
        places.append(Place(position, previous, event.id, event))
    return places


@given(TRAILS)
def test_an_untouched_chain_has_nothing_to_say(events):
    assert list(verify(chained(events))) == []


@given(TRAILS, EVENTS, st.data())
def test_another_event_in_the_place_of_one_is_named(events, other, data):
    places = chained(events)
    at = data.draw(st.integers(0, len(places) - 1))
    if replace(other, id=events[at].id) == events[at]:
        return
    places[at] = replace(places[at], event=replace(other, id=events[at].id))

    assert [(found.kind, found.position) for found in verify(places)] == [("changed", at + 1)]


@given(TRAILS, st.data())
def test_any_column_counts(events, data):
    places = chained(events)
    at = data.draw(st.integers(0, len(places) - 1))
    event = events[at]
    column = data.draw(st.sampled_from([name for name in Sealed.__dataclass_fields__ if name != "data"]))
    value = getattr(event, column)
    changed: object = f"{value}x"
    if isinstance(value, datetime):
        changed = value - timedelta(microseconds=1) if value > datetime(2, 1, 1, tzinfo=UTC) else datetime.now(UTC)
    elif value is None or isinstance(value, int):
        changed = (value or 0) + 1
    places[at] = replace(places[at], event=replace(event, **{column: changed}))

    assert [found.position for found in verify(places)] == [at + 1]


@given(TRAILS, st.data())
def test_an_event_that_is_gone_is_named(events, data):
    places = chained(events)
    at = data.draw(st.integers(0, len(places) - 1))
    places[at] = replace(places[at], event=None)

    assert [(found.kind, found.event_id) for found in verify(places)] == [("missing_event", events[at].id)]


@given(TRAILS, st.data())
def test_a_link_that_is_gone_but_the_last_is_named(events, data):
    places = chained(events)
    at = data.draw(st.integers(0, len(places) - 2))
    del places[at]

    assert ("missing_link", at + 1) in [(found.kind, found.position) for found in verify(places)]


@given(TRAILS, st.data())
def test_two_events_that_change_places_are_both_named(events, data):
    places = chained(events)
    one, other = data.draw(st.lists(st.integers(0, len(places) - 1), min_size=2, max_size=2, unique=True))
    first, second = places[one], places[other]
    places[one] = replace(first, event=second.event, event_id=second.event_id)
    places[other] = replace(second, event=first.event, event_id=first.event_id)

    assert {found.position for found in verify(places)} == {one + 1, other + 1}


@given(TRAILS, st.data())
def test_a_hash_that_is_rewritten_is_found(events, data):
    places = chained(events)
    at = data.draw(st.integers(0, len(places) - 1))
    places[at] = replace(places[at], hash="f" * 64)

    assert at + 1 in {found.position for found in verify(places)}


def test_the_same_moment_in_another_zone_has_the_same_hash():
    """SQLite and PostgreSQL hand the same moment back in their own ways."""
    event = Sealed(1, datetime(2026, 3, 1, 12, tzinfo=UTC), None, "", None, "v", "t", "1", {}, "", "")
    paris = replace(event, at=event.at.astimezone())

    assert link_hash(GENESIS, 1, event) == link_hash(GENESIS, 1, paris)
