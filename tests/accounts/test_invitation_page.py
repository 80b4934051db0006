"""/invitations/<token>/: what the reader of an invitation finds behind its link."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.operations.invitations import accept, resend, revoke
from tests.accounts.invited import BOB, invited
from tests.factories import PASSWORD, UserFactory


@pytest.fixture
def sent(publisher, mandataire):
    return invited(publisher, by=mandataire)


@pytest.fixture
def bob(db):
    return UserFactory.create(email=BOB)


def test_whoever_holds_the_link_reads_who_invites_to_what(client, publisher, mandataire, sent):
    page = client.get(sent.path).content.decode()

    assert str(publisher) in page
    assert mandataire.full_name in page
    assert "contributeur" in page
    assert "Créer mon compte" in page
    assert "J’ai déjà un compte" in page


def test_reading_accepts_nothing(client, sent, bob):
    client.force_login(bob)

    client.get(sent.path)

    assert not bob.memberships.exists()


def test_the_page_is_kept_by_no_browser_and_told_to_no_other_site(client, sent):
    response = client.get(sent.path)

    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}


def test_accepting_leads_to_the_dossiers(client, publisher, sent, bob):
    client.force_login(bob)

    response = client.post(sent.path, follow=True)

    assert response.redirect_chain[-1] == (reverse("dossiers:list"), 302)
    assert "comme contributeur" in response.content.decode()
    assert bob.memberships.get().publisher == publisher


def test_a_newcomer_needs_no_second_message(client, sent):
    response = client.post(sent.path)
    page = client.get(response.url).content.decode()
    assert f'value="{BOB}"' in page

    typed = {"full_name": "Bob Nouveau", "email": BOB, "password1": PASSWORD, "password2": PASSWORD}
    response = client.post(response.url, {**typed, "next": sent.path})

    assert response.url == sent.path
    assert len(mail.outbox) == 1  # the invitation itself
    bob = User.objects.get(email=BOB)
    assert EmailAddress.objects.get(user=bob).verified
    assert "Accepter l’invitation" in client.get(sent.path).content.decode()
    assert not bob.memberships.exists()


def test_the_link_confirms_its_own_address_and_no_other(client, sent):
    response = client.post(sent.path)
    typed = {"full_name": "Eve", "email": "eve@ailleurs.example", "password1": PASSWORD, "password2": PASSWORD}

    client.post(response.url, typed)

    eve = User.objects.get(full_name="Eve")
    assert dict(EmailAddress.objects.filter(user=eve).values_list("email", "verified")) == {
        BOB: True,
        "eve@ailleurs.example": False,
    }


def test_the_link_takes_no_address_from_an_account_that_has_it(client, sent, bob):
    response = client.post(sent.path)
    typed = {"full_name": "Eve", "email": "eve@ailleurs.example", "password1": PASSWORD, "password2": PASSWORD}

    client.post(response.url, typed)

    assert EmailAddress.objects.get(email=BOB).user == bob
    assert not EmailAddress.objects.get(email="eve@ailleurs.example").verified
    assert client.get(reverse("dossiers:list")).status_code == 302


def test_an_account_that_exists_is_not_opened_by_the_link(client, sent, bob):
    response = client.post(sent.path)
    typed = {"full_name": "Bob", "email": BOB, "password1": PASSWORD, "password2": PASSWORD}

    client.post(response.url, typed)

    assert client.get(reverse("dossiers:list")).status_code == 302
    assert User.objects.filter(email=BOB).count() == 1


def test_signing_in_leads_back_to_the_invitation(client, sent, bob):
    sign_in = f"{reverse('account_login')}?next={sent.path}"

    assert sign_in in client.get(sent.path).content.decode()
    assert client.post(sign_in, {"login": BOB, "password": PASSWORD, "next": sent.path}).url == sent.path


def test_who_is_signed_in_under_another_address_is_told_what_to_do(client, sent, stranger):
    client.force_login(stranger)

    page = client.get(sent.path).content.decode()
    assert "envoyée à une autre adresse" in page
    assert "Accepter l’invitation" not in page

    assert client.post(sent.path).url == sent.path
    assert stranger.memberships.count() == 1


def test_a_member_of_staff_is_told_why_not(client, sent):
    claude = UserFactory.create(email=BOB, staff_role="reviewer")
    client.force_login(claude)

    response = client.post(sent.path, follow=True)

    assert "ne peut pas rejoindre un éditeur" in response.content.decode()
    assert not claude.memberships.exists()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_what_was_taken_back_says_so(client, sent, mandataire, bob, method, signed_in):
    revoke(sent.invitation, by=mandataire)
    if signed_in:
        client.force_login(bob)

    response = getattr(client, method)(sent.path)

    assert response.status_code == 410
    assert "n’est plus valable" in response.content.decode()
    assert not bob.memberships.exists()


def test_what_has_expired_says_when_and_whom_to_ask(client, publisher, sent, bob):
    client.force_login(bob)
    with time_machine.travel(sent.invitation.expires_at + timedelta(hours=1), tick=False):
        client.force_login(bob)
        response = client.post(sent.path)

    assert response.status_code == 410
    assert f"Demandez à {publisher}" in response.content.decode()
    assert Invitation.objects.get().state == Invitation.State.SENT


def test_what_was_accepted_says_so_to_a_second_reader(client, sent, bob):
    accept(sent.invitation, by=bob)

    assert "déjà été acceptée" in client.get(sent.path).content.decode()


def test_a_link_replaced_by_a_newer_one_leads_nowhere(client, sent, mandataire):
    resend(sent.invitation, by=mandataire)

    response = client.get(sent.path)

    assert response.status_code == 404
    assert "Un message plus récent l’a peut-être remplacé" in response.content.decode()


def test_an_invented_link_leads_nowhere(client, sent, bob):
    client.force_login(bob)

    for token in ("x", "0" * 43, sent.token[:-1], sent.invitation.token_hash):
        assert client.get(reverse("accounts:invitation", args=[token])).status_code == 404
        assert client.post(reverse("accounts:invitation", args=[token])).status_code == 404


def test_a_consultant_reads_until_when(client, publisher, mandataire):
    with time_machine.travel("2026-12-01T09:00:00+01:00", tick=False):
        sent = invited(publisher, by=mandataire, role="consultant", until=timezone.now() + timedelta(days=89))

        assert "jusqu’au 28 février 2027" in client.get(sent.path).content.decode()
