"""Who is no longer what they were: to them every address of the portal answers as it does to strangers."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.obligations import TO_MAKE, TO_PROVE
from accounts.operations.teams import remove_member
from assessments.models import Recusal
from tests.access_rows import Row
from tests.factories import UserFactory
from tests.test_access import GET, WRITE
from tests.world import ARGUMENTS, World, address_of, ask

pytestmark = pytest.mark.once

READ_AND_WRITE = pytest.mark.parametrize("table", [GET, WRITE], ids=["read", "write"])


def method_of(table: dict[str, Row], name: str) -> str:
    if table is GET:
        return "get"
    return "patch" if name == "dossiers:answer" else "post"


def again(person: User) -> User:
    """As the next request reads them, without what was remembered of their roles."""
    return User.objects.get(pk=person.pk)


def lapsed_consultant(world: World) -> User:
    """Two dossiers are still open to them, and their time is over."""
    yesterday = timezone.now() - timedelta(days=1)
    Membership.objects.filter(pk=world.consulted.pk).update(expires_at=yesterday)
    return again(world.people["consultant"])


def former_member(world: World) -> User:
    person = world.people["representative"]
    remove_member(person.memberships.get(), by=world.people["mandataire"])
    return again(person)


@pytest.mark.parametrize("who", [lapsed_consultant, former_member])
@READ_AND_WRITE
def test_who_left_a_publisher_finds_what_somebody_who_never_came_finds(world, who, table):
    person, newcomer = who(world), UserFactory.create()
    differences = {}
    for name, row in table.items():
        seen, expected = (ask(world, each, name, method_of(table, name)) for each in (person, newcomer))
        closed = row["stranger"] in {404, 405}
        if seen.code != expected.code or (closed and (seen.code != row["stranger"] or seen.writes)):
            differences[name] = (seen.code, expected.code, seen.writes)

    assert differences == {}


def recused_reviewer(world: World) -> User:
    person = world.people["reviewer"]
    for dossier in (world.review, world.closed):
        Recusal.objects.create(
            review=dossier.review, reviewer=person, reason="J’y ai travaillé.", stated_at=timezone.now()
        )
    return again(person)


@READ_AND_WRITE
def test_who_recused_themselves_finds_nothing_of_the_dossier_and_the_rest_as_before(world, table):
    person = recused_reviewer(world)
    of_the_dossier = {name for name in ARGUMENTS if name.startswith(("reviews:", "results:"))}
    differences = {}
    for name, row in table.items():
        seen = ask(world, person, name, method_of(table, name))
        decided = row["stranger" if name in of_the_dossier else "reviewer"]
        if seen.code != decided or (name in of_the_dossier and seen.writes):
            differences[name] = (seen.code, decided, seen.writes)

    assert differences == {}


@pytest.mark.parametrize("has_one", [True, False], ids=["did not give it", "has none"])
@pytest.mark.parametrize("role", ["reviewer", "support"])
def test_an_agent_without_a_second_factor_is_sent_to_it_from_every_private_page(world, role, has_one):
    person = world.people[role]
    if not has_one:
        Authenticator.objects.filter(user=person).delete()
    left_open = TO_PROVE if has_one else TO_PROVE | TO_MAKE
    door = reverse("mfa_reauthenticate" if has_one else "mfa_index")
    differences = {}
    for name in GET.keys() - left_open:
        if not getattr(resolve(address_of(world, name)).func, "login_required", True):
            continue
        shown = ask(world, person, name, "get", second_factor=False)
        sent = ask(world, person, name, "post", second_factor=False)
        if (shown.code, sent.code) != (302, 403) or not shown.location.startswith(door) or shown.writes or sent.writes:
            differences[name] = (shown, sent.code, sent.writes)

    assert differences == {}
