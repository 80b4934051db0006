"""Transactional tests leave nothing behind, although some rows may never be deleted."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from audit.models import Event

pytestmark = pytest.mark.django_db(transaction=True)


def an_event() -> Event:
    return Event.objects.create(verb="tried", object_type="tests.thing", object_id="1")


@pytest.mark.parametrize("run", ["first", "second"])
def test_what_a_transactional_test_wrote_is_gone_before_the_next_one(run):
    assert not Event.objects.exists()

    an_event()


def test_the_protection_is_back_after_a_flush():
    an_event()
    call_command("flush", interactive=False, verbosity=0)
    assert not Event.objects.exists()
    an_event()

    with pytest.raises(IntegrityError, match="audit_event_append_only"):
        Event.objects.all().delete()


@pytest.mark.postgresql
def test_the_protection_also_refuses_to_truncate():
    with pytest.raises(IntegrityError, match="audit_event_append_only"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_event CASCADE")
