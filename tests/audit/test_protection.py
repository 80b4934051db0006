"""Rows that nobody changes: the ORM, its bulk calls and raw SQL meet the same refusal, on both engines."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import IntegrityError, connection, models, transaction

from audit.models import Event
from audit.operations import record
from tests.audit.conftest import APPEND_ONLY

# Another value for each: a text, a number or the id of another row.
OTHER: dict[str, str | int] = {"verb": "autre.verbe", "comment": "récrit", "content": "{}", "acknowledged_gaps": 99}


def _update_by_orm(kind: type[models.Model], column: str, value: str | int) -> None:
    row = kind._default_manager.latest("pk")
    setattr(row, column, value)
    row.save(force_update=True)


def _update_in_bulk(kind: type[models.Model], column: str, value: str | int) -> None:
    kind._default_manager.update(**{column: value})


def _update_rows_in_bulk(kind: type[models.Model], column: str, value: str | int) -> None:
    rows = list(kind._default_manager.all())
    for row in rows:
        setattr(row, column, value)
    kind._default_manager.bulk_update(rows, [column.removesuffix("_id")])


def _update_by_sql(kind: type[models.Model], column: str, value: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {kind._meta.db_table} SET {column} = %s", [value])  # noqa: S608 — our own names


def _upsert(kind: type[models.Model], column: str, value: str | int) -> None:
    row = kind._default_manager.latest("pk")
    setattr(row, column, value)
    kind._default_manager.bulk_create(
        [row], update_conflicts=True, unique_fields=["pk"], update_fields=[column.removesuffix("_id")]
    )


def _delete_by_orm(kind: type[models.Model], column: str, value: str | int) -> None:
    kind._default_manager.latest("pk").delete()


def _delete_in_bulk(kind: type[models.Model], column: str, value: str | int) -> None:
    rows = kind._default_manager.all()
    rows._raw_delete(rows.db)  # what delete() does once it has looked for related rows


def _delete_by_sql(kind: type[models.Model], column: str, value: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {kind._meta.db_table}")  # noqa: S608 — our own names


ROADS = (
    _update_by_orm,
    _update_in_bulk,
    _update_rows_in_bulk,
    _update_by_sql,
    _upsert,
    _delete_by_orm,
    _delete_in_bulk,
    _delete_by_sql,
)


def _attempt(act: Callable[[], None]) -> str:
    """What the database says to it; blank when it let it through."""
    try:
        with transaction.atomic():
            act()
    except IntegrityError as refusal:
        return str(refusal)
    return ""


def _contents() -> dict[str, list[dict[str, object]]]:
    return {kind.__name__: list(kind._default_manager.order_by("pk").values()) for kind in APPEND_ONLY}


def _other_value(kind: type[models.Model], field: str) -> str | int:
    of_another_row: int = kind._default_manager.values_list(field, flat=True).earliest("pk")
    return OTHER.get(field, of_another_row)


@pytest.mark.parametrize("road", ROADS)
def test_history_is_neither_changed_nor_deleted(history, road):
    before = _contents()

    for kind, field in APPEND_ONLY.items():
        refusal = _attempt(partial(road, kind, field, _other_value(kind, field)))
        # Django itself refuses to delete a row that others point to, before the database is asked.
        refused = "_append_only" in refusal or "protected foreign keys" in refusal
        assert refused, f"{kind.__name__}: {refusal or 'let through'}"

    assert _contents() == before


@pytest.mark.postgresql
def test_history_is_not_truncated_either(history):
    # Foreign keys are checked late: PostgreSQL truncates nothing while some are pending.
    connection.check_constraints()

    for kind in APPEND_ONLY:
        with pytest.raises(IntegrityError, match="_append_only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {kind._meta.db_table} CASCADE")

    assert all(kind._default_manager.exists() for kind in APPEND_ONLY)


def test_an_event_says_who_what_and_when(product, contributor):
    event = record("product.seen", product, by=contributor, why="essai")

    assert (event.actor, event.verb, event.object_type) == (contributor, "product.seen", "products.product")
    assert (event.object_id, event.data) == (str(product.pk), {"why": "essai"})
    assert Event.objects.get(pk=event.pk).at is not None


def test_what_the_system_does_by_itself_has_no_actor(product):
    assert record("product.seen", product, by=None).actor is None


def test_an_event_carries_the_number_of_its_request(client, publisher, contributor):
    client.force_login(contributor)

    response = client.post(
        "/produits/nouveau/",
        {
            "publisher": publisher.pk,
            "name": "MonSuivi",
            "description": "Un carnet.",
            "platforms": ["web"],
            "device_class": "",
        },
    )

    assert Event.objects.get(verb="product.created").request_id == response["X-Request-Id"]
