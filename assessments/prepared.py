"""Statements that Django writes once, for what every save and every page of a dossier reads.

Writing one takes the ORM longer than PostgreSQL takes to answer it: see docs/decisions/0016, and why no library.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import BigAutoField, Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row: TypeAlias = tuple[Any, ...]
ID: "Field[Any, Any]" = BigAutoField()


class Given(Expression):
    """Stands in a queryset for a value that comes later. `place`: in a list of them."""

    def __init__(self, name: str, place: int, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name, self.place, self._output_field = name, place, output_field

    def as_sql(self, _compiler: SQLCompiler, _connection: object) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]  # itself, where a value would be

    def value_in(self, values: dict[str, Any]) -> Any:
        value = values[self.name]
        value = value[self.place] if isinstance(value, list) else value
        return self._output_field.get_db_prep_value(value, connection)


class Prepared:
    """A queryset of rows (values_list) that is compiled once in each thread, then run with other values.

    `write` makes it from what stands for the values, under their names; nothing else in it may change from one run to
    the next: no « now », no person. `fields`: what each value is compared with. Lists are written once per length.
    """

    def __init__(self, write: Callable[..., QuerySet[Any, Any]], **fields: "Field[Any, Any]") -> None:
        self._write, self._fields = write, fields
        self._local = _Local()

    def rows(self, **values: Any) -> Iterable[Row]:
        """The rows for these values. One query, none for an empty list."""
        if [] in values.values():
            return ()
        lengths = {name: len(each) if isinstance(each, list) else None for name, each in values.items()}
        shape = tuple(lengths.values())
        if shape not in self._local.statements:
            self._local.statements[shape] = self._compile(lengths)
        return self._local.statements[shape].rows(values)

    def _compile(self, lengths: dict[str, int | None]) -> "_Statement":
        standing: dict[str, Any] = {}
        for name, length in lengths.items():
            places = [Given(name, place, self._fields[name]) for place in range(1 if length is None else length)]
            standing[name] = places[0] if length is None else places
        return _Statement(self._write(**standing).query.get_compiler("default"))


class _Local(threading.local):
    """A thread's own, as its connection is."""

    def __init__(self) -> None:
        self.statements: dict[tuple[int | None, ...], _Statement] = {}


class _Statement:
    def __init__(self, compiler: SQLCompiler) -> None:
        self._compiler = compiler
        sql, parameters = compiler.as_sql()
        self._sql, self._parameters = sql, tuple[Any, ...](parameters)
        self._converters = compiler.get_converters([column[0] for column in compiler.select])

    def rows(self, values: dict[str, Any]) -> Iterable[Row]:
        parameters = [each.value_in(values) if isinstance(each, Given) else each for each in self._parameters]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, parameters)
            rows: list[Row] = cursor.fetchall()
        return map(tuple, self._compiler.apply_converters(rows, self._converters)) if self._converters else rows
