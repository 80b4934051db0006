"""Error pages: plain French, a way out, and no dependence on what may be broken."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views import defaults

from tests.factories import MembershipFactory


@pytest.mark.django_db
def test_an_unknown_address_is_explained_within_the_frame(client):
    client.force_login(MembershipFactory().user)
    response = client.get("/nulle-part/")

    assert response.status_code == 404
    assert "Page introuvable" in response.content.decode()
    assert "Mes dossiers" in response.content.decode()


def test_a_refusal_names_who_can_help(rf):
    response = defaults.permission_denied(rf.get("/"), PermissionDenied())

    assert response.status_code == 403
    assert "demandez-le à la personne qui vous a donné accès" in response.content.decode()


@pytest.mark.parametrize(
    ("view", "status"),
    [(lambda request: defaults.bad_request(request, BadRequest()), 400), (defaults.server_error, 500)],
)
def test_the_worst_errors_need_nothing_to_be_shown(view, status):
    response = view(RequestFactory().get("/"))

    assert response.status_code == status
    assert "Revenir à l’accueil" in response.content.decode()


@pytest.mark.django_db
def test_an_expired_form_says_what_became_of_the_text():
    response = Client(enforce_csrf_checks=True).post("/compte/connexion/", {"login": "a@b.example"})

    assert response.status_code == 403
    assert "Votre saisie n’a pas été enregistrée" in response.content.decode()


def test_error_pages_speak_french_without_a_context():
    assert '<html lang="fr">' in render_to_string("500.html")
