"""The fixed cast: who they are, and how each is made. `tests.conftest` has a fixture for each."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Membership, Publisher, StaffRole, User
from products.models import Product
from tests.factories import MembershipFactory, ProductFactory, PublisherFactory, UserFactory

TEAM = ("mandataire", "representative", "contributor", "reader")
STATE = ("reviewer", "review_lead", "editor", "gie_officer", "support", "administrator")


def make_publisher() -> Publisher:
    return PublisherFactory.create(legal_name="Cœur et Compagnie", created_by__email="fondatrice@editeur.example")


def make_product(publisher: Publisher) -> Product:
    return ProductFactory.create(publisher=publisher, name="MonSuivi Cœur")


def make_member(publisher: Publisher, role: str) -> User:
    """One of the publisher's team; `role` is a value of Membership.Role."""
    label = Membership.Role(role).label
    user = UserFactory.create(email=f"{role}@editeur.example", full_name=f"Dominique {label.title()}")
    MembershipFactory.create(user=user, publisher=publisher, role=role)
    return user


def make_consultant(publisher: Publisher) -> User:
    """Beside the publisher's team for two months; no dossier is open to them yet."""
    user = UserFactory.create(email="consultant@cabinet.example", full_name="Camille Cabinet")
    until = timezone.now() + timedelta(days=60)
    MembershipFactory.create(user=user, publisher=publisher, role=Membership.Role.CONSULTANT, expires_at=until)
    return user


def make_stranger() -> User:
    """Mandataire of a publisher that has nothing to do with the others'."""
    user = UserFactory.create(email="etranger@ailleurs.example", full_name="Sasha Étranger")
    MembershipFactory.create(user=user, publisher__legal_name="Ailleurs Santé")
    return user


def make_agent(role: str) -> User:
    """One of the State's side; `role` is a value of StaffRole."""
    label = StaffRole(role).label
    return UserFactory.create(
        email=f"{role}@ans.example",
        full_name=f"Claude {label.title()}",
        staff_role=role,
        is_staff=role in (StaffRole.EDITOR, StaffRole.ADMINISTRATOR),
    )


def make_everybody(publisher: Publisher) -> dict[str, User]:
    """The whole cast around a publisher, by role."""
    return {
        **{role: make_member(publisher, role) for role in TEAM},
        "consultant": make_consultant(publisher),
        "stranger": make_stranger(),
        **{role: make_agent(role) for role in STATE},
    }
