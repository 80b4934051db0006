"""A plain form that comes when its session has ended, or has changed: its words come back, and leave once confirmed."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.held_forms import FILES, FILLED_BY, TOKEN, mark_of
from accounts.second_factors import FACTORS
from products.models import Product
from tests.clients import SignedInClient
from tests.factories import PASSWORD, TOTP_SECRET
from tests.web.forms_of_pages import forms_of, given_back
from tests.web.test_headers import check

OURS = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate", "origin": "http://testserver"}
WORDS = 'Un carnet de « tension » :\r\n\r\n  <b>mesures</b> & "conseils" d\'un soignant.'
SERVICE = {"name": "MonSuivi Tension", "description": WORDS, "website": "", "platforms": ["android", "ios"]}
LOST, CONFIRM = "Votre session est terminée – rien n’est perdu", "Envoyer ce que vous aviez écrit"
ANOTHERS = "Ce formulaire a été rempli depuis un autre compte que le vôtre"


@pytest.fixture
def url(product):
    return reverse("products:edit", args=[product.reference])


@pytest.fixture
def browser(db):
    """One that sends what browsers send, to a portal that checks forms."""
    return SignedInClient(enforce_csrf_checks=True, headers=OURS)


def filled(browser, url):
    """The form of this page, as its reader fills it."""
    fields = [fields for _form, fields in forms_of(browser.get(url)) if TOKEN in fields]
    return {**fields[-1], **SERVICE}


def sign_in(browser, person):
    page = browser.get(reverse("account_resume"), follow=True)
    token = {name: fields[TOKEN] for _form, fields in forms_of(page) for name in [TOKEN]}
    data = {**token, "login": person.email, "password": PASSWORD, "next": reverse("account_resume")}
    return browser.post(reverse("account_login"), data, follow=True)


def code_now():
    return format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30))


def stored():
    product = Product.objects.get()
    return product.name, product.description


# --- The way back ------------------------------------------------------------------------------


def test_what_was_typed_is_saved_after_signing_in_again(browser, contributor, url):
    browser.force_login(contributor)
    typed = filled(browser, url)
    Session.objects.all().delete()

    lost = browser.post(url, typed)
    assert lost.status_code == 401 and LOST in lost.content.decode()

    resumed = sign_in(browser, contributor).content.decode()
    assert "Revenez à l’onglet" in resumed and str(contributor) in resumed

    asked = browser.post(url, given_back(lost))
    assert asked.status_code == 403 and CONFIRM in asked.content.decode()
    assert f"Vous êtes connecté en tant que <strong>{contributor}</strong>." in asked.content.decode()
    assert ANOTHERS not in asked.content.decode()
    assert stored()[0] != "MonSuivi Tension"

    assert browser.post(url, given_back(asked)).status_code == 302
    assert stored() == ("MonSuivi Tension", WORDS.strip())


def test_everything_comes_back_as_it_was_posted_but_the_token(browser, url):
    lost = browser.post(url, {TOKEN: "x" * 64, **SERVICE, "empty": "", "<i>": "1"})

    held = given_back(lost)
    assert held == {
        "name": ["MonSuivi Tension"],
        "description": [WORDS],
        "website": [""],
        "platforms": ["android", "ios"],
        "empty": [""],
        "<i>": ["1"],
    }
    assert "x" * 64 not in lost.content.decode()
    assert "<b>mesures" not in lost.content.decode()


def test_the_address_keeps_its_query(browser, url):
    (form,) = [form for form, _fields in forms_of(browser.post(url + "?de=liste", SERVICE)) if "data-held" in form]

    assert "action" not in form  # to the address of the page: the one that was posted to


def test_sending_again_before_signing_in_loses_nothing(browser, url):
    lost = browser.post(url, SERVICE)

    again = browser.post(url, given_back(lost))

    assert again.status_code == 401
    assert given_back(again) == given_back(lost)


def test_a_form_opened_before_somebody_signed_in_again_is_asked_about(browser, contributor, url):
    """Signed out and in again elsewhere in the browser: its token is another session's."""
    browser.force_login(contributor)
    typed = filled(browser, url)
    sign_in(browser, contributor)
    del browser.cookies["sessionid"]
    sign_in(browser, contributor)

    asked = browser.post(url, typed)

    assert asked.status_code == 403
    assert browser.post(url, given_back(asked)).status_code == 302
    assert stored()[0] == "MonSuivi Tension"


def test_it_is_the_same_with_a_second_factor(browser, review_lead, url):
    page = sign_in(browser, review_lead)
    assert page.redirect_chain[-1][0].startswith(reverse("mfa_authenticate"))

    token = {TOKEN: forms_of(page)[0][1][TOKEN]}
    page = browser.post(reverse("mfa_authenticate"), {**token, "code": code_now()}, follow=True)

    assert "Revenez à l’onglet" in page.content.decode()


def test_an_agent_whose_second_factor_is_missing_keeps_their_words_too(browser, reviewer):
    url = reverse("reviews:note", args=["2026-000001"])
    browser.force_login(reviewer, second_factor=False)

    asked = browser.post(url, {"text": "À revoir ensemble."})  # no token: asked about before the token is
    assert asked.status_code == 403 and "Confirmez votre second facteur" in asked.content.decode()
    assert given_back(asked) == {"text": ["À revoir ensemble."]}

    browser.handler.enforce_csrf_checks = False
    kept = browser.post(url, {"text": "À revoir ensemble."})
    assert kept.status_code == 403 and given_back(kept) == {"text": ["À revoir ensemble."]}
    Authenticator.objects.filter(user=reviewer, type__in=FACTORS).delete()
    assert browser.get(reverse("account_resume")).url == reverse("mfa_index")


def test_a_public_form_whose_token_is_lost_is_asked_about_without_signing_in(browser):
    asked = browser.post(reverse("diagnostic:start"), {"ELI-1": "oui"})

    assert asked.status_code == 403 and CONFIRM in asked.content.decode()
    assert "Vous êtes connecté" not in asked.content.decode()
    assert browser.post(reverse("diagnostic:start"), given_back(asked)).status_code != 403


def test_a_button_alone_leads_back_to_its_page_as_before(client, url):
    headers = {**OURS, "referer": f"http://testserver{url}"}

    response = client.post(url, {TOKEN: "x" * 64, FILLED_BY: mark_of(1)}, headers=headers)

    assert response.url.startswith(reverse("account_login"))


# --- Files and sizes ---------------------------------------------------------------------------


def test_files_are_named_until_the_end_and_their_bytes_go_nowhere(browser, contributor, url):
    file = SimpleUploadedFile("politique <1>.pdf", b"%PDF-1.4 confidential")
    lost = browser.post(url, {**SERVICE, "files": file})

    assert "confidential" not in lost.content.decode()
    assert "Un fichier sera à choisir de nouveau" in lost.content.decode()
    assert given_back(lost)[FILES] == ["politique <1>.pdf"]
    sign_in(browser, contributor)
    asked = browser.post(url, given_back(lost))
    assert "<li>politique &lt;1&gt;.pdf</li>" in asked.content.decode()


def test_what_was_not_too_large_once_is_not_too_large_again(browser, contributor, url, settings):
    """Encoded as an address is, accents take three times their place: forms are given back as parts."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 4_000
    lost = browser.post(url, {**SERVICE, "description": "é" * 1_800})
    (form,) = [form for form, _fields in forms_of(lost) if "data-held" in form]
    assert form["enctype"] == "multipart/form-data"

    sign_in(browser, contributor)
    asked = browser.post(url, given_back(lost))
    assert browser.post(url, given_back(asked)).status_code == 302
    assert stored()[1] == "é" * 1_800


def test_what_is_too_large_is_refused_as_before(browser, url, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 4_000

    assert browser.post(url, {**SERVICE, "description": "é" * 3_000}).status_code == 400


# --- Who may see it ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://autre.testserver"},
        {"sec-fetch-site": "none"},
        {"origin": "null"},
        {"origin": "https://mechant.example"},
        {"origin": "http://testserver.mechant.example"},
        {"origin": "https://testserver"},
        {"sec-fetch-site": "same-origin", "origin": "https://mechant.example"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
    ],
    ids=str,
)
def test_another_site_gets_no_echo(contributor, url, said):
    browser = SignedInClient(enforce_csrf_checks=True, headers=said)
    browser.get(reverse("account_login"))
    token = {TOKEN: browser.cookies["csrftoken"].value}
    assert browser.post(url, {**SERVICE, **token}).status_code in (302, 403)
    assert "MonSuivi" not in browser.post(url, {**SERVICE, **token}).content.decode()

    browser.force_login(contributor)
    refused = browser.post(url, SERVICE)
    assert refused.status_code == 403 and "MonSuivi" not in refused.content.decode()
    assert stored()[0] != "MonSuivi Tension"


@pytest.mark.parametrize("one", [{"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}], ids=str)
def test_one_of_the_two_headers_is_enough(url, one):
    browser = SignedInClient(enforce_csrf_checks=True, headers=one)

    assert browser.post(url, SERVICE).status_code == 401


@pytest.mark.parametrize(
    "by", [{"hx-request": "true"}, {"sec-fetch-mode": "cors"}, {"accept": "application/json"}], ids=str
)
def test_a_script_is_answered_as_before(client, url, by):
    response = client.post(url, SERVICE, headers={**OURS, **by})

    assert response.status_code == (401 if "hx-request" in by else 302)
    assert "MonSuivi" not in response.content.decode()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_answered_as_before(client, url, method):
    assert getattr(client, method)(url, "name=MonSuivi", headers=OURS).status_code == 302


def test_somebody_else_is_told_that_the_words_are_not_theirs(browser, contributor, mandataire, url):
    browser.force_login(contributor)
    typed = filled(browser, url)
    Session.objects.all().delete()
    lost = browser.post(url, {**typed, "files": SimpleUploadedFile("politique.pdf", b"%PDF-1.4")})
    sign_in(browser, mandataire)

    asked = browser.post(url, given_back(lost))

    page = asked.content.decode()
    assert ANOTHERS in page and f"Vous êtes connecté en tant que {mandataire}." in page
    assert "Envoyer sous mon nom" in page
    assert str(contributor) not in page
    for shown in ("held-words", "<li>politique.pdf</li>"):
        assert shown not in page and shown in lost.content.decode()
    assert stored()[0] != "MonSuivi Tension"
    assert browser.post(url, given_back(asked)).status_code == 302


def test_so_are_they_when_the_author_only_signed_out_in_another_tab(browser, contributor, mandataire, url):
    browser.force_login(contributor)
    typed = filled(browser, url)
    del browser.cookies["sessionid"]
    sign_in(browser, mandataire)

    assert ANOTHERS in browser.post(url, typed).content.decode()


@pytest.mark.parametrize("mark", ["", "12", "12:forged", mark_of(12) + "x", mark_of(12).replace("12:", "13:")])
def test_a_mark_that_the_portal_did_not_make_names_nobody(browser, contributor, url, mark):
    browser.force_login(contributor)

    asked = browser.post(url, {**SERVICE, FILLED_BY: mark})

    assert asked.status_code == 403 and ANOTHERS not in asked.content.decode()


def test_each_form_of_a_signed_in_person_says_whose_page_it_was_on(client, contributor, url):
    client.force_login(contributor)

    for _form, fields in forms_of(client.get(url)):
        assert fields[FILLED_BY] == [mark_of(contributor.pk)]
    client.logout()
    assert FILLED_BY not in client.get(reverse("account_login")).content.decode()


# --- What is kept ------------------------------------------------------------------------------


def test_no_browser_and_no_server_keeps_it(browser, contributor, url):
    browser.force_login(contributor)
    Session.objects.all().delete()

    with CaptureQueriesContext(connection) as queries:
        lost = browser.post(url, SERVICE)

    assert lost["Cache-Control"] == "private, no-store"
    assert [each["sql"] for each in queries if not each["sql"].startswith("SELECT")] == []
    assert not Session.objects.exists()
    check(lost)


def test_the_page_that_asks_carries_every_limit_too(browser, contributor, url):
    browser.force_login(contributor)
    asked = browser.post(url, SERVICE)

    assert asked["Cache-Control"] == "private, no-store"
    check(asked)
