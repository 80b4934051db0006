"""A dossier that waits for the reviewers, and a second reviewer."""

import pytest
from django.test import Client

from accounts.models import StaffRole, User
from assessments.models import Dossier, SubmissionEvidence
from assessments.operations.assignments import assign
from evidence.models import DocumentVersion
from products.models import Product
from tests.assessments.filled import item_of, submitted_dossier
from tests.evidence.factories import PreviewFactory
from tests.factories import UserFactory

# Review items of the dossier below, in the order of the screen; the first one is refused in most tests.
NOT_APPLICABLE = "SEC-DEV-06"
GAP = "SEC-EXP-04"


@pytest.fixture
def colleague(db: None) -> User:
    """A second reviewer."""
    return UserFactory.create(email="collegue@ans.example", full_name="Andrea Seconde", staff_role=StaffRole.REVIEWER)


@pytest.fixture
def dossier(product: Product, contributor: User, representative: User, reviewer: User) -> Dossier:
    """Submitted: one declared gap, one « non applicable », clean evidence."""
    return submitted_dossier(
        product=product,
        by=contributor,
        answers={GAP: "non"},
        not_applicable={NOT_APPLICABLE: "Aucun audit n’a encore eu lieu."},
    )


@pytest.fixture
def both_in_charge(dossier: Dossier, reviewer: User, colleague: User, review_lead: User) -> None:
    """The lead has put two reviewers in charge of the dossier."""
    for person in (reviewer, colleague):
        assign(dossier.review, reviewer=person, by=review_lead)


@pytest.fixture
def desk_client(client: Client, reviewer: User) -> Client:
    """The browser of `reviewer`."""
    client.force_login(reviewer)
    return client


@pytest.fixture
def drawn(dossier: Dossier) -> SubmissionEvidence:
    """A filed document of two pages, both drawn."""
    filed = item_of(dossier, "SEC-GOV-02").evidence.get()
    for page in (1, 2):
        PreviewFactory.create(version=filed.document_version, page=page)
    DocumentVersion.objects.filter(pk=filed.document_version_id).update(previews_state="drawn", pages=2)
    return filed
