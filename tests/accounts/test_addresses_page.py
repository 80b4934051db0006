"""/compte/adresses/"""

from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

URL = "/compte/adresses/"


def test_an_added_address_waits_for_its_message(client, mandataire):
    client.force_login(mandataire)

    response = client.post(URL, {"action_add": "", "email": "autre@editeur.example"})

    assert response.url == reverse("account_email")
    assert not EmailAddress.objects.get(email="autre@editeur.example").verified
    assert mail.outbox[0].to == ["autre@editeur.example"]
    assert mail.outbox[0].subject == "[Convergence] Confirmez votre adresse"


def test_a_confirmed_address_can_become_the_main_one(client, mandataire):
    EmailAddress.objects.create(user=mandataire, email="autre@editeur.example", verified=True)
    client.force_login(mandataire)

    client.post(URL, {"action_primary": "", "email": "autre@editeur.example"})

    mandataire.refresh_from_db()
    assert mandataire.email == "autre@editeur.example"


def test_the_main_address_cannot_be_removed(client, mandataire):
    EmailAddress.objects.create(user=mandataire, email="autre@editeur.example", verified=True)
    client.force_login(mandataire)

    response = client.post(URL, {"action_remove": "", "email": mandataire.email}, follow=True)

    assert "choisissez-en d’abord une autre" in response.content.decode()
    assert EmailAddress.objects.filter(email=mandataire.email).exists()
