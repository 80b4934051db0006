"""/compte/adresses/"""

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
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


def test_one_confirmed_address_alone_has_nothing_to_choose(client, contributor):
    client.force_login(contributor)

    page = client.get(reverse("account_email")).content.decode()

    for words in ("En faire la principale", "Renvoyer la confirmation", "Retirer"):
        assert words not in page


def test_the_confirmation_is_sent_again_only_to_an_address_that_waits(client, contributor):
    client.force_login(contributor)
    other = EmailAddress.objects.create(user=contributor, email="autre@editeur.example", verified=False)
    assert "Renvoyer la confirmation" in client.get(reverse("account_email")).content.decode()

    other.verified = True
    other.save(update_fields=["verified"])
    page = client.get(reverse("account_email")).content.decode()

    assert "Renvoyer la confirmation" not in page
    assert "En faire la principale" in page


def test_an_added_address_that_is_confirmed_leads_back_to_where_it_is_made_the_main_one(client, contributor):
    client.force_login(contributor)
    added = EmailAddress.objects.create(user=contributor, email="autre@editeur.example", verified=False)

    response = client.post(reverse("account_confirm_email", args=[EmailConfirmationHMAC(added).key]))

    assert response.url == reverse("account_email")
