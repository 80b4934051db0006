"""Forgetting and changing one's password; saying again who one is."""

import re

from django.core import mail
from django.urls import reverse

from tests.factories import PASSWORD

NEW = "une toute nouvelle phrase de passe"


def link_in(message):
    return re.findall(r"https?://testserver(/\S+)", message.body)[0]


def test_a_forgotten_password_is_replaced_through_the_message(client, mandataire):
    client.post(reverse("account_reset_password"), {"email": mandataire.email})
    [message] = mail.outbox
    assert message.subject == "[Convergence] Choisissez un nouveau mot de passe"
    assert mandataire.email not in message.body

    form = client.get(link_in(message), follow=True)
    done = client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})

    assert done.url == reverse("account_reset_password_from_key_done")
    mandataire.refresh_from_db()
    assert mandataire.check_password(NEW)


def test_the_link_serves_once(client, mandataire):
    client.post(reverse("account_reset_password"), {"email": mandataire.email})
    link = link_in(mail.outbox[0])
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})

    page = client.get(link, follow=True).content.decode()

    assert "Ce lien a déjà servi ou n’est plus valable" in page


def test_an_unknown_address_gets_the_same_answer(client, mandataire):
    known = client.post(reverse("account_reset_password"), {"email": mandataire.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "personne@nulle.example"})

    assert known.url == unknown.url == reverse("account_reset_password_done")
    assert mail.outbox[1].subject == "[Convergence] Aucun compte à cette adresse"


def test_changing_asks_for_the_present_password(client, mandataire):
    client.force_login(mandataire)
    url = reverse("account_change_password")

    refused = client.post(url, {"oldpassword": "pas celui-ci du tout", "password1": NEW, "password2": NEW})
    assert "Ce n’est pas votre mot de passe actuel" in refused.content.decode()

    client.post(url, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    mandataire.refresh_from_db()
    assert mandataire.check_password(NEW)


def test_saying_again_who_one_is_leads_on(client, mandataire):
    client.force_login(mandataire)
    url = reverse("account_reauthenticate")

    refused = client.post(url, {"password": "pas celui-ci du tout", "next": "/produits/"})
    accepted = client.post(url, {"password": PASSWORD, "next": "/produits/"})

    assert "Ce n’est pas votre mot de passe" in refused.content.decode()
    assert accepted.url == "/produits/"
