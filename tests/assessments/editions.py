"""The real edition of fixtures/questionnaires/, published in the database of a test, and fast."""

from io import StringIO
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import Model

from questionnaires import models, queries
from questionnaires.management.commands.load_questionnaires import FOLDER
from questionnaires.operations.publishing import publish_edition
from questionnaires.operations.storing import store_edition
from questionnaires.source_files import read_edition

CODE = "2026"
Rows: TypeAlias = str | list[tuple[Any, ...]]
# Parents before children.
_MODELS: tuple[type[Model], ...] = (
    models.Questionnaire,
    models.Version,
    models.Part,
    models.Theme,
    models.Question,
    models.Choice,
    models.Threshold,
    models.Edition,
    models.EditionVersion,
    models.Flag,
)
_PUBLISHED: tuple[type[Model], ...] = (models.Version, models.Edition)
# What this process loaded the first time: all the rows as drafts, as the database writes them, then those that
# publishing changed.
_drafts: dict[type[Model], Rows] = {}
_published: dict[type[Model], list[Model]] = {}


def published_edition() -> models.Edition:
    """Return the published edition, loading it when this test's database does not hold it.

    It is read, stored, checked and compiled by the operations once per process. Each test rolls back what it wrote:
    the next ones only write the same rows back.
    """
    if not models.Edition.objects.filter(code=CODE).exists():
        if models.Questionnaire.objects.exists():
            publish_edition(store_edition(read_edition(FOLDER, CODE)), by=None)
        elif _drafts:
            _write_back()
        else:
            _load()
    edition = models.Edition.objects.get(code=CODE)
    _forget_other_rows(edition)
    return edition


def _load() -> None:
    draft = store_edition(read_edition(FOLDER, CODE))
    _drafts.update({kind: _read(kind._meta.db_table) for kind in _MODELS})
    publish_edition(draft, by=None)
    _published.update({kind: list(kind._default_manager.order_by("pk")) for kind in _PUBLISHED})


def _read(table: str) -> Rows:
    """All the rows of a table: the text of a COPY on PostgreSQL, tuples on SQLite."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            text = StringIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', text)
            return text.getvalue()
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY id')  # noqa: S608
        return list(cursor.fetchall())


def _write(table: str, rows: Rows) -> None:
    with connection.cursor() as cursor:
        if isinstance(rows, str):
            cursor.copy_expert(f'COPY "{table}" FROM STDIN', StringIO(rows))
        elif rows:
            marks = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)  # noqa: S608


def _write_back() -> None:
    for kind, drafts in _drafts.items():
        _write(kind._meta.db_table, drafts)
    for kind, rows in _published.items():
        kind._default_manager.bulk_update(rows, ["status", "content_hash", "published_at"])


def _forget_other_rows(edition: models.Edition) -> None:
    """Compiled editions are cached for longer than a test's rows: the same edition may come back under other ids."""
    ids = models.Question.objects.filter(theme__version__editions=edition).values_list("key", "pk")
    if queries.published(edition).question_ids != dict(ids):
        queries._published.cache_clear()
