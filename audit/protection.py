"""Rows that the database itself refuses to change, whoever asks: ORM, admin, bulk call or raw SQL.

`Immutable` is declared among a model's constraints, so it travels with migrations and survives the
table rebuilds that SQLite needs for most of its alterations. It becomes triggers on PostgreSQL and SQLite.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import BaseConstraint, Model, UniqueConstraint

OPERATIONS = ("INSERT", "UPDATE", "DELETE")

POSTGRESQL = """
CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF %(when)s THEN
        RAISE EXCEPTION '%(name)s: %(message)s' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER %(trigger)s BEFORE %(operation)s ON %(table)s FOR EACH ROW EXECUTE FUNCTION %(function)s();
"""
POSTGRESQL_TRUNCATE = """
CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%(name)s: %(message)s' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER %(trigger)s BEFORE TRUNCATE ON %(table)s FOR EACH STATEMENT EXECUTE FUNCTION %(function)s();
"""
SQLITE = """
CREATE TRIGGER %(trigger)s BEFORE %(operation)s ON %(table)s FOR EACH ROW WHEN %(when)s
BEGIN SELECT RAISE(ABORT, '%(name)s: %(message)s'); END
"""
# INSERT OR REPLACE and UPDATE OR REPLACE delete the rows that are in the way, and DELETE triggers hear of it only on
# connections that set `PRAGMA recursive_triggers`: ours do, another program's do not. So whatever is written is also
# refused when a row that may not be deleted has its rowid, or one of its unique keys.
SQLITE_IN_THE_WAY = """
CREATE TRIGGER %(trigger)s BEFORE %(operation)s ON %(table)s FOR EACH ROW
WHEN (%(when)s) OR EXISTS (SELECT 1 FROM %(table)s there WHERE %(another)s AND (%(same)s) AND (%(kept)s))
BEGIN SELECT RAISE(ABORT, '%(name)s: %(message)s'); END
"""
# Written or moved, a row is never in its own way. A number that SQLite is still to draw reads as -1, which none has.
ANOTHER = {"INSERT": "TRUE", "UPDATE": "there.rowid <> OLD.rowid"}


class Immutable(BaseConstraint):
    """Refuse the listed operations on rows for which `when` (SQL over OLD and NEW) is true.

    `when` is one condition for all, or one for each operation.

    >>> Immutable(name="audit_event_append_only")                       # no UPDATE, no DELETE, ever
    >>> Immutable(name="...", on=("UPDATE",), when="OLD.number <> NEW.number")
    """

    def __init__(
        self,
        *,
        name: str,
        on: Sequence[str] = ("UPDATE", "DELETE"),
        when: str | Mapping[str, str] = "TRUE",
        message: str = "these rows are never changed nor deleted",
    ) -> None:
        super().__init__(name=name)
        if unknown := set(on) - set(OPERATIONS):
            raise ValueError(f"Unknown operations: {sorted(unknown)}")
        if "'" in message:
            raise ValueError("The message is quoted in SQL: leave apostrophes out.")
        self.on = tuple(on)
        self.when = dict.fromkeys(self.on, when) if isinstance(when, str) else {op: when[op] for op in self.on}
        self.message = message

    # What Django asks of a constraint. Like its own, the two below return a Statement, which the type
    # stubs call a str.

    def constraint_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        """Wait until the table stands: triggers are not part of CREATE TABLE."""
        assert model is not None and schema_editor is not None
        schema_editor.deferred_sql.extend(self._statements(model, schema_editor))
        return ""

    def create_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        assert model is not None and schema_editor is not None
        statements = self._statements(model, schema_editor)
        # PostgreSQL takes them in one call; on SQLite Django rebuilds the table instead.
        return Statement("\n".join(str(s) for s in statements))

    def remove_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        assert model is not None and schema_editor is not None
        return Statement("\n".join(self._drops(model, schema_editor)))

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to say before saving: a form never offers to change such a row."""

    # How it is written ------------------------------------------------------------------------

    def write_again(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Put what this module writes today in the place of what an earlier one wrote."""
        for drop in self._drops(model, schema_editor):
            schema_editor.execute(drop)
        for statement in self._statements(model, schema_editor):
            schema_editor.execute(statement)

    def operations(self, vendor: str) -> tuple[str, ...]:
        """What has a trigger on this engine, named after it."""
        if "DELETE" not in self.on:
            return self.on
        return (*self.on, "TRUNCATE") if vendor == "postgresql" else OPERATIONS

    def _trigger(self, operation: str) -> str:
        return f"{self.name}_{operation.lower()}"

    def _drops(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Iterator[str]:
        vendor = schema_editor.connection.vendor
        of_table = f" ON {schema_editor.quote_name(model._meta.db_table)}" if vendor == "postgresql" else ""
        for operation in self.operations(vendor):
            yield f"DROP TRIGGER IF EXISTS {self._trigger(operation)}{of_table};"

    def _statements(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        vendor = schema_editor.connection.vendor
        return [
            Statement(
                self._template(vendor, operation),
                table=Table(model._meta.db_table, schema_editor.quote_name),
                name=self.name,
                function=f"refuse_{self._trigger(operation)}",
                trigger=self._trigger(operation),
                operation=operation,
                when=self.when.get(operation, "FALSE"),
                message=self.message,
                another=ANOTHER.get(operation, ""),
                same=" OR ".join(_same_keys(model)),
                kept=re.sub(r"\bOLD\.", "there.", self.when.get("DELETE", "FALSE")),
            )
            for operation in self.operations(vendor)
        ]

    def _template(self, vendor: str, operation: str) -> str:
        if vendor == "postgresql":
            return POSTGRESQL_TRUNCATE if operation == "TRUNCATE" else POSTGRESQL
        return SQLITE_IN_THE_WAY if operation in ANOTHER and "DELETE" in self.on else SQLITE

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Immutable):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    __hash__ = BaseConstraint.__hash__

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, tuple(args), kwargs | {"on": self.on, "when": self.when, "message": self.message}


def _same_keys(model: type[Model]) -> Iterator[str]:
    """SQL that is true of a row `there` in the way of NEW: one term for each key.

    The condition of a partial unique index is left out: at worst a row is refused that would have stood beside.
    """
    yield "there.rowid = NEW.rowid"
    columns_of = {field.name: field.column for field in model._meta.local_concrete_fields}
    for fields in _unique_keys(model):
        columns = [columns_of[name] for name in fields]
        yield "(" + " AND ".join(f'there."{column}" = NEW."{column}"' for column in columns) + ")"


def _unique_keys(model: type[Model]) -> Iterator[Sequence[str]]:
    yield from ([field.name] for field in model._meta.local_concrete_fields if field.unique)
    yield from model._meta.unique_together
    yield from (rule.fields for rule in model._meta.constraints if isinstance(rule, UniqueConstraint) and rule.fields)


class WriteTriggersAgain(Operation):
    """In a migration: bring the triggers of an app's immutable rows to what this module writes today.

    What the models declare has not changed, so Django has nothing to compare: whoever changes the SQL above adds one
    such migration to each app (decision 3).
    """

    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models say the same."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for model in to_state.apps.get_app_config(app_label).get_models():
            for rule in model._meta.constraints:
                if isinstance(rule, Immutable):
                    rule.write_again(model, schema_editor)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Nothing: what protects more takes nothing away from older code."""

    def describe(self) -> str:
        return "Write the triggers of the immutable rows again"
