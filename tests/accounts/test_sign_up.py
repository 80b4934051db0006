"""Opening an account."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from tests.factories import PASSWORD, UserFactory


def sign_up(client, **changes):
    typed = {
        "full_name": "Alice Martin",
        "email": "Alice@Editeur.example",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    return client.post(reverse("account_signup"), typed | changes)


def link_in(message):
    return re.findall(r"https?://testserver(/\S+)", message.body)[0]


def test_a_new_account_waits_for_its_address_to_be_confirmed(client, db):
    response = sign_up(client)

    assert response.url == reverse("account_email_verification_sent")
    alice = User.objects.get()
    assert (alice.full_name, alice.email) == ("Alice Martin", "alice@editeur.example")
    assert not EmailAddress.objects.get().verified
    assert client.get(reverse("products:list")).status_code == 302


def test_the_message_is_in_french_and_its_link_opens_the_account(client, db):
    sign_up(client)
    [message] = mail.outbox
    assert message.subject == "[Convergence] Confirmez votre adresse pour ouvrir votre compte"
    assert message.body.startswith("Bonjour,")

    link = link_in(message)
    assert "Confirmer mon adresse" in client.get(link).content.decode()
    assert not EmailAddress.objects.get().verified  # reading the page changes nothing: mail scanners do it too
    client.post(link)

    assert EmailAddress.objects.get().verified


def test_confirming_in_the_same_browser_leads_to_opening_a_publisher(client, db):
    sign_up(client)

    response = client.post(link_in(mail.outbox[0]))

    assert response.url == reverse("enrolment:start")
    assert client.get(response.url).status_code == 200


def test_a_new_account_is_in_the_trail(client, db):
    sign_up(client)

    event = Event.objects.get(verb="account.created")
    assert (event.actor, event.object_id, event.data) == (User.objects.get(), str(User.objects.get().pk), {})


def test_an_address_already_taken_leaves_no_trace_of_an_account(client, db):
    UserFactory.create(email="alice@editeur.example")

    sign_up(client)

    assert not Event.objects.filter(verb="account.created").exists()


def test_an_address_already_taken_gets_the_same_answer_and_another_message(client, db):
    taken = UserFactory.create(email="alice@editeur.example")

    response = sign_up(client)

    assert response.url == reverse("account_email_verification_sent")
    assert list(User.objects.all()) == [taken]
    [message] = mail.outbox
    assert message.subject == "[Convergence] Vous avez déjà un compte"
    assert reverse("account_reset_password") in message.body


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"full_name": ""}, "Saisissez votre prénom et votre nom."),
        ({"email": ""}, "Saisissez une adresse électronique."),
        ({"password2": "une autre phrase de passe"}, "mot de passe"),
        ({"password1": "court", "password2": "court"}, "12"),
    ],
)
def test_what_is_wrong_is_said_in_french(client, db, typed, sentence):
    response = sign_up(client, **typed)

    assert response.status_code == 200
    assert not User.objects.exists()
    assert sentence in " ".join(str(error) for errors in response.context["form"].errors.values() for error in errors)


def test_the_form_helps_the_password_manager(client, db):
    page = client.get(reverse("account_signup")).content.decode()

    assert 'autocomplete="name"' in page
    assert 'autocomplete="email"' in page
    assert page.count('autocomplete="new-password"') == 2
    assert "placeholder" not in page
