"""A tampered trail: refused by the database; and named, when whoever owns the database put its guards aside."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.models import ChainHead, Event, Link
from audit.operations import extend_chain, record
from tests.audit.tampering import TABLES, put_the_guards_aside, sql, swap
from tests.factories import UserFactory

HOW_MANY = 6
EVENT = "id, at, actor_id, acting_as, publisher_id, verb, object_type, object_id, data, request_id, address"
FORGED = EVENT.replace("verb", "'autre.verbe'")
OTHERWISE = f"INSERT INTO audit_event ({EVENT}) SELECT {FORGED} FROM audit_event WHERE TRUE"  # noqa: S608
RELINKED = "INSERT INTO audit_link (position, event_id, hash) SELECT position, event_id, 'x' FROM audit_link WHERE TRUE"
FORBIDDEN = [
    "UPDATE audit_event SET verb = 'autre.verbe'",
    "UPDATE audit_event SET actor_id = NULL",
    "UPDATE audit_event SET data = '{}'",
    "UPDATE audit_event SET at = '2020-01-01'",
    "UPDATE audit_event SET id = id + 1000",
    "DELETE FROM audit_event",
    "UPDATE audit_link SET hash = 'autre'",
    "UPDATE audit_link SET event_id = event_id",
    "UPDATE audit_link SET position = position + 1000",
    "DELETE FROM audit_link",
    f"{OTHERWISE} ON CONFLICT (id) DO UPDATE SET verb = excluded.verb",
    f"{RELINKED} ON CONFLICT (position) DO UPDATE SET hash = excluded.hash",
]
if connection.vendor == "sqlite":
    # What removes the rows that are in the way, without a DELETE: by their number, or by another unique key.
    FORBIDDEN += [
        OTHERWISE.replace("INSERT", "INSERT OR REPLACE"),
        RELINKED.replace("INSERT", "REPLACE"),
        RELINKED.replace("INSERT", "REPLACE").replace("SELECT position", "SELECT position + 99"),
        "REPLACE INTO audit_link (rowid, position, event_id, hash) SELECT rowid, -rowid, -rowid, 'x' FROM audit_link",
        "UPDATE OR REPLACE audit_event SET id = id + 1",
        "UPDATE OR REPLACE audit_link SET position = position + 1",
    ]


@pytest.fixture(autouse=True)
def nothing_stays(db: None) -> Iterator[None]:
    """What is broken is put right before the database's own checks at the end of the test."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def events(db: None) -> list[Event]:
    """Six events of one person, in the chain."""
    person = UserFactory.create()
    made = [record("product.created", person, by=person, number=number) for number in range(HOW_MANY)]
    extend_chain()
    return made


def verify(*arguments: str) -> str:
    """What the command says: the whole of it, problems included."""
    out, problems = StringIO(), StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out, stderr=problems)
    except CommandError as error:
        return f"{problems.getvalue()}{error}"
    return out.getvalue()


def position_of(event: Event) -> int:
    return Link.objects.get(event=event).position


# --- Refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_refuses_to_rewrite_the_trail(events, statement):
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        sql(statement)

    assert verify().startswith(f"Journal intact : {HOW_MANY} ")


@pytest.mark.postgresql
@pytest.mark.parametrize("table", ["audit_event", "audit_link"])
def test_the_database_refuses_to_empty_the_trail(events, table):
    with pytest.raises(DatabaseError), transaction.atomic():
        sql(f"TRUNCATE {table} CASCADE")

    assert Event.objects.count() == Link.objects.count() == HOW_MANY


def test_the_orm_and_its_bulk_calls_meet_the_same_refusal(events):
    for act in (
        lambda: Event.objects.update(verb="autre.verbe"),
        lambda: Event.objects.all().delete(),
        lambda: Link.objects.update(hash="autre"),
        lambda: Link.objects.all().delete(),
        lambda: Event.objects.bulk_update([Event(pk=events[0].pk, verb="autre.verbe")], ["verb"]),
    ):
        with pytest.raises((DatabaseError, ValueError)), transaction.atomic():
            act()
    assert verify().startswith("Journal intact")


# --- Named -------------------------------------------------------------------------------------


def test_an_untouched_trail_is_whole_and_tells_its_head(events):
    said = verify()

    assert said.startswith(f"Journal intact : {HOW_MANY} événements scellés, 0 en attente.")
    assert Link.objects.latest("position").hash in said


def test_events_that_wait_for_their_place_are_no_anomaly(events):
    record("product.changed", events[0], by=None)

    assert "1 en attente" in verify()


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'autre.verbe'",
        "actor_id = NULL",
        "acting_as = 'reviewer'",
        "publisher_id = 12",
        "object_id = '999'",
        "data = '{\"number\": 99}'",
        "at = '2020-01-01 00:00:00+00:00'",
        "request_id = 'autre'",
        "address = '192.0.2.0/24'",
    ],
)
def test_whatever_column_is_changed_the_event_is_named(events, change):
    put_the_guards_aside()
    sql(f"UPDATE audit_event SET {change} WHERE id = %s", events[2].pk)  # noqa: S608

    said = verify()

    assert f"Maillon {position_of(events[2])} : l’événement {events[2].pk} a été modifié" in said
    assert said.endswith("Journal à examiner : 1 anomalie.")


@pytest.mark.parametrize("which", [0, 2, HOW_MANY - 1], ids=["first", "middle", "last"])
def test_an_event_that_is_deleted_is_named(events, which):
    gone, place = events[which].pk, position_of(events[which])
    put_the_guards_aside()
    sql("DELETE FROM audit_event WHERE id = %s", gone)

    assert f"Maillon {place} : l’événement {gone} a disparu." in verify()


@pytest.mark.parametrize("which", [0, 2, HOW_MANY - 1], ids=["first", "middle", "last"])
def test_an_event_that_is_deleted_with_its_link_is_named(events, which):
    gone, place = events[which].pk, position_of(events[which])
    put_the_guards_aside()
    sql("DELETE FROM audit_link WHERE event_id = %s", gone)
    sql("DELETE FROM audit_event WHERE id = %s", gone)

    said = verify()

    last = which == HOW_MANY - 1
    assert ("La fin de la chaîne manque" if last else f"Maillon {place} : il a disparu") in said


def test_two_events_whose_contents_are_exchanged_are_both_named(events):
    put_the_guards_aside()
    one, other = events[1].pk, events[4].pk
    swap("audit_event", ["data"], "id", one, other)

    said = verify()

    assert f"l’événement {one} a été modifié, ou déplacé." in said
    assert f"l’événement {other} a été modifié, ou déplacé." in said


def test_two_links_whose_events_are_exchanged_are_both_named(events):
    put_the_guards_aside()
    one, other = events[1], events[4]
    first, second = position_of(one), position_of(other)
    sql("UPDATE audit_link SET event_id = -1 * event_id WHERE position IN (%s, %s)", first, second)
    sql("UPDATE audit_link SET event_id = %s WHERE position = %s", other.pk, first)
    sql("UPDATE audit_link SET event_id = %s WHERE position = %s", one.pk, second)

    said = verify()

    assert f"Maillon {first} :" in said
    assert f"Maillon {second} :" in said


def test_a_hash_that_is_rewritten_is_named(events):
    put_the_guards_aside()
    sql("UPDATE audit_link SET hash = %s WHERE event_id = %s", "0" * 64, events[2].pk)

    assert f"l’événement {events[2].pk} a été modifié" in verify()


def test_a_head_that_is_rewritten_or_gone_is_named(events):
    ChainHead.objects.update(hash="0" * 64)
    assert "La tête de la chaîne a été modifiée" in verify()

    ChainHead.objects.all().delete()
    assert "La tête de la chaîne a disparu" in verify()


def test_a_trail_that_is_emptied_with_its_chain_is_told(events):
    put_the_guards_aside()
    for table in ("audit_link", "audit_event"):
        sql(f"DELETE FROM {table}")  # noqa: S608

    assert f"La fin de la chaîne manque : elle comptait {HOW_MANY} maillons." in verify()


def test_a_trail_that_is_emptied_with_its_chain_and_its_head_is_told_while_people_are_there(events):
    put_the_guards_aside()
    for table in TABLES:
        sql(f"DELETE FROM {table}")  # noqa: S608

    said = verify()

    assert "Le journal est vide, et des comptes existent" in said
    assert said.endswith("1 anomalie.")


def test_a_portal_where_nobody_ever_came_has_an_empty_trail_and_it_is_whole(db):
    assert verify().startswith("Journal intact : 0 événement scellé, 0 en attente.")


def test_a_chain_taken_away_from_under_its_events_is_told(events):
    """Until the job chains them anew: then only a head noted elsewhere can tell, as below."""
    put_the_guards_aside()
    for table in TABLES[:2]:
        sql(f"DELETE FROM {table}")  # noqa: S608

    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        assert f"attendent leur place depuis trop longtemps : {HOW_MANY}, le plus ancien ({events[0].pk})" in verify()


def test_events_that_nobody_seals_are_told(events):
    late = record("product.changed", events[0], by=None)

    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        said = verify()

    assert f"depuis trop longtemps : 1, le plus ancien ({late.pk})" in said
    assert said.endswith("1 anomalie.")


def test_several_anomalies_are_counted(events):
    put_the_guards_aside()
    swap("audit_event", ["data"], "id", events[1].pk, events[4].pk)

    assert verify().endswith("2 anomalies.")


def test_an_end_cut_with_the_head_put_right_is_told_by_a_head_noted_elsewhere(events):
    """The one tampering that no row can show: hence the head in the log."""
    noted = Link.objects.latest("position").hash
    put_the_guards_aside()
    sql("DELETE FROM audit_link WHERE event_id = %s", events[-1].pk)
    sql("DELETE FROM audit_event WHERE id = %s", events[-1].pk)
    last = Link.objects.latest("position")
    ChainHead.objects.update(position=last.position, hash=last.hash)

    assert verify().startswith("Journal intact")
    assert "L’empreinte donnée n’est plus dans la chaîne" in verify("--head", noted)


def test_a_whole_chain_made_anew_over_a_changed_event_is_told_by_a_head_noted_elsewhere(events):
    noted = Link.objects.latest("position").hash
    put_the_guards_aside()
    sql("UPDATE audit_event SET verb = 'autre.verbe' WHERE id = %s", events[0].pk)
    sql("DELETE FROM audit_link")
    ChainHead.objects.all().delete()
    extend_chain()

    assert verify().startswith("Journal intact")
    assert "L’empreinte donnée n’est plus dans la chaîne" in verify("--head", noted)


# --- The chain grows ---------------------------------------------------------------------------


def test_an_event_with_a_lower_number_that_is_committed_later_takes_the_next_place(events):
    """On PostgreSQL numbers are given before the commit: the order of places is that of the chaining."""
    late = Event(pk=events[0].pk - 1, verb="product.created", object_type="x", object_id="1")
    late.save(force_insert=True)

    assert extend_chain() == 1
    assert position_of(late) == HOW_MANY + 1
    assert verify().startswith(f"Journal intact : {HOW_MANY + 1} ")


def test_the_head_is_written_to_the_log_as_the_chain_grows(events, caplog):
    record("product.changed", events[0], by=None)
    with caplog.at_level("INFO", logger="audit.operations"):
        extend_chain()

    assert Link.objects.latest("position").hash in caplog.text


def test_nothing_new_writes_nothing(events, django_assert_num_queries):
    with django_assert_num_queries(5):  # savepoint, head, head again under its lock, events, release
        assert extend_chain() == 0


def test_no_writer_touches_the_chain(db, django_assert_num_queries):
    person = UserFactory.create()
    with django_assert_num_queries(3):  # two to say in which quality one acts, and the event
        record("product.created", person, by=person)

    assert not Link.objects.exists()
    assert not ChainHead.objects.exists()
