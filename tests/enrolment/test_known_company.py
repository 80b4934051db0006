"""A company that is on the portal already: its mandataires are told who asks, and nothing is told of its team."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Publisher
from accounts.operations.invitations import accept, invite
from audit.models import Event
from enrolment.models import AccountRequest
from enrolment.operations import approve, ask_more, refuse, submit
from notifications.models import Notification
from tests.enrolment.asked import drafted, sent, with_proof
from tests.factories import MembershipFactory, UserFactory

State = AccountRequest.State


def recipients(subject):
    return set(Notification.objects.filter(subject=subject).values_list("recipient", flat=True))


JOIN, KNOWN = "Une personne demande à vous rejoindre", "Cette entreprise est déjà inscrite"


@pytest.fixture
def team(publisher, mandataire, representative, contributor, reader, consultant):
    """Everybody of the publisher; a second mandataire, and one whose account is closed."""
    MembershipFactory.create(publisher=publisher, user__is_active=False)
    second = MembershipFactory.create(publisher=publisher).user
    return {mandataire.pk, second.pk}


def test_its_mandataires_are_told_who_asks_and_where_to_invite(alice, publisher, team, support, stranger):
    request = submit(drafted(by=alice, siren=publisher.siren), by=alice)

    assert (request.state, request.publisher, request.decided_by) == (State.DUPLICATE, publisher, None)
    assert recipients(JOIN) == team
    notice = Notification.objects.filter(subject=JOIN).first()
    assert alice.full_name in notice.body and alice.email in notice.body
    assert notice.path == reverse("accounts:team", args=[publisher.siren]) + "#inviter"
    assert not Notification.objects.filter(recipient=support).exists()


def test_the_person_learns_nothing_of_the_team(alice, publisher, team, client):
    request = submit(drafted(by=alice, siren=publisher.siren, legal_name="Ce que je crois"), by=alice)

    client.force_login(alice)
    page = client.get(request.get_absolute_url()).content.decode()
    (notice,) = Notification.objects.filter(recipient=alice)
    assert notice.subject == f"{KNOWN} (Ce que je crois)"
    for words in (page, notice.body):
        assert publisher.legal_name not in words
        for person in publisher.memberships.select_related("user"):
            assert person.user.email not in words
            assert person.user.full_name not in words
    assert client.get(reverse("accounts:team", args=[publisher.siren])).status_code == 404
    assert not alice.memberships.exists()


def test_the_journal_of_the_publisher_shows_that_somebody_asked(alice, publisher, team):
    submit(drafted(by=alice, siren=publisher.siren), by=alice)

    event = Event.objects.get(verb="account_request.duplicate")
    assert (event.publisher_id, event.actor) == (publisher.pk, None)
    assert alice.email not in str(event.data)


def test_asking_again_and_again_is_told_to_its_mandataires_once(alice, publisher, team):
    for _ in range(3):
        submit(drafted(by=alice, siren=publisher.siren), by=alice)

    assert Notification.objects.filter(subject=JOIN).count() == len(team)
    assert Notification.objects.filter(subject__startswith=KNOWN, recipient=alice).count() == 3


def test_another_person_is_told_of_too(alice, publisher, team):
    for person in (alice, UserFactory.create()):
        submit(drafted(by=person, siren=publisher.siren), by=person)

    assert Notification.objects.filter(subject=JOIN).count() == 2 * len(team)


def test_what_names_the_person_to_others_says_of_whom_it_is(alice, publisher, team, support):
    submit(drafted(by=alice, siren=publisher.siren), by=alice)
    sent(by=alice)

    others = Notification.objects.exclude(recipient=alice)
    assert {each.recipient_id for each in others} == {*team, support.pk}
    assert {each.about for each in others} == {alice}


def test_the_mandataire_may_then_invite_the_person(alice, publisher, team, mandataire):
    submit(drafted(by=alice, siren=publisher.siren), by=alice)

    invitation = invite(publisher, email=alice.email, role="contributor", by=mandataire)
    accept(invitation, by=alice)
    assert alice.memberships.get().publisher == publisher


def test_a_company_opened_while_two_people_waited_is_opened_once(alice, support):
    bob = UserFactory.create()
    first, second = sent(by=alice), sent(by=bob)
    approve(first, by=support)

    second = approve(second, by=support)

    publisher = Publisher.objects.get()
    assert (second.state, second.publisher, second.decided_by) == (State.DUPLICATE, publisher, support)
    assert recipients(JOIN) == {alice.pk}
    assert not bob.memberships.exists()


def test_a_company_opened_before_the_answer_stops_the_second_person_then(alice, support):
    bob = UserFactory.create()
    second = ask_more(sent(by=bob), by=support, text="Qui êtes-vous ?")
    approve(sent(by=alice), by=support)

    assert submit(second, by=bob, answer="Moi.").state == State.DUPLICATE


def test_a_request_at_a_known_siren_may_still_be_refused(alice, support):
    bob = UserFactory.create()
    first, second = sent(by=alice), sent(by=bob)
    approve(first, by=support)

    assert refuse(second, by=support, reason="Vous n’en êtes pas.").publisher is None
    assert not recipients(JOIN)


def test_a_consultants_end_is_no_obstacle_to_asking_for_their_own_company(consultant, support):
    consultant.memberships.update(expires_at=timezone.now() - timedelta(days=1))

    request = approve(sent(by=consultant), by=support)
    assert consultant.memberships.get(publisher=request.publisher).role == "mandataire"


def test_a_proof_given_for_a_known_company_stays_out_of_its_library(alice, publisher, team, mandataire, client):
    request = submit(with_proof(by=alice, siren=publisher.siren), by=alice)

    client.force_login(mandataire)
    assert client.get(reverse("evidence:file", args=[request.proof_id])).status_code == 404
