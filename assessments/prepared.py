"""Statements that Django writes once and PostgreSQL plans once, for what every save and every page of a dossier does.

Writing one takes the ORM longer than PostgreSQL takes to answer it, and half of that is planning it: see
docs/decisions/0016 and 0018, and why no library.
"""

import threading
import weakref
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any, TypeAlias

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import BigAutoField, Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql import DeleteQuery, Query, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

Row: TypeAlias = tuple[Any, ...]
ID: "Field[Any, Any]" = BigAutoField()
NUMBERS = count(1)


class Given(Expression):
    """Stands in a queryset for a value that comes later. `place`: in the list of them, where they come in a list."""

    def __init__(self, name: str, place: int | None, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name, self.place, self._output_field = name, place, output_field

    def as_sql(self, _compiler: SQLCompiler, _connection: object) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]  # itself, where a value would be

    def value_in(self, values: dict[str, Any]) -> Any:
        value = values[self.name]
        value = value if self.place is None else value[self.place]
        return self._output_field.get_db_prep_save(value, connection)


class Prepared:
    """A queryset, or a change to its rows, that is compiled once in each thread, then run with other values.

    `write` makes it from what stands for the values, under their names; nothing else in it may change from one run to
    the next: no « now », no person. `fields`: what each value is compared with, or becomes; `[field]` for a list of
    such values, which is written once per length.
    """

    def __init__(
        self, write: Callable[..., QuerySet[Any, Any] | Query], **fields: "Field[Any, Any] | list[Field[Any, Any]]"
    ) -> None:
        self._write, self._fields = write, fields
        self._lists = [name for name, field in fields.items() if isinstance(field, list)]
        self._local = _Local()

    def rows(self, **values: Any) -> Iterable[Row]:
        """The rows for these values, of a queryset of rows (values_list). One query, none for an empty list."""
        return () if self._is_vain(values) else self._statement(values).rows(values)

    def objects(self, **values: Any) -> Iterable[Any]:
        """The objects for these values, with those selected beside them. One query, none for an empty list."""
        return () if self._is_vain(values) else self._statement(values).objects(values)

    def run(self, **values: Any) -> int:
        """Make the change (see `update_of`, `deletion_of`). Returns how many rows it touched. One query."""
        return self._statement(values).run(values)

    def _is_vain(self, values: dict[str, Any]) -> bool:
        return any(not values[name] for name in self._lists)

    def _statement(self, values: dict[str, Any]) -> "_Statement":
        lengths = tuple(len(values[name]) for name in self._lists)
        if lengths not in self._local.statements:
            self._local.statements[lengths] = self._compile(values)
        return self._local.statements[lengths]

    def _compile(self, values: dict[str, Any]) -> "_Statement":
        standing: dict[str, Any] = {}
        for name, field in self._fields.items():
            if isinstance(field, list):
                standing[name] = [Given(name, place, field[0]) for place in range(len(values[name]))]
            else:
                standing[name] = Given(name, None, field)
        written = self._write(**standing)
        return _Statement((written if isinstance(written, Query) else written.query).get_compiler("default"))


def update_of(rows: QuerySet[Any, Any], **changes: object) -> UpdateQuery:
    """What `rows.update(**changes)` runs. The rows are chosen by their own columns alone."""
    update: UpdateQuery = rows.query.chain(UpdateQuery)  # type: ignore[assignment]
    update.add_update_values(changes)
    return update


def deletion_of(rows: QuerySet[Any, Any]) -> DeleteQuery:
    """What deletes the rows, to which nothing must point. They are chosen by their own columns alone."""
    deletion: DeleteQuery = rows.query.chain(DeleteQuery)  # type: ignore[assignment]
    return deletion


class _Local(threading.local):
    """A thread's own, as its connection is."""

    def __init__(self) -> None:
        self.statements: dict[tuple[int, ...], _Statement] = {}  # by the lengths of the lists


class _Statement:
    def __init__(self, compiler: SQLCompiler) -> None:
        self._compiler = compiler
        sql, parameters = compiler.as_sql()
        self._sql, self._parameters = sql, tuple[Any, ...](parameters)
        columns = compiler.select or ()
        self._converters = compiler.get_converters([column[0] for column in columns])
        self._object = _Object(compiler) if compiler.klass_info else None
        self._name = f"{compiler.query.get_meta().db_table}_{next(NUMBERS)}"
        self._planned_in: Callable[[], object] = lambda: None  # the connection that knows the name

    def objects(self, values: dict[str, Any]) -> Iterable[Model]:
        assert self._object, "a queryset of rows makes no objects"
        return map(self._object.of, self.rows(values))

    def run(self, values: dict[str, Any]) -> int:
        with connection.cursor() as cursor:
            self._execute(cursor, values)
            return int(cursor.rowcount)

    def _execute(self, cursor: CursorWrapper, values: dict[str, Any]) -> None:
        parameters = [each.value_in(values) if isinstance(each, Given) else each for each in self._parameters]
        if connection.vendor == "postgresql":
            self._plan()
            cursor.execute(f"EXECUTE {self._name} ({', '.join(['%s'] * len(parameters))})", parameters)
        else:
            cursor.execute(self._sql, parameters)

    def _plan(self) -> None:
        """Once per connection. Neither seen by who counts queries, nor undone with the transaction."""
        if self._planned_in() is connection.connection:
            return
        places = tuple(f"${number}" for number in range(1, len(self._parameters) + 1))
        with connection.connection.cursor() as raw:
            raw.execute(f"PREPARE {self._name} AS {self._sql % places}")
        self._planned_in = weakref.ref(connection.connection)

    def rows(self, values: dict[str, Any]) -> Iterable[Row]:
        with connection.cursor() as cursor:
            self._execute(cursor, values)
            rows: list[Row] = cursor.fetchall()
        return map(tuple, self._compiler.apply_converters(rows, self._converters)) if self._converters else rows


class _Object:
    """What a row becomes, as Django's ModelIterable makes it: the object, and those that were selected beside it."""

    def __init__(self, compiler: SQLCompiler) -> None:
        info = compiler.klass_info
        own = info["select_fields"]
        self._columns = slice(own[0], own[-1] + 1)
        self._names = [column.target.attname for column, *_ in compiler.select[self._columns]]
        self._model: type[Model] = info["model"]
        self._populators = get_related_populators(info, compiler.select, connection.alias)  # type: ignore[call-arg]
        self._annotations = compiler.annotation_col_map or {}

    def of(self, row: Row) -> Model:
        made = self._model.from_db(connection.alias, self._names, row[self._columns])
        for populator in self._populators:
            populator.populate(row, made)
        for name, column in self._annotations.items():
            setattr(made, name, row[column])
        return made
