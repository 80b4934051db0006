"""SQLite's REPLACE removes the rows that are in the way, without a word to the DELETE triggers: it is refused too.

Twice: the portal's own connections ask for those triggers, and the tables themselves refuse what another program's
connection would do. PostgreSQL has no such statement.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q, UniqueConstraint

from audit.models import Event
from audit.operations import record
from audit.protection import Immutable
from products.models import Product
from questionnaires.engine import ChoiceMove, Operation, move_of
from questionnaires.models import Edition, Flag, Question, Questionnaire, Theme, Version
from questionnaires.operations.editions import begin_edition
from questionnaires.operations.maps import save_move
from questionnaires.operations.publishing import publish_diagnostic, publish_edition
from questionnaires.operations.questions import save_question
from questionnaires.operations.storing import store_edition, store_version
from questionnaires.operations.typing import write_remark
from questionnaires.rows import read_question, read_version
from results.models import Result
from tests.audit.conftest import APPEND_ONLY
from tests.audit.tampering import sql
from tests.factories import ProductFactory, UserFactory
from tests.questionnaires.small import small_diagnostic, small_edition

pytestmark = pytest.mark.sqlite  # it alone has REPLACE

Kind = type[models.Model]


def protected() -> list[Kind]:
    """Every model whose rows, or some of them, may not be deleted."""
    return [model for model in apps.get_models() if any("DELETE" in rule.on for rule in rules(model))]


def rules(model: Kind) -> list[Immutable]:
    return [rule for rule in model._meta.constraints if isinstance(rule, Immutable)]


def refusal(statement: str, *values: str | int) -> str:
    """What the database says to it; blank when it let it through."""
    try:
        with transaction.atomic():
            sql(statement, *values)
    except IntegrityError as error:
        return str(error)
    return ""


def again(model: Kind, **otherwise: str) -> str:
    """A REPLACE of every row by itself, but for the columns that are told otherwise."""
    columns = [str(field.column) for field in model._meta.local_concrete_fields]
    values = ", ".join(otherwise.get(column, column) for column in columns)
    table = model._meta.db_table
    return f"REPLACE INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}"  # noqa: S608 — our own names


def names_of(model: Kind) -> tuple[str, ...]:
    return tuple(rule.name for rule in rules(model))


@pytest.fixture(params=["a connection of the portal", "another program's"])
def asked_by(request: pytest.FixtureRequest, db: None) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers")
        (as_opened,) = cursor.fetchone()
    if request.param == "another program's":
        sql("PRAGMA recursive_triggers = OFF")
    yield request.param
    sql(f"PRAGMA recursive_triggers = {as_opened}")


@pytest.fixture
def published(db: None) -> Edition:
    publish_diagnostic(store_version(small_diagnostic()), by=None)
    edition = publish_edition(store_edition(small_edition()), by=None)
    _follow(edition)
    return edition


def _follow(edition: Edition) -> None:
    """Another edition after it, with a map, and with what its editors wrote on the way."""
    editor = UserFactory.create()
    following = begin_edition(source=edition, code="N", title="La suivante", by=editor)
    row = Question.objects.filter(theme__version__editions=following, choices__isnull=False).first()
    assert row is not None
    version, content = row.theme.version, read_question(row)
    save_question(version=version, content=replace(content, help="Autre aide"), base_revision=0, by=editor)
    write_remark(version=version, key=row.key, text="À relire.", by=editor)
    migration = read_version(version).migration
    assert migration is not None
    value = content.choices[0].value
    save_move(
        version=version,
        source=row.key,
        operation=Operation.RECONFIRM,
        targets=[row.key],
        choices=[ChoiceMove(source=row.key, target=row.key, old=value, new=value)],
        why="L’aide a changé.",
        seen=move_of(migration, row.key),
        by=editor,
    )
    publish_edition(following, by=None)


@pytest.fixture
def draft(published: Edition) -> Version:
    """A version of its own, beside those that are published."""
    other = Questionnaire.objects.create(code="AUT", slug="autre", kind="evaluation")
    return Version.objects.create(questionnaire=other, number="1.0", title="Brouillon")


def test_history_is_not_replaced(history, asked_by):
    for kind, column in APPEND_ONLY.items():
        # Another value: a text, or a row that everything there then points to.
        forged = f"min({column}) OVER ()" if column.endswith("_id") else "'9'"

        assert "_append_only" in refusal(again(kind, **{column: forged})), kind.__name__


def test_a_sealed_result_makes_no_room_for_another_of_its_dossier(history, asked_by):
    assert "results_result_append_only" in refusal(again(Result, id="id + 1000", content="'forgé'"))
    assert Result.objects.get().content != "forgé"


@pytest.mark.parametrize("kind", [kind for kind in protected() if kind._meta.app_label == "questionnaires"])
def test_nothing_of_a_published_version_is_replaced(published, asked_by, kind):
    assert kind._default_manager.exists()
    assert refusal(again(kind)).startswith(names_of(kind))


def test_a_published_row_is_not_pushed_out_by_a_draft(published, draft, asked_by):
    """What is written belongs to a draft, where all is allowed; what it would remove does not."""
    theme = Theme.objects.filter(version__status="published").earliest("pk")

    for statement in (again(Theme, version_id=str(draft.pk)), again(Theme, version_id=str(draft.pk), id="rowid")):
        assert "questionnaires_theme_frozen" in refusal(statement)
    assert Theme.objects.get(pk=theme.pk).version_id == theme.version_id


@pytest.mark.parametrize("column", ["id", "rowid", "number"])
def test_a_draft_does_not_move_onto_what_is_published(published, draft, asked_by, column):
    there = Version.objects.filter(status="published").earliest("pk")
    wanted = there.number if column == "number" else there.pk
    Version.objects.filter(pk=draft.pk).update(questionnaire=there.questionnaire, number="brouillon")

    said = refusal(f"UPDATE OR REPLACE questionnaires_version SET {column} = %s WHERE id = %s", wanted, draft.pk)  # noqa: S608

    assert "questionnaires_version_published" in said
    assert Version.objects.get(pk=there.pk).status == "published"


def test_a_product_does_not_take_the_number_or_the_reference_of_another(product, asked_by):
    other = ProductFactory.create()

    moved = refusal("UPDATE OR REPLACE products_product SET id = %s WHERE id = %s", other.pk, product.pk)
    written = refusal(again(Product, id="id + 1000", name="'Autre'"))

    assert "products_product_reference_for_life" in moved
    assert "products_product_reference_for_life" in written
    assert {each.pk for each in Product.objects.all()} == {product.pk, other.pk}


def test_what_is_not_published_may_be_replaced_and_moved(published, draft, asked_by):
    theme = Theme.objects.create(version=draft, position=1, code="T", title="Un thème", slug="un-theme")

    replaced = again(Theme, title="'Autre'")

    assert refusal(f"{replaced} WHERE id = %s", theme.pk) == ""
    assert refusal("UPDATE OR REPLACE questionnaires_theme SET id = id + 1000 WHERE id = %s", theme.pk) == ""
    assert Theme.objects.get(version=draft).title == "Autre"


def test_the_connections_of_the_portal_also_hear_what_replace_deletes(contributor):
    """Were the triggers above not there, those that refuse DELETE would speak."""
    record("product.seen", contributor, by=contributor)
    sql("DROP TRIGGER audit_event_append_only_insert")
    sql("DROP TRIGGER audit_event_append_only_update")

    assert "audit_event_append_only" in refusal(again(Event, verb="'autre.verbe'"))


def test_every_key_by_which_a_row_could_be_pushed_out_is_one_that_the_triggers_compare():
    """They compare columns: neither an expression, nor a condition other than that its own columns are filled."""
    for model in protected():
        for rule in model._meta.constraints:
            if isinstance(rule, UniqueConstraint):
                filled = Q(**{f"{name}__isnull": False for name in rule.fields[-1:]})
                assert not rule.contains_expressions, rule.name
                assert rule.condition in (None, filled), rule.name
    assert Flag in protected()
