"""/diagnostic/ and the page of a conclusion."""

import uuid

from django.urls import reverse

from accounts.models import User
from assessments.models import Diagnostic
from tests.factories import PASSWORD

URL = "/diagnostic/"
ELIGIBLE = {"DIA-01": "oui", "DIA-02": "ouvert"}


def test_a_visitor_reads_the_two_questions(client, published):
    page = client.get(URL).content.decode()

    assert "s’adresse-t-il directement aux usagers" in page
    assert page.count("<fieldset") == 2


def test_a_visitor_gets_the_verdict_first_then_why_then_what_to_do(client, published):
    response = client.post(URL, ELIGIBLE, follow=True)

    page = response.content.decode()
    verdict = page.index("Votre service peut prétendre au catalogue</h1>")
    assert verdict < page.index("Il s’adresse aux usagers") < page.index("Que faire maintenant")
    assert page.index("Que faire maintenant") < page.index("Créer mon compte</button>") < page.index("Recommencer")


def test_the_address_of_a_conclusion_can_be_shared(client, published):
    outcome = client.post(URL, ELIGIBLE).url
    client.logout()

    response = client.get(outcome)

    assert response.status_code == 200
    assert f"http://testserver{outcome}" in response.content.decode()


def test_a_missing_answer_is_asked_for_and_the_other_stays(client, published):
    page = client.post(URL, {"DIA-01": "oui"}).content.decode()

    assert "Choisissez une réponse" in page
    assert page.count(" checked") == 1
    assert not Diagnostic.objects.exists()


def test_an_answer_that_was_not_offered_is_refused(client, published):
    response = client.post(URL, ELIGIBLE | {"DIA-02": "peut-être"})

    assert response.status_code == 200
    assert not Diagnostic.objects.exists()


def test_an_unknown_token_is_not_found(client, db):
    assert client.get(reverse("diagnostic:outcome", args=[uuid.uuid4()])).status_code == 404


def test_without_a_published_diagnostic_the_page_says_so(client, db):
    response = client.get(URL)

    assert response.status_code == 503
    assert "pas encore en ligne" in response.content.decode()


def sign_up(client):
    typed = {"full_name": "Alice", "email": "alice@editeur.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), typed)
    return User.objects.get()


def test_the_conclusion_follows_its_author_into_the_account(client, published):
    outcome = client.post(URL, ELIGIBLE).url
    assert client.post(f"{outcome}compte/").url == reverse("account_signup")
    assert "Le résultat de votre diagnostic sera gardé" in client.get(reverse("account_signup")).content.decode()

    alice = sign_up(client)

    assert outcome == reverse("diagnostic:outcome", args=[alice.diagnostics.get().token])
    assert "diagnostic_to_keep" not in client.session


def test_a_shared_conclusion_can_be_kept_by_the_colleague_who_opens_the_account(client, published):
    outcome = client.post(URL, ELIGIBLE).url
    client.cookies.clear()

    client.post(f"{outcome}compte/")

    assert sign_up(client).diagnostics.count() == 1


def test_a_conclusion_that_belongs_to_somebody_is_not_given_away(client, published, mandataire):
    client.force_login(mandataire)
    outcome = client.post(URL, ELIGIBLE).url
    client.logout()
    client.post(f"{outcome}compte/")

    typed = {"full_name": "Bob", "email": "bob@editeur.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), typed)

    assert mandataire.diagnostics.count() == 1
    assert not User.objects.get(email="bob@editeur.example").diagnostics.exists()


def test_somebody_signed_in_finds_their_conclusions_again(client, published, mandataire):
    client.force_login(mandataire)
    outcome = client.post(URL, ELIGIBLE).url

    assert outcome in client.get(URL).content.decode()


def test_keeping_is_never_a_link(client, published):
    outcome = client.post(URL, ELIGIBLE).url

    assert client.get(f"{outcome}compte/").status_code == 405
