"""Who opens the admin, and what they find there."""

import pytest
from django.test import Client

from accounts.management.commands.sync_roles import sync_roles
from accounts.models import User
from questionnaires.models import Edition, Question
from questionnaires.operations.publishing import publish_edition
from questionnaires.operations.storing import store_edition
from tests.questionnaires import builders


@pytest.fixture
def as_editor(client: Client, editor: User) -> Client:
    sync_roles()
    client.force_login(editor)
    return client


@pytest.fixture
def as_administrator(client: Client, administrator: User) -> Client:
    sync_roles()
    client.force_login(administrator)
    return client


@pytest.fixture
def draft(db: None) -> Edition:
    """An edition of two questions, the second shown by a flag, that can be published."""
    return store_edition(
        builders.edition(
            builders.question("Q-T-01", wording="Le service est-il ouvert ?"),
            builders.question("Q-T-02", applies_when="ouvert", wording="Depuis quand ?"),
            flags={"ouvert": "answer(Q-T-01) == 'oui'"},
        )
    )


@pytest.fixture
def publication(draft: Edition) -> Edition:
    return publish_edition(draft, by=None)


@pytest.fixture
def question(draft: Edition) -> Question:
    return Question.objects.get(key="Q-T-01")
