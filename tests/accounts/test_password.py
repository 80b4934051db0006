"""Forgetting and changing one's password; saying again who one is; what a password may not be."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.common_words import FRENCH_WORDS
from accounts.models import User
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


GUESSED = [
    "iloveyou1234", "football1234", "jetaime12345", "bonjour123456", "marseille2024", "princess12345", "chocolat1234",
    "superman1234", "Toulouse-1999", "12345jetaime", "Jean-Pierre 1978 !", "p@ssw0rd2024!", "f00tball!!!!!",
    "j3t41m3!!2024", "psgpsgpsg1970", "soleilsoleil1", "Nico1as.1985..", "ChAtOn......12", "Été 2024 été 2024",
]  # fmt: skip
LONG = [
    "le facteur passe à midi", "correct cheval agrafe pile", "mon chat dort sous la pluie", "9f#83kd!72m0xqz",
    "bonjour les trois camions", "Vingt-deux hérissons en 2024", "jetaime sauf le mardi matin", PASSWORD,
]  # fmt: skip


def refusals(password):
    try:
        validate_password(password, User(email="alix@editeur.example", full_name="Alix Mandataire"))
    except ValidationError as error:
        return error.messages
    return []


@pytest.mark.parametrize("password", GUESSED)
def test_a_common_word_with_something_around_it_is_refused_with_a_sentence(password):
    assert any(sentence.startswith("Ce mot de passe se devine") for sentence in refusals(password))


@pytest.mark.parametrize("password", LONG)
def test_a_phrase_of_several_words_passes(password):
    assert refusals(password) == []


def test_the_words_of_our_list_are_written_as_they_are_compared():
    assert [word for word in FRENCH_WORDS if not re.fullmatch("[a-z]+", word)] == []
    assert len(FRENCH_WORDS) > 1_000


@pytest.mark.parametrize("word", ["jetaime", "marseille", "bonjour", "doudou", "camille", "olympique", "azertyuiop"])
def test_it_has_what_the_list_of_django_may_not_have(word):
    assert word in FRENCH_WORDS


def test_they_are_refused_where_one_signs_up(client, db):
    typed = {"full_name": "Alix", "email": "alix@editeur.example", "password1": GUESSED[0], "password2": GUESSED[0]}

    page = client.post(reverse("account_signup"), typed)

    assert "c’est un mot courant, avec des chiffres ou des signes autour" in page.content.decode()
    assert not User.objects.exists()
