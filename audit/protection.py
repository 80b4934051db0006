"""Rows that the database itself refuses to change, whoever asks: ORM, admin, bulk call or raw SQL.

`Immutable` is declared among a model's constraints, so it travels with migrations and survives the
table rebuilds that SQLite needs for most of its alterations. It becomes triggers on PostgreSQL and SQLite.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, Model

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
        table = schema_editor.quote_name(model._meta.db_table)
        drops = [f"DROP TRIGGER IF EXISTS {self._trigger(op)} ON {table};" for op in (*self.on, "TRUNCATE")]
        return Statement("\n".join(drops))

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to say before saving: a form never offers to change such a row."""

    # How it is written ------------------------------------------------------------------------

    def _trigger(self, operation: str) -> str:
        return f"{self.name}_{operation.lower()}"

    def _statements(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        vendor = schema_editor.connection.vendor
        if vendor == "sqlite":
            return [self._statement(SQLITE, op, model, schema_editor) for op in self.on]
        statements = [self._statement(POSTGRESQL, op, model, schema_editor) for op in self.on]
        if "DELETE" in self.on:
            statements.append(self._statement(POSTGRESQL_TRUNCATE, "TRUNCATE", model, schema_editor))
        return statements

    def _statement(
        self, template: str, operation: str, model: type[Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Statement:
        return Statement(
            template,
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=self.name,
            function=f"refuse_{self._trigger(operation)}",
            trigger=self._trigger(operation),
            operation=operation,
            when=self.when.get(operation, "TRUE"),
            message=self.message,
        )

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Immutable):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    __hash__ = BaseConstraint.__hash__

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, tuple(args), kwargs | {"on": self.on, "when": self.when, "message": self.message}
