"""What the models declare immutable is so in the database, whatever happened to the tables since."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.operations import RemoveConstraint
from django.db.migrations.state import ProjectState

from audit.models import Event
from audit.protection import Immutable, WriteTriggersAgain
from products.models import Product
from tests.factories import ProductFactory

CATALOGUE = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal",
}
WRITTEN = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT pg_get_functiondef(tgfoid) FROM pg_trigger WHERE NOT tgisinternal",
}


def rules() -> list[tuple[type[models.Model], Immutable]]:
    """Every `Immutable` of every model."""
    return [
        (model, constraint)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, Immutable)
    ]


def declared() -> set[tuple[str, str]]:
    """(table, trigger) of each of them."""
    return {
        (model._meta.db_table, f"{rule.name}_{operation.lower()}")
        for model, rule in rules()
        for operation in rule.operations(connection.vendor)
    }


def in_the_database() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE[connection.vendor])
        return set(cursor.fetchall())


def written() -> set[str]:
    """What the database keeps of them."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN[connection.vendor])
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
def test_every_declared_protection_stands_in_the_database():
    assert len(declared()) > 30
    assert in_the_database() == declared()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("model", "name"), [(Product, "name"), (Event, "verb")])
def test_a_table_that_is_altered_keeps_its_protection(model: type[models.Model], name: str):
    """SQLite builds the table anew for it: the triggers must be written again."""
    field = model._meta.get_field(name)
    assert isinstance(field, models.CharField)
    longer = models.CharField(max_length=(field.max_length or 0) + 1)
    longer.set_attributes_from_name(name)
    before = in_the_database()

    with connection.schema_editor() as editor:
        editor.alter_field(model, field, longer)
    altered = in_the_database()
    with connection.schema_editor() as editor:
        editor.alter_field(model, longer, field)

    assert altered == before == in_the_database()


@pytest.mark.django_db(transaction=True)
def test_a_migration_removes_a_rule_and_puts_it_back():
    standing = in_the_database()
    before = ProjectState.from_apps(apps)
    after = before.clone()
    removal = RemoveConstraint("event", "audit_event_append_only")
    removal.state_forwards("audit", after)

    with connection.schema_editor() as editor:
        removal.database_forwards("audit", editor, before, after)
    without = in_the_database()
    with connection.schema_editor() as editor:
        removal.database_backwards("audit", editor, after, before)

    assert {table for table, _name in standing - without} == {"audit_event"}
    assert in_the_database() == standing


@pytest.mark.django_db(transaction=True)
def test_a_migration_brings_the_triggers_of_an_older_portal_to_todays():
    """As if an earlier portal had refused changes of the verb only."""
    today = written()
    older = Immutable(name="audit_event_append_only", on=("UPDATE",), when="OLD.verb <> NEW.verb")
    with connection.schema_editor() as editor:
        older.write_again(Event, editor)
    as_it_was = written()
    state = ProjectState.from_apps(apps)

    with connection.schema_editor() as editor:
        WriteTriggersAgain().database_forwards("audit", editor, state, state)

    assert as_it_was != today == written()


@pytest.mark.sqlite  # it keeps the statement itself
@pytest.mark.django_db
def test_whoever_writes_the_triggers_otherwise_adds_migrations():
    """Databases that exist are not made anew: when this text changes, add `WriteTriggersAgain` to each app."""
    assert (
        'CREATE TRIGGER audit_link_append_only_insert BEFORE INSERT ON "audit_link" FOR EACH ROW\n'
        'WHEN (FALSE) OR EXISTS (SELECT 1 FROM "audit_link" there WHERE TRUE AND (there.rowid = NEW.rowid'
        ' OR (there."position" = NEW."position") OR (there."event_id" = NEW."event_id")) AND (TRUE))\n'
        "BEGIN SELECT RAISE(ABORT, 'audit_link_append_only: these rows are never changed nor deleted'); END"
    ) in written()


@pytest.mark.sqlite  # it keeps the statement itself
@pytest.mark.django_db(transaction=True)
def test_migrations_leave_the_triggers_that_the_models_would_write_today():
    """A unique key that comes after the rule, and whose table SQLite does not build anew, would be missing."""
    migrated = written()

    with connection.schema_editor() as editor:
        for model, rule in rules():
            rule.write_again(model, editor)

    assert migrated == written()


def test_the_reference_of_a_product_is_for_life(product):
    other = ProductFactory.build().reference

    with pytest.raises(IntegrityError, match="products_product_reference_for_life"), transaction.atomic():
        Product.objects.filter(pk=product.pk).update(reference=other)
    product.variants.all().delete()
    with pytest.raises(IntegrityError, match="products_product_reference_for_life"), transaction.atomic():
        product.delete()

    Product.objects.filter(pk=product.pk).update(name="Nouveau nom")
    assert Product.objects.get(reference=product.reference).name == "Nouveau nom"


@pytest.mark.parametrize("wrong", [{"on": ["DROP"]}, {"message": "it's over"}])
def test_a_rule_that_sql_could_not_say_is_refused_at_once(wrong):
    with pytest.raises(ValueError, match=r"operations|apostrophes"):
        Immutable(name="x", **wrong)


def test_a_rule_can_differ_for_each_operation():
    rule = Immutable(name="x", when={"UPDATE": "OLD.a <> NEW.a", "DELETE": "TRUE"})

    assert rule.when == {"UPDATE": "OLD.a <> NEW.a", "DELETE": "TRUE"}
    assert rule == Immutable(name="x", when=rule.when)
    assert rule != Immutable(name="x")
