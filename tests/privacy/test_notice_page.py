"""What the portal says, to everybody, that it does with personal data."""

import re

import pytest
from django.urls import reverse

NUMBERS = {
    "unconfirmed_accounts": 1_031,
    "inactive_accounts": 1_032,
    "anonymous_diagnostics": 1_033,
    "invitations": 1_034,
    "account_requests": 1_035,
    "notifications": 1_036,
    "exports": 1_037,
}


@pytest.fixture
def page(client, db):
    def read():
        return client.get(reverse("privacy:notice")).content.decode()

    return read


def digits(text):
    """Numbers of the page, whatever parts their thousands."""
    return {int(found) for found in re.findall(r"\d+", re.sub(r"(?<=\d)[\u00a0\u202f](?=\d)", "", text))}


def test_a_visitor_reads_it_without_signing_in(page):
    text = page()

    assert "Vos données personnelles" in text
    assert "https://www.cnil.fr/fr/adresser-une-plainte" in text


def test_its_durations_are_those_that_the_settings_apply(page, settings):
    settings.RETENTION_DAYS = settings.RETENTION_DAYS | NUMBERS
    settings.INACTIVITY_NOTICE_DAYS = 1_038

    assert {*NUMBERS.values(), 1_038} <= digits(page())


def test_it_names_the_operator_and_where_to_write(page, settings):
    settings.PRIVACY_CONTACT = "dpo@operateur.example"

    text = page()

    assert settings.OPERATOR_NAME in text
    assert '<a href="mailto:dpo@operateur.example">' in text


def test_it_names_the_legal_basis_and_says_that_it_is_to_be_confirmed(page):
    text = page()

    assert "RGPD, article 6, paragraphe 1, e" in text
    assert "L. 1111-13-1" in text
    assert "doit la confirmer" in text


def test_a_visitor_is_given_no_other_cookie_than_the_two_it_names(client, db, settings):
    client.get(reverse("privacy:notice"))
    client.get(reverse("account_login"))

    assert set(client.cookies) <= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
