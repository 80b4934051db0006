"""A draft, and two editors who write in it."""

import pytest

from accounts.models import User
from questionnaires.models import Version
from tests.editor.drafts import a_draft
from tests.factories import UserFactory


@pytest.fixture
def version(db: None) -> Version:
    return a_draft()


@pytest.fixture
def colleague(db: None) -> User:
    return UserFactory.create(email="noa@ans.example", full_name="Noa Collègue", staff_role="editor", is_staff=True)
