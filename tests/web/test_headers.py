"""What every answer tells the browser, whatever the page and whoever asks."""

import pytest
from django.urls import reverse

from convergence.middleware import PERMISSIONS
from tests.evidence.factories import DocumentVersionFactory

PUBLIC = [
    "/",
    "/compte/connexion/",
    "/diagnostic/",
    "/accessibilite/",
    "/sante/",
    "/nulle-part/",
    "/donnees-personnelles/",
]


def directives(response) -> dict[str, list[str]]:
    policy = response["Content-Security-Policy"]
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name: values for name, *values in parts}


def check(response) -> None:
    policy = directives(response)
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "http" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Permissions-Policy"] == PERMISSIONS
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Request-Id"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_and_errors_carry_every_limit(client, path):
    check(client.get(path))


def test_pages_of_a_signed_in_person_carry_them_too_and_are_kept_nowhere(client, mandataire):
    client.force_login(mandataire)
    for path in ("/dossiers/", "/produits/", "/compte/", "/nulle-part/", "/accessibilite/"):
        response = client.get(path)
        check(response)
        assert response["Cache-Control"] == "private, no-store", path


def test_a_file_is_handed_over_so_that_no_browser_runs_it(client, contributor, publisher):
    file = DocumentVersionFactory.create(document__publisher=publisher, state="clean")
    client.force_login(contributor)

    response = client.get(reverse("evidence:file", args=[file.pk]))
    b"".join(response)

    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")
    assert "no-store" in response["Cache-Control"]


def test_the_administration_carries_them_too(client, administrator):
    client.force_login(administrator)

    check(client.get(reverse("admin:index")))


@pytest.mark.django_db
def test_an_error_tells_nothing_of_the_code(client, monkeypatch):
    def broken(*args):
        raise RuntimeError("the secret detail")

    client.raise_request_exception = False
    monkeypatch.setattr("convergence.views._example", broken)
    response = client.get("/")

    assert response.status_code == 500
    assert "secret detail" not in response.content.decode()
    assert "Traceback" not in response.content.decode()
    check(response)


@pytest.mark.django_db
def test_security_contact_is_told_at_the_address_of_rfc_9116(client):
    response = client.get("/.well-known/security.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "Contact: mailto:securite@convergence.example\n" in response.content.decode()
    assert "Expires: " in response.content.decode()
