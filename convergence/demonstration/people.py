"""Open the accounts, the publishers and their teams."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import Membership, Publisher, StaffRole, User
from accounts.operations.publishers import open_publisher
from accounts.operations.teams import join
from accounts.second_factors import give_demonstration_secret
from convergence.demonstration.stories import Company, People, Person

# The same for everybody, and printed: these accounts exist in demonstration only.
PASSWORD = "bienvenue-sur-convergence"  # noqa: S105
IN_ADMINISTRATION = (StaffRole.EDITOR, StaffRole.ADMINISTRATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A publisher, and the first member of each role."""

    company: Company
    publisher: Publisher
    members: Mapping[str, User]


def open_staff(people: People) -> dict[str, User]:
    """Create the State's side; return the first person of each role."""
    password = make_password(PASSWORD)  # slow on purpose, so done once
    opened = [(person, _account(person, password)) for person in people.staff]
    for person, user in opened:
        user.groups.add(Group.objects.get(name=person.role))
        give_demonstration_secret(user)
    return {person.role: user for person, user in reversed(opened)}


def open_teams(people: People) -> dict[str, Team]:
    """Create the publishers with their teams, by slug."""
    password = make_password(PASSWORD)
    return {company.slug: _open_team(company, password) for company in people.companies}


def _open_team(company: Company, password: str) -> Team:
    members = {person.role: _account(person, password) for person in company.team}
    owner = members[Membership.Role.MANDATAIRE]
    publisher = open_publisher(
        mandataire=owner,
        by=owner,
        siren=company.siren,
        legal_name=company.legal_name,
        address=company.address,
        postal_code=company.postal_code,
        city=company.city,
    )
    for role, user in members.items():
        if user != owner:
            join(publisher, user=user, role=role, expires_at=None, by=owner)
    opened_at = timezone.now() - timedelta(days=company.opened_days_ago)
    Publisher.objects.filter(pk=publisher.pk).update(created_at=opened_at)
    publisher.memberships.update(created_at=opened_at + timedelta(days=1))
    User.objects.filter(memberships__publisher=publisher).update(date_joined=opened_at)
    return Team(company=company, publisher=publisher, members=members)


def open_account(person: Person) -> User:
    """A confirmed account, with everybody's password."""
    return _account(person, make_password(PASSWORD))


def _account(person: Person, password: str) -> User:
    user = User.objects.create(
        email=person.email,
        full_name=person.full_name,
        password=password,
        is_staff=person.role in IN_ADMINISTRATION,
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user
