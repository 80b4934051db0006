"""What whoever owns the database can do to the trail, once they have put its guards aside."""

from django.db import connection

from audit.models import ChainHead, Event, Link

# In the order in which they can be emptied: what points to the others first.
TABLES = [model._meta.db_table for model in (ChainHead, Link, Event)]


def sql(statement: str, *values: str | int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def put_the_guards_aside() -> None:
    """Drop the triggers, and the foreign key that would speak at the end of the transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%%'", [])
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may be pending on an altered table
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")


def swap(table: str, columns: list[str], key: str, one: int, other: int) -> None:
    """Exchange the contents of two rows."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, {names} FROM {table} WHERE {key} IN (%s, %s)", [one, other])  # noqa: S608
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
        setters = ", ".join(f"{name} = %s" for name in columns)
        for to, values in ((one, rows[other]), (other, rows[one])):
            cursor.execute(f"UPDATE {table} SET {setters} WHERE {key} = %s", [*values, to])  # noqa: S608
