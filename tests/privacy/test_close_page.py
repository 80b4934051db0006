"""« Fermer mon compte »: read what goes and what stays, type one's address, and it is done."""

import pytest
from django.urls import reverse

from accounts.models import User
from tests.factories import MembershipFactory

CLOSE = reverse("privacy:close")


@pytest.fixture
def own(client, contributor):
    client.force_login(contributor)
    return client


def has_gone(user):
    return User.objects.get(pk=user.pk).erased_at is not None


def test_it_says_what_goes_what_stays_and_offers_a_copy_first(own):
    page = own.get(CLOSE).content.decode()

    assert "Ce qui est effacé, pour toujours" in page
    assert "Ce qui reste, sans votre nom" in page
    assert f'href="{reverse("privacy:mine")}"' in page


def test_it_says_how_long_what_proves_who_bound_a_company_stays(own, settings):
    settings.RETENTION_DAYS = settings.RETENTION_DAYS | {"account_requests": 417}

    page = own.get(CLOSE).content.decode()

    assert "Ce qui reste un temps" in page
    assert "même si c’est vous" in page
    assert "417 jours après la décision" in page


def test_typing_one_s_address_closes_the_account_and_signs_out(own, contributor):
    response = own.post(CLOSE, {"email": contributor.email.upper()}, follow=True)

    assert response.redirect_chain[0][0] == reverse("home")
    assert "Votre compte est fermé et vos données personnelles sont effacées." in response.content.decode()
    assert "_auth_user_id" not in own.session
    assert has_gone(contributor)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Saisissez l’adresse du compte que vous fermez."),
        ("une.autre@editeur.example", "Ce n’est pas l’adresse de ce compte\u00a0: saisissez contributor@"),
    ],
)
def test_another_address_closes_nothing(own, contributor, typed, sentence):
    page = own.post(CLOSE, {"email": typed}).content.decode()

    assert sentence in page
    assert not has_gone(contributor)


def test_reading_the_page_closes_nothing(own, contributor):
    own.get(CLOSE, {"email": contributor.email})

    assert not has_gone(contributor)


def test_the_last_mandataire_is_told_to_name_another(client, mandataire):
    client.force_login(mandataire)

    page = client.post(CLOSE, {"email": mandataire.email}).content.decode()

    assert "Vous êtes le seul mandataire d’une équipe\u00a0: nommez-en d’abord un autre." in page
    assert "_auth_user_id" in client.session
    assert not has_gone(mandataire)


def test_once_another_is_named_it_closes(client, mandataire, publisher):
    MembershipFactory.create(publisher=publisher)
    client.force_login(mandataire)

    client.post(CLOSE, {"email": mandataire.email})

    assert has_gone(mandataire)


def test_staff_are_shown_no_form_and_a_form_sent_all_the_same_is_refused(client, reviewer):
    client.force_login(reviewer)
    assert "Votre rôle doit d’abord être retiré" in client.get(CLOSE).content.decode()

    client.post(CLOSE, {"email": reviewer.email})

    assert not has_gone(reviewer)


def test_an_old_session_proves_who_it_is_first(own, contributor):
    own.forget_the_proof()

    response = own.post(CLOSE, {"email": contributor.email})

    assert response.url.startswith(reverse("account_reauthenticate"))
    assert not has_gone(contributor)


def test_the_page_names_the_team_that_would_have_nobody_and_leads_to_it(client, mandataire, publisher):
    client.force_login(mandataire)

    page = client.get(CLOSE).content.decode()

    assert f"Vous êtes le seul mandataire\u00a0: {publisher}" in page
    assert reverse("accounts:team", args=[publisher.siren]) in page
