"""One person does not fill the mailboxes of support, nor of a company that is on the portal."""

import re

import pytest

from enrolment.models import AccountRequest
from notifications.models import Notification
from tests.enrolment.asked import DECLARED, proof_file
from tests.factories import UserFactory, siren

START = "/inscription/"
State = AccountRequest.State


@pytest.fixture
def two_an_hour(settings):
    settings.ACCOUNT_RATE_LIMITS = {"account_request": "2/h/user"}


def send(client, number, **more):
    declared = DECLARED | {"siren": siren(50_000_200 + number)}
    return client.post(START, declared | {"action": "send", "proof": proof_file()} | more)


def test_past_the_limit_the_request_is_kept_and_does_not_leave(client, alice, support, two_an_hour):
    client.force_login(alice)
    for number in range(2):
        assert send(client, number).status_code == 302

    response = send(client, 2)

    assert "Votre demande est gardée, pas envoyée" in str(response.context["form"].non_field_errors())
    assert Notification.objects.filter(recipient=support).count() == 2
    kept = AccountRequest.objects.latest("pk")
    assert (kept.state, kept.legal_name) == (State.DRAFT, DECLARED["legal_name"])
    assert kept.proof is not None


def test_a_draft_is_kept_as_often_as_one_likes(client, alice, two_an_hour):
    client.force_login(alice)

    for number in range(5):
        assert send(client, number, action="keep").status_code == 302


def test_the_limit_is_each_persons_own(client, alice, support, two_an_hour):
    for person in (alice, UserFactory.create()):
        client.force_login(person)
        for number in range(2):
            send(client, number)

    assert Notification.objects.filter(recipient=support).count() == 4


def test_the_limit_of_production_is_by_person(settings):
    """Read from the source: the tests' own settings have none."""
    words = (settings.BASE_DIR / "convergence" / "settings.py").read_text()

    assert re.search(r'"account_request": "\d+/h/user"', words)
