"""The home page: an invitation for passers-by, a shortcut for people at work."""

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse

from accounts.models import StaffRole
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_passer_by_is_invited_to_the_diagnostic(client):
    html = client.get(reverse("home")).content.decode()

    assert f'<a class="fr-btn" href="{reverse("diagnostic:start")}">' in html
    for step in ("Le diagnostic", "L’évaluation", "Le référencement"):
        assert step in html


def test_the_home_page_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(reverse("home"))


def test_a_team_member_goes_to_the_dossiers(client):
    client.force_login(MembershipFactory().user)

    assert client.get(reverse("home")).url == reverse("dossiers:list")


@pytest.mark.parametrize(
    ("role", "desk"),
    [
        (StaffRole.REVIEWER, "reviews:queue"),
        (StaffRole.EDITOR, "questionnaires:index"),
        (StaffRole.ADMINISTRATOR, "questionnaires:index"),
        (None, "enrolment:start"),
    ],
)
def test_everyone_else_goes_to_their_desk(client, role, desk):
    client.force_login(UserFactory(staff_role=role))

    assert client.get(reverse("home")).url == reverse(desk)


def test_a_gie_officer_is_told_what_will_be_here(client):
    client.force_login(UserFactory(staff_role=StaffRole.GIE_OFFICER))

    assert "Aucune transmission pour le moment" in client.get(reverse("home")).content.decode()


@pytest.mark.parametrize("name", ["legal", "accessibility"])
def test_statements_are_public(client, name):
    assert client.get(reverse(name)).status_code == 200


def test_the_accessibility_statement_claims_no_audit(client):
    assert "aucun audit n’a encore été mené" in client.get(reverse("accessibility")).content.decode()


def test_a_healthy_portal_says_so_to_anyone(client):
    response = client.get(reverse("health"))

    assert response.status_code == 200
    assert response.json()["status"] == "ok"


def test_a_lost_database_is_a_503(client, monkeypatch):
    def unreachable():
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", unreachable)

    assert client.get(reverse("health")).status_code == 503


@pytest.mark.parametrize("name", ["home", "legal", "accessibility", "health"])
def test_public_pages_accept_no_writing(client, name):
    assert client.post(reverse(name)).status_code == 405
