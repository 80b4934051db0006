"""/editeurs/<siren>/equipe/ and the page of one member."""

import pytest
from django.urls import reverse

from accounts.models import Membership
from tests.factories import MembershipFactory, UserFactory

SENTENCE = "Si un compte confirmé existe à cette adresse, il rejoint l’équipe."


@pytest.fixture
def team(publisher):
    return reverse("accounts:team", args=[publisher.siren])


@pytest.fixture
def place(publisher, reader):
    """The page of the reader's place in the team."""
    return reverse("accounts:member", args=[publisher.siren, reader.memberships.get().pk])


@pytest.mark.parametrize(
    ("who", "read", "add", "change"),
    [
        ("mandataire", 200, 302, 302),
        ("representative", 200, 403, 403),
        ("contributor", 200, 403, 403),
        ("reader", 200, 403, 403),
        ("stranger", 404, 404, 404),
        ("reviewer", 404, 404, 404),
        ("administrator", 404, 404, 404),
    ],
)
def test_who_sees_and_who_manages_the_team(client, request, team, place, who, read, add, change):
    client.force_login(request.getfixturevalue(who))

    assert client.get(team).status_code == read
    assert client.post(team, {"email": "a@b.example", "role": "reader"}).status_code == add
    assert client.post(place, {"role": "contributor"}).status_code == change
    assert client.post(f"{place}retirer/").status_code == change


def test_the_page_lists_members_with_their_roles(client, team, mandataire, reader):
    client.force_login(reader)

    page = client.get(team).content.decode()

    assert mandataire.full_name in page
    assert "Mandataire" in page
    assert "(vous)" in page
    assert "Modifier" not in page


@pytest.mark.parametrize("known", [True, False])
def test_the_answer_never_tells_whether_an_account_exists(client, team, mandataire, known):
    if known:
        UserFactory.create(email="bob@editeur.example")
    client.force_login(mandataire)

    response = client.post(team, {"email": "bob@editeur.example", "role": "reader"}, follow=True)

    assert response.redirect_chain == [(team, 302)]
    assert [str(message) for message in response.context["messages"]] == [SENTENCE]


def test_a_reviewer_added_by_address_gets_the_same_answer_and_no_place(client, team, mandataire, reviewer):
    client.force_login(mandataire)

    response = client.post(team, {"email": reviewer.email, "role": "reader"}, follow=True)

    assert SENTENCE in response.content.decode()
    assert not reviewer.memberships.exists()


def test_a_member_added_again_is_told_where_to_change_the_role(client, team, mandataire, reader):
    client.force_login(mandataire)

    response = client.post(team, {"email": reader.email, "role": "mandataire"})

    assert "fait déjà partie de l’équipe" in response.content.decode()


def test_the_last_mandataire_is_told_why_they_stay(client, publisher, mandataire):
    place = reverse("accounts:member", args=[publisher.siren, mandataire.memberships.get().pk])
    client.force_login(mandataire)

    changed = client.post(place, {"role": "reader"})
    left = client.post(f"{place}retirer/", follow=True)

    assert "Nommez d’abord un autre mandataire" in changed.content.decode()
    assert "Nommez d’abord un autre mandataire" in left.content.decode()
    assert mandataire.memberships.get().role == Membership.Role.MANDATAIRE


def test_whoever_leaves_is_led_home(client, publisher, mandataire):
    MembershipFactory.create(publisher=publisher)
    place = reverse("accounts:member", args=[publisher.siren, mandataire.memberships.get().pk])
    client.force_login(mandataire)

    assert client.post(f"{place}retirer/").url == reverse("home")


def test_a_member_of_another_team_is_not_found_through_mine(client, publisher, mandataire, stranger):
    place = reverse("accounts:member", args=[publisher.siren, stranger.memberships.get().pk])
    client.force_login(mandataire)

    assert client.get(place).status_code == 404
    assert client.post(f"{place}retirer/").status_code == 404
    assert stranger.memberships.exists()


def test_a_removal_is_never_a_link(client, place, mandataire):
    client.force_login(mandataire)

    assert client.get(f"{place}retirer/").status_code == 405


def test_queries_do_not_grow_with_the_team(client, publisher, team, mandataire, django_assert_max_num_queries):
    MembershipFactory.create_batch(30, publisher=publisher, role="reader")
    client.force_login(mandataire)

    with django_assert_max_num_queries(8):
        assert client.get(team).status_code == 200
