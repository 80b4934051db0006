"""Signing in and out."""

import pytest
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": email, "password": password} | extra)


def test_a_confirmed_account_signs_in_whatever_the_case_of_the_address(client, mandataire):
    response = sign_in(client, mandataire.email.upper())

    assert response.url == reverse("home")
    assert client.session["_auth_user_id"] == str(mandataire.pk)


def test_one_goes_where_one_was_going(client, mandataire):
    response = sign_in(client, mandataire.email, next="/produits/")

    assert response.url == "/produits/"


def test_another_site_is_never_where_one_was_going(client, mandataire):
    response = sign_in(client, mandataire.email, next="https://ailleurs.example/")

    assert response.url == reverse("home")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, mandataire):
    wrong = sign_in(client, mandataire.email, "une mauvaise phrase de passe")
    unknown = sign_in(client, "personne@nulle.example", "une mauvaise phrase de passe")

    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    assert "L’adresse ou le mot de passe n’est pas le bon" in wrong.content.decode()


def test_an_unconfirmed_account_is_sent_a_new_message(client, db, mailoutbox):
    user = UserFactory.create(confirmed=False)

    response = sign_in(client, user.email)

    assert response.url == reverse("account_email_verification_sent")
    assert "_auth_user_id" not in client.session
    assert [message.to for message in mailoutbox] == [[user.email]]


def test_a_closed_account_does_not_open(client, db):
    user = UserFactory.create(is_active=False)

    sign_in(client, user.email)

    assert "_auth_user_id" not in client.session


def test_guessing_is_slowed_down(client, mandataire, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed_here": "5/300s/key"}
    for _attempt in range(5):
        sign_in(client, mandataire.email, "une mauvaise phrase de passe")

    response = sign_in(client, mandataire.email)

    assert "Trop d’essais ont échoué" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_signing_out_asks_for_a_post(client, mandataire):
    client.force_login(mandataire)

    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post(reverse("account_logout")).url == reverse("home")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_email_verification_sent",
        "account_inactive",
    ],
)
def test_a_visitor_reaches_the_public_pages(client, db, name):
    response = client.get(reverse(name))

    assert response.status_code == 200
    assert '<html lang="fr"' in response.content.decode()


@pytest.mark.parametrize("name", ["account_email", "account_change_password", "account_reauthenticate"])
def test_one_s_own_account_asks_to_sign_in(client, db, mandataire, name):
    assert client.get(reverse(name)).url.startswith(reverse("account_login"))

    client.force_login(mandataire)
    assert client.get(reverse(name)).status_code == 200


def test_too_many_requests_are_told_to_wait(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password_here": "1/m/key"}
    typed = {"email": "personne@nulle.example"}
    client.post(reverse("account_reset_password"), typed)

    response = client.post(reverse("account_reset_password"), typed)

    assert response.status_code == 429
    assert "Attendez quelques minutes" in response.content.decode()
