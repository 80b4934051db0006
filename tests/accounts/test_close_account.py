"""Closing an account and opening it again: the operations."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.operations.staff import Erased, close_account, reopen_account
from accounts.operations.teams import LastMandataire
from audit.models import Event
from tests.clients import SignedInClient
from tests.factories import PASSWORD, MembershipFactory, UserFactory


def test_a_closed_account_opens_no_page_any_more(client, administrator, reader):
    client.post(reverse("account_login"), {"login": reader.email, "password": PASSWORD})
    elsewhere = SignedInClient()
    elsewhere.force_login(reader)
    assert client.get(reverse("products:list")).status_code == 200

    close_account(reader, by=administrator)

    assert client.get(reverse("products:list")).status_code == 302
    assert elsewhere.get(reverse("products:list")).status_code == 302
    client.post(reverse("account_login"), {"login": reader.email, "password": PASSWORD})
    assert client.get(reverse("products:list")).status_code == 302


def test_sessions_opened_before_do_not_come_back_with_the_account(client, administrator, reader):
    client.post(reverse("account_login"), {"login": reader.email, "password": PASSWORD})
    client.get(reverse("products:list"))
    assert Session.objects.count() == 1

    close_account(reader, by=administrator)
    reopen_account(reader, by=administrator)

    assert client.get(reverse("products:list")).status_code == 302


def test_closing_and_opening_are_traced(administrator, reader):
    close_account(reader, by=administrator)
    reopen_account(reader, by=administrator)

    traced = Event.objects.order_by("pk").values_list("verb", "actor", "object_id")
    assert list(traced) == [(verb, administrator.pk, str(reader.pk)) for verb in ("user.closed", "user.reopened")]
    reader.refresh_from_db()
    assert reader.is_active


def test_the_last_mandataire_is_not_closed(administrator, mandataire, reader):
    with pytest.raises(LastMandataire):
        close_account(mandataire, by=administrator)

    mandataire.refresh_from_db()
    assert mandataire.is_active
    assert not Event.objects.exists()


def test_the_last_mandataire_of_one_of_two_publishers_is_not_closed(administrator, publisher, mandataire):
    MembershipFactory.create(publisher=publisher)
    MembershipFactory.create(user=mandataire)

    with pytest.raises(LastMandataire):
        close_account(mandataire, by=administrator)


def test_a_mandataire_with_another_beside_is_closed(administrator, publisher, mandataire):
    MembershipFactory.create(publisher=publisher)

    close_account(mandataire, by=administrator)

    mandataire.refresh_from_db()
    assert not mandataire.is_active
    assert Membership.objects.filter(user=mandataire).exists()  # reopening gives everything back


def test_an_erased_account_stays_closed(administrator):
    nobody = UserFactory.create(is_active=False, full_name="", erased_at=timezone.now())

    with pytest.raises(Erased):
        reopen_account(nobody, by=administrator)

    assert not User.objects.get(pk=nobody.pk).is_active
    assert not Event.objects.exists()
