"""The demonstration, loaded once for all the tests of a module, which only read it."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from assessments.models import Dossier
from tests.assessments.editions import published_edition

FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def printed(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    """What the command printed. The database holds the data set until the module's last test."""
    output = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        published_edition()
        with override_settings(DEMONSTRATION=True, PASSWORD_HASHERS=FAST):
            call_command("load_demonstration", stdout=output)
        yield output.getvalue()
        transaction.set_rollback(True)


@pytest.fixture
def dossier_of(printed: str):
    """Find a dossier by its product's name, and programme when there are two."""

    def find(product: str, **more: str) -> Dossier:
        return Dossier.objects.select_related("product", "edition").get(product__name=product, **more)

    return find
