"""Two cookies, as docs/register-of-processing.md and the notice say: the session's, and the forms'."""

from django.urls import reverse

from tests.clients import SignedInClient
from tests.factories import PASSWORD


def test_a_day_at_the_portal_gives_these_two_and_no_other(client, contributor, settings):
    """What most of these steps tell waits for the next page."""
    steps = [
        ("account_reset_password", {"email": contributor.email}),
        ("account_login", {"login": contributor.email, "password": "une mauvaise phrase"}),
        ("account_login", {"login": contributor.email, "password": PASSWORD}),
        ("account_home", {"full_name": "Un autre nom"}),
        ("usersessions_list", {}),
        ("account_logout", {}),
    ]
    responses = [client.get(reverse("account_signup")), *(client.post(reverse(name), typed) for name, typed in steps)]

    given = {name for response in responses for name in response.cookies}

    assert given == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}


def test_what_is_told_is_still_read_on_the_next_page(client, contributor):
    client.force_login(contributor)

    page = client.post(reverse("account_home"), {"full_name": "Un autre nom"}, follow=True).content.decode()

    assert "Votre nom est enregistré." in page
    assert "Votre nom est enregistré." not in client.get(reverse("account_home")).content.decode()


def test_so_is_what_is_told_to_somebody_who_has_just_signed_out(contributor):
    client = SignedInClient()
    client.post(reverse("account_login"), {"login": contributor.email, "password": PASSWORD})
    client.get(reverse("account_home"))

    page = client.post(reverse("account_logout"), follow=True).content.decode()

    assert "portal-messages" in page
    assert "_auth_user_id" not in client.session
