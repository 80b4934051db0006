"""The pages of a dossier, seen by somebody who may fill it."""

import pytest
from django.test import Client

from accounts.models import User
from assessments.models import Dossier
from assessments.operations.reviews import send_back
from questionnaires.queries import published
from tests.assessments.conftest import blank_dossier, dossier, edition, new_dossier, new_file
from tests.assessments.filled import examine, submit_again

__all__ = ["blank_dossier", "dossier", "edition", "filler", "new_dossier", "new_file", "sent_back"]


@pytest.fixture
def filler(client: Client, contributor: User) -> Client:
    """A browser in which the contributor is signed in."""
    client.force_login(contributor)
    return client


@pytest.fixture
def sent_back(dossier: Dossier, mandataire: User, reviewer: User) -> Dossier:
    """Examined, and sent back with SEC-GOV-02 refused: nothing was done about it yet."""
    submit_again(dossier, by=mandataire)
    current = examine(dossier, by=reviewer, refused=["SEC-GOV-02"])
    send_back(round=current, definition=published(dossier.edition).definition, by=reviewer)
    dossier.refresh_from_db()
    return dossier
