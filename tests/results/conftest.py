"""A dossier whose items are all examined, and its result once closed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import Client

from accounts.models import User
from assessments.models import Dossier, Review
from products.models import Product
from results.models import Report, Result
from results.operations import close_review
from tests.assessments.filled import examine, submitted_dossier

GAP = "SEC-EXP-04"
NOT_APPLICABLE = "SEC-DEV-06"
REASON = "Aucun audit n’a encore eu lieu."
CONCLUSION = "Deux points restent à corriger avant la mise en ligne."


@pytest.fixture
def dossier(product: Product, contributor: User, representative: User) -> Dossier:
    """Submitted: everything satisfied, one « non applicable », clean evidence."""
    return submitted_dossier(product=product, by=representative, not_applicable={NOT_APPLICABLE: REASON})


@pytest.fixture
def examined(dossier: Dossier, reviewer: User) -> Review:
    """Every item of `dossier` accepted."""
    return examine(dossier, by=reviewer).review


@pytest.fixture
def result(examined: Review, review_lead: User) -> Result:
    return close_review(review=examined, outcome="favourable", conclusion="", by=review_lead)


@pytest.fixture
def result_with_gap(
    product: Product, contributor: User, representative: User, reviewer: User, review_lead: User
) -> Result:
    """Closed with reservations: an honest « non »."""
    dossier = submitted_dossier(product=product, by=representative, answers={GAP: "non"})
    review = examine(dossier, by=reviewer).review
    return close_review(review=review, outcome="with_reservations", conclusion=CONCLUSION, by=review_lead)


@pytest.fixture
def reports_folder(tmp_path: Path) -> Iterator[Path]:
    """An empty folder for the reports of one test."""
    field = Report._meta.get_field("file")
    standing = field.storage
    field.storage = FileSystemStorage(location=tmp_path, base_url=None)
    yield tmp_path
    field.storage = standing


@pytest.fixture
def team_client(client: Client, contributor: User) -> Client:
    client.force_login(contributor)
    return client


@pytest.fixture
def desk_client(client: Client, review_lead: User) -> Client:
    """The browser of who closes."""
    client.force_login(review_lead)
    return client
