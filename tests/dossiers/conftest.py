"""The pages of a dossier, seen by somebody who may fill it."""

import pytest
from django.test import Client

from accounts.models import User
from tests.assessments.conftest import blank_dossier, dossier, edition, new_dossier, new_file

__all__ = ["blank_dossier", "dossier", "edition", "filler", "new_dossier", "new_file"]


@pytest.fixture
def filler(client: Client, contributor: User) -> Client:
    """A browser in which the contributor is signed in."""
    client.force_login(contributor)
    return client
