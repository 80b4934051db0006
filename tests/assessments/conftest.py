"""Dossiers of the fixed cast's publisher, over the real edition."""

import pytest

from accounts.models import Publisher, User
from assessments.models import Dossier
from assessments.operations.dossiers import move
from evidence.models import DocumentVersion
from products.models import Product
from tests.assessments.editions import published_edition
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import NewFile, open_for
from tests.evidence.factories import DocumentVersionFactory


@pytest.fixture
def new_dossier(product: Product, contributor: User) -> Dossier:
    """Just opened: its orientation is to be answered."""
    return open_for(product, by=contributor)


@pytest.fixture
def dossier(product: Product, contributor: User) -> Dossier:
    """Being filled, and complete: it can be submitted without a gap."""
    return filled_dossier(product=product, by=contributor)


@pytest.fixture
def blank_dossier(product: Product, contributor: User) -> Dossier:
    """Past its orientation, with no other answer than what the product told."""
    dossier = open_for(product, by=contributor)
    move(dossier, Dossier.State.FILLING)
    return dossier


@pytest.fixture
def new_file(publisher: Publisher, contributor: User) -> NewFile:
    """new_file(clean=True): a file that the publisher deposited."""

    def make(**traits: object) -> DocumentVersion:
        return DocumentVersionFactory.create(document__publisher=publisher, document__created_by=contributor, **traits)

    return make


@pytest.fixture
def edition(db: None) -> object:
    return published_edition()
