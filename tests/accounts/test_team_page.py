"""/editeurs/<siren>/equipe/, the page of one member, and what is done to an invitation that waits."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Membership
from accounts.operations.invitations import accept, invite
from accounts.operations.teams import change_role
from accounts.policies import MANAGEABLE_BY
from tests.accounts.invited import BOB, invited
from tests.factories import MembershipFactory, UserFactory

Role = Membership.Role
TYPED = {"email": BOB, "role": "contributor"}


@pytest.fixture
def team(publisher):
    return reverse("accounts:team", args=[publisher.siren])


@pytest.fixture
def place(publisher, reader):
    """The page of the reader's place in the team."""
    return reverse("accounts:member", args=[publisher.siren, reader.memberships.get().pk])


def place_of(membership):
    return reverse("accounts:member", args=[membership.publisher.siren, membership.pk])


def member_with(role, publisher):
    until = timezone.now() + timedelta(days=30) if role == Role.CONSULTANT else None
    return MembershipFactory.create(publisher=publisher, role=role, expires_at=until)


def day(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def sentences(response):
    return " ".join(str(message) for message in response.context["messages"])


@pytest.mark.parametrize(
    ("who", "read", "manage"),
    [
        ("mandataire", 200, 302),
        ("representative", 200, 302),
        ("contributor", 200, 403),
        ("reader", 200, 403),
        ("stranger", 404, 404),
        ("reviewer", 404, 404),
        ("administrator", 404, 404),
    ],
)
def test_who_sees_and_who_manages_the_team(client, request, publisher, team, mandataire, who, read, manage):
    invitation = invite(publisher, email="carole@editeur.example", role="reader", by=mandataire)
    bob = member_with(Role.CONTRIBUTOR, publisher)
    client.force_login(request.getfixturevalue(who))

    assert client.get(team).status_code == read
    assert client.post(team, TYPED).status_code == manage
    assert client.post(place_of(bob), {"role": "reader"}).status_code == manage
    assert client.post(f"{place_of(bob)}retirer/").status_code == manage
    for act in ("invitation-resend", "invitation-revoke"):
        url = reverse(f"accounts:{act}", args=[publisher.siren, invitation.pk])
        assert client.post(url).status_code == manage


@pytest.mark.parametrize("theirs", Role)
@pytest.mark.parametrize("mine", Role)
def test_each_role_touches_exactly_the_roles_that_the_table_says(client, publisher, mine, theirs):
    """Whatever the page shows, what is sent is judged: invite, take out, send again, take back."""
    user = member_with(mine, publisher).user
    other = member_with(theirs, publisher)
    colleague = MembershipFactory.create(publisher=publisher).user  # so that nobody is the last mandataire
    client.force_login(user)
    may = theirs in MANAGEABLE_BY.get(mine, ())
    until = timezone.now() + timedelta(days=9) if theirs == Role.CONSULTANT else None
    waiting = invite(publisher, email="c@d.example", role=theirs, access_until=until, by=colleague)

    client.post(reverse("accounts:team", args=[publisher.siren]), {**TYPED, "role": theirs, "access_until": day(9)})
    client.post(f"{place_of(other)}retirer/")
    client.post(reverse("accounts:invitation-revoke", args=[publisher.siren, waiting.pk]))

    assert Invitation.objects.filter(email=BOB, role=theirs).exists() is may
    assert Membership.objects.filter(pk=other.pk).exists() is not may
    waiting.refresh_from_db()
    assert (waiting.state == Invitation.State.REVOKED) is may


def test_a_representative_makes_nobody_a_mandataire(client, place, representative, reader):
    client.force_login(representative)

    client.post(place, {"role": "mandataire"})

    assert reader.memberships.get().role == Role.READER


def test_the_page_lists_members_with_their_roles(client, team, mandataire, reader):
    client.force_login(reader)

    page = client.get(team).content.decode()

    assert mandataire.full_name in page
    assert "Mandataire" in page
    assert "(vous)" in page
    assert "Modifier" not in page
    assert "Ce que chaque rôle permet" in page
    assert reverse("accounts:journal", args=[reader.memberships.get().publisher.siren]) not in page


def test_consultants_stand_apart_with_their_last_day_and_their_dossiers(client, publisher, team, mandataire):
    until = timezone.now() + timedelta(days=30)
    consultancy = MembershipFactory.create(publisher=publisher, role=Role.CONSULTANT, expires_at=until)
    client.force_login(mandataire)

    response = client.get(team)

    assert [each["membership"] for each in response.context["consultants"]] == [consultancy]
    assert f"/consultants/{consultancy.pk}/" in response.content.decode()
    assert str(timezone.localtime(until).year) in response.content.decode()


@pytest.mark.parametrize("known", [None, {}, {"is_active": False}, {"staff_role": "reviewer"}])
def test_the_answer_never_tells_whether_an_account_exists(client, team, mandataire, known):
    if known is not None:
        UserFactory.create(email=BOB, **known)
    client.force_login(mandataire)

    response = client.post(team, TYPED, follow=True)

    assert response.redirect_chain == [(team, 302)]
    assert "L’invitation part à cette adresse." in sentences(response)
    assert BOB in response.content.decode()


def test_a_member_invited_again_is_told_where_to_change_the_role(client, team, mandataire, reader):
    client.force_login(mandataire)

    response = client.post(team, {"email": reader.email, "role": "mandataire"})

    assert "fait déjà partie de l’équipe" in response.content.decode()


def test_a_representative_is_told_that_a_mandataire_invited_first(client, publisher, team, mandataire, representative):
    invite(publisher, email=BOB, role="mandataire", by=mandataire)
    client.force_login(representative)

    response = client.post(team, TYPED)

    assert "Un mandataire a déjà invité cette personne" in response.content.decode()
    assert Invitation.objects.get().role == "mandataire"


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        ("", "Choisissez le dernier jour de l’accès du consultant."),
        (-1, "Choisissez un jour à venir."),
        (settings.CONSULTANT_MAX_DAYS + 2, "un accès dure au plus"),
    ],
)
def test_a_consultant_comes_until_a_day_that_is_neither_past_nor_too_far(client, team, mandataire, until, sentence):
    client.force_login(mandataire)
    access_until = day(until) if until else ""

    response = client.post(team, {"email": BOB, "role": "consultant", "access_until": access_until})

    assert sentence in str(response.context["form"].errors["access_until"])
    assert not Invitation.objects.exists()


def test_the_last_day_of_a_consultant_counts_until_midnight_in_paris(client, team, mandataire):
    client.force_login(mandataire)

    client.post(team, {"email": BOB, "role": "consultant", "access_until": day(10)})

    until = timezone.localtime(Invitation.objects.get().access_until)
    assert (until.date().isoformat(), until.hour, until.minute) == (day(10), 23, 59)


def test_the_end_of_a_consultants_access_is_changed_on_their_page(client, publisher, mandataire):
    consultancy = member_with(Role.CONSULTANT, publisher)
    client.force_login(mandataire)

    response = client.post(place_of(consultancy), {"access_until": day(60)}, follow=True)

    consultancy.refresh_from_db()
    assert timezone.localtime(consultancy.expires_at).date().isoformat() == day(60)
    assert "La fin de l’accès est changée." in sentences(response)


def test_an_invitation_that_waits_is_shown_sent_again_and_taken_back(client, publisher, team, mandataire):
    sent = invited(publisher, by=mandataire)
    client.force_login(mandataire)
    waiting = client.get(team).content.decode()
    assert BOB in waiting
    assert "Expirée" not in waiting

    again = client.post(reverse("accounts:invitation-resend", args=[publisher.siren, sent.invitation.pk]), follow=True)
    assert "avec un nouveau lien" in sentences(again)

    over = client.post(reverse("accounts:invitation-revoke", args=[publisher.siren, sent.invitation.pk]), follow=True)
    assert "L’invitation est annulée" in sentences(over)
    assert BOB not in client.get(team).content.decode()


def test_an_invitation_that_expired_says_so_and_can_be_sent_again(client, publisher, team, mandataire):
    sent = invited(publisher, by=mandataire)
    with time_machine.travel(sent.invitation.expires_at + timedelta(days=1), tick=False):
        client.force_login(mandataire)
        assert "Expirée" in client.get(team).content.decode()

        client.post(reverse("accounts:invitation-resend", args=[publisher.siren, sent.invitation.pk]))

        assert "Expirée" not in client.get(team).content.decode()


def test_an_invitation_accepted_meanwhile_is_not_taken_back(client, publisher, mandataire):
    invitation = invite(publisher, email=BOB, role="reader", by=mandataire)
    accept(invitation, by=UserFactory.create(email=BOB))
    client.force_login(mandataire)

    for act in ("invitation-resend", "invitation-revoke"):
        response = client.post(reverse(f"accounts:{act}", args=[publisher.siren, invitation.pk]), follow=True)
        assert "vient d’être acceptée" in sentences(response)


def test_an_invitation_of_another_publisher_is_not_found_through_mine(client, publisher, mandataire, stranger):
    foreign = invite(stranger.memberships.get().publisher, email=BOB, role="reader", by=stranger)
    client.force_login(mandataire)

    for act in ("invitation-resend", "invitation-revoke"):
        assert client.post(reverse(f"accounts:{act}", args=[publisher.siren, foreign.pk])).status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == Invitation.State.SENT


def test_the_last_mandataire_is_told_why_they_stay(client, publisher, mandataire):
    place = reverse("accounts:member", args=[publisher.siren, mandataire.memberships.get().pk])
    client.force_login(mandataire)

    changed = client.post(place, {"role": "reader"})
    left = client.post(f"{place}retirer/", follow=True)

    assert "Nommez d’abord un autre mandataire" in changed.content.decode()
    assert "Nommez d’abord un autre mandataire" in left.content.decode()
    assert mandataire.memberships.get().role == Role.MANDATAIRE


@pytest.mark.parametrize("who", ["representative", "contributor", "reader"])
def test_anybody_leaves_by_themselves_and_is_led_home(client, request, team, mandataire, who):
    user = request.getfixturevalue(who)
    client.force_login(user)
    assert "Quitter l’équipe" in client.get(team).content.decode()

    response = client.post(f"{place_of(user.memberships.get())}retirer/")

    assert response.url == reverse("home")
    assert not user.memberships.exists()


def test_a_mandataire_leaves_when_another_stays(client, publisher, mandataire):
    MembershipFactory.create(publisher=publisher)
    client.force_login(mandataire)

    assert client.post(f"{place_of(mandataire.memberships.get())}retirer/").url == reverse("home")
    assert not mandataire.memberships.exists()


def test_who_lost_the_right_while_the_page_was_open_changes_nothing(client, place, mandataire, representative, reader):
    client.force_login(representative)
    assert client.get(place).status_code == 200
    change_role(representative.memberships.get(), by=mandataire, role="contributor")

    assert client.post(place, {"role": "contributor"}).status_code == 403
    assert reader.memberships.get().role == Role.READER


def test_a_member_of_another_team_is_not_found_through_mine(client, publisher, mandataire, stranger):
    place = reverse("accounts:member", args=[publisher.siren, stranger.memberships.get().pk])
    client.force_login(mandataire)

    assert client.get(place).status_code == 404
    assert client.post(f"{place}retirer/").status_code == 404
    assert stranger.memberships.exists()


@pytest.mark.parametrize("who", ["contributor", "reader"])
def test_who_manages_nobody_cannot_tell_which_places_exist(client, request, publisher, mandataire, who):
    client.force_login(request.getfixturevalue(who))

    there = reverse("accounts:member", args=[publisher.siren, mandataire.memberships.get().pk])
    nowhere = reverse("accounts:member", args=[publisher.siren, 999_999])
    assert client.get(there).status_code == client.get(nowhere).status_code == 403


def test_what_changes_a_team_is_never_a_link(client, publisher, place, mandataire):
    invitation = invite(publisher, email=BOB, role="reader", by=mandataire)
    client.force_login(mandataire)

    page = client.get(f"{place}retirer/")
    assert "Ce qu’elle a écrit y reste" in page.content.decode()
    assert Membership.objects.filter(user__email="reader@editeur.example").exists()
    for act in ("invitation-resend", "invitation-revoke"):
        assert client.get(reverse(f"accounts:{act}", args=[publisher.siren, invitation.pk])).status_code == 405


def test_too_many_invitations_in_an_hour_are_slowed(client, team, mandataire, settings):
    settings.ACCOUNT_RATE_LIMITS = {"invite": "2/h/user"}
    client.force_login(mandataire)

    codes = [client.post(team, {"email": f"p{number}@e.example", "role": "reader"}).status_code for number in range(3)]

    assert codes == [302, 302, 429]
    assert Invitation.objects.count() == 2


def test_queries_do_not_grow_with_the_team(client, publisher, team, mandataire):
    client.force_login(mandataire)
    client.get(team)
    before = _count(client, team)

    MembershipFactory.create_batch(15, publisher=publisher, role="reader")
    until = timezone.now() + timedelta(days=3)
    MembershipFactory.create_batch(5, publisher=publisher, role="consultant", expires_at=until)
    for number in range(10):
        invite(publisher, email=f"p{number}@e.example", role="reader", by=mandataire)

    assert _count(client, team) == before


def _count(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
