"""/compte/: one's own account, and one's name."""

from django.urls import reverse

from audit.models import Event

URL = reverse("account_home")


def test_a_name_is_corrected_and_the_trail_keeps_neither_of_the_two(client, contributor):
    client.force_login(contributor)

    response = client.post(URL, {"full_name": " Camille Nouvelle "})

    contributor.refresh_from_db()
    assert (response.status_code, response.url) == (302, URL)
    assert contributor.full_name == "Camille Nouvelle"
    event = Event.objects.get(verb="account.renamed", actor=contributor)
    assert "Camille" not in str(event.data)


def test_an_empty_name_is_told_at_its_field_and_changes_nothing(client, contributor):
    client.force_login(contributor)

    response = client.post(URL, {"full_name": "  "})

    assert "Saisissez votre nom." in response.content.decode()
    contributor.refresh_from_db()
    assert contributor.full_name


def test_the_same_name_leaves_no_trace(client, contributor):
    client.force_login(contributor)

    client.post(URL, {"full_name": contributor.full_name})

    assert not Event.objects.filter(verb="account.renamed").exists()
