"""One navigation for each kind of user, short enough to read at a glance."""

from itertools import combinations

import pytest
from django.urls import reverse

from ui.navigation import Visitor, entries_for

TEAM = Visitor(signed_in=True, team_siren="400000017")
STAFF = ["reviewer", "editor", "gie_officer", "administrator"]


def names(visitor):
    return [entry.url_name for entry in entries_for(visitor)]


def test_a_passer_by_sees_the_public_pages():
    assert names(Visitor()) == ["home", "diagnostic:start", "requirements:index", "home"]


def test_a_team_sees_its_work():
    assert names(TEAM) == ["dossiers:list", "products:list", "library:list", "accounts:team"]


def test_the_team_link_leads_to_the_persons_own_team():
    assert entries_for(TEAM)[-1].url == reverse("accounts:team", args=["400000017"])


def test_someone_without_a_publisher_is_led_to_declare_one():
    assert names(Visitor(signed_in=True))[0] == "enrolment:start"


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("reviewer", ["reviews:queue"]),
        ("editor", ["questionnaires:index", "admin:index"]),
        ("support", ["enrolment:queue"]),
        ("review_lead", ["reviews:queue"]),
        ("gie_officer", ["home"]),
    ],
)
def test_the_states_side_sees_its_desk_only(role, shown):
    assert names(Visitor(signed_in=True, staff_roles=frozenset({role}))) == shown


def test_a_superuser_without_a_role_reaches_the_administration():
    assert names(Visitor(signed_in=True, superuser=True)) == ["enrolment:queue", "questionnaires:index", "admin:index"]


@pytest.mark.parametrize("count", range(len(STAFF) + 1))
def test_nobody_gets_more_than_five_entries_nor_none(count):
    for roles in combinations(STAFF, count):
        for siren in (None, "400000017"):
            shown = entries_for(Visitor(signed_in=True, team_siren=siren, staff_roles=frozenset(roles)))
            assert 1 <= len(shown) <= 5


@pytest.mark.parametrize("visitor", [Visitor(), TEAM, Visitor(signed_in=True)])
def test_every_entry_leads_somewhere(visitor):
    assert all(entry.url.startswith("/") for entry in entries_for(visitor))
