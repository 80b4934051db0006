"""Open the accounts, the publishers and their teams."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import Membership, Publisher, StaffRole, User
from accounts.operations import add_member, open_publisher
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


def open_staff(people: People) -> list[User]:
    """Create the State's side and return its reviewers."""
    password = make_password(PASSWORD)  # slow on purpose, so done once
    opened = [(person, _account(person, password)) for person in people.staff]
    for person, user in opened:
        user.groups.add(Group.objects.get(name=person.role))
    return [user for person, user in opened if person.role == StaffRole.REVIEWER]


def open_teams(people: People) -> dict[str, Team]:
    """Create the publishers with their teams, by slug."""
    password = make_password(PASSWORD)
    return {company.slug: _open_team(company, password) for company in people.companies}


def _open_team(company: Company, password: str) -> Team:
    members = {person.role: _account(person, password) for person in company.team}
    owner = members[Membership.Role.MANDATAIRE]
    publisher = open_publisher(
        by=owner,
        siren=company.siren,
        legal_name=company.legal_name,
        address=company.address,
        postal_code=company.postal_code,
        city=company.city,
    )
    for role, user in members.items():
        if user != owner:
            add_member(publisher, by=owner, email=user.email, role=role)
    opened_at = timezone.now() - timedelta(days=company.opened_days_ago)
    Publisher.objects.filter(pk=publisher.pk).update(created_at=opened_at)
    publisher.memberships.update(created_at=opened_at + timedelta(days=1))
    User.objects.filter(memberships__publisher=publisher).update(date_joined=opened_at)
    return Team(company=company, publisher=publisher, members=members)


def _account(person: Person, password: str) -> User:
    user = User.objects.create(
        email=person.email,
        full_name=person.full_name,
        password=password,
        is_staff=person.role in IN_ADMINISTRATION,
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user
