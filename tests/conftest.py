"""The fixed cast: every permission test reads the same way.

One publisher and its team (`mandataire`, `representative`, `contributor`, `reader`), a `consultant` beside it, a
`stranger` who is the mandataire of another publisher, and the State's side (`reviewer`, `review_lead`, `editor`,
`gie_officer`, `support`, `administrator`).
"""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Membership, Publisher, StaffRole, User
from products.models import Product
from tests.clients import SignedInClient
from tests.factories import MembershipFactory, ProductFactory, PublisherFactory, UserFactory


@pytest.fixture(autouse=True)
def fast_passwords(settings: Settings) -> None:
    """Argon2 is slow on purpose; the tests only need something that verifies."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Rate limits are counted in the cache: one test must not use up another's."""
    cache.clear()


@pytest.fixture
def client() -> SignedInClient:
    """Django's, whose `force_login` opens a session as people do: see tests.clients."""
    return SignedInClient()


@pytest.fixture
def publisher(db: None) -> Publisher:
    return PublisherFactory.create(legal_name="Cœur et Compagnie", created_by__email="fondatrice@editeur.example")


def _member(publisher: Publisher, role: Membership.Role) -> User:
    user = UserFactory.create(email=f"{role}@editeur.example", full_name=f"Dominique {role.label.title()}")
    MembershipFactory.create(user=user, publisher=publisher, role=role)
    return user


@pytest.fixture
def mandataire(publisher: Publisher) -> User:
    return _member(publisher, Membership.Role.MANDATAIRE)


@pytest.fixture
def representative(publisher: Publisher) -> User:
    return _member(publisher, Membership.Role.REPRESENTATIVE)


@pytest.fixture
def contributor(publisher: Publisher) -> User:
    return _member(publisher, Membership.Role.CONTRIBUTOR)


@pytest.fixture
def reader(publisher: Publisher) -> User:
    return _member(publisher, Membership.Role.READER)


@pytest.fixture
def consultant(publisher: Publisher) -> User:
    """Beside the publisher's team for two months; no dossier is open to them yet."""
    user = UserFactory.create(email="consultant@cabinet.example", full_name="Camille Cabinet")
    until = timezone.now() + timedelta(days=60)
    MembershipFactory.create(user=user, publisher=publisher, role=Membership.Role.CONSULTANT, expires_at=until)
    return user


@pytest.fixture
def stranger(db: None) -> User:
    """Mandataire of a publisher that has nothing to do with `publisher`."""
    user = UserFactory.create(email="etranger@ailleurs.example", full_name="Sasha Étranger")
    MembershipFactory.create(user=user, publisher__legal_name="Ailleurs Santé")
    return user


def _staff(role: StaffRole) -> User:
    return UserFactory.create(
        email=f"{role}@ans.example",
        full_name=f"Claude {role.label.title()}",
        staff_role=role,
        is_staff=role in (StaffRole.EDITOR, StaffRole.ADMINISTRATOR),
    )


@pytest.fixture
def reviewer(db: None) -> User:
    return _staff(StaffRole.REVIEWER)


@pytest.fixture
def review_lead(db: None) -> User:
    return _staff(StaffRole.REVIEW_LEAD)


@pytest.fixture
def support(db: None) -> User:
    return _staff(StaffRole.SUPPORT)


@pytest.fixture
def editor(db: None) -> User:
    return _staff(StaffRole.EDITOR)


@pytest.fixture
def gie_officer(db: None) -> User:
    return _staff(StaffRole.GIE_OFFICER)


@pytest.fixture
def administrator(db: None) -> User:
    return _staff(StaffRole.ADMINISTRATOR)


@pytest.fixture
def product(publisher: Publisher) -> Product:
    return ProductFactory.create(publisher=publisher, name="MonSuivi Cœur")
