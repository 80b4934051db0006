"""What is consequential asks people to prove again who they are, and is done once they have."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import get_resolver, reverse

from accounts.management.commands.sync_roles import sync_roles
from accounts.models import Invitation, Membership
from accounts.templatetags.proving import PURPOSES
from questionnaires.models import Edition, PublicationStatus
from questionnaires.operations.storing import store_edition
from tests.accounts.test_second_factor import code_at
from tests.clients import SignedInClient
from tests.factories import PASSWORD
from tests.questionnaires import builders
from tests.world import DATA, address_of

WHO = {
    "accounts:team": "mandataire",
    "accounts:member": "mandataire",
    "accounts:member-remove": "mandataire",
    "accounts:invitation-resend": "mandataire",
    "accounts:invitation-revoke": "mandataire",
    "consultants:dossiers": "mandataire",
    "dossiers:submit": "representative",
    "enrolment:examine": "support",
    "results:close": "review_lead",
    "reviews:assign": "review_lead",
    "privacy:close": "contributor",
    "questionnaires:publish": "editor",
    "questionnaires:retire": "editor",
    # allauth's own: what protects the account itself.
    "account_email": "contributor",
    "usersessions_list": "contributor",
    "mfa_activate_totp": "contributor",
    "mfa_add_webauthn": "contributor",
}
SENT = {"account_email": {"action_add": "", "email": "nouvelle@editeur.example"}}
ONLY_SENT = (
    *("accounts:invitation-resend", "accounts:invitation-revoke", "reviews:assign"),
    *("questionnaires:publish", "questionnaires:retire"),
)
READ_TOO = ("mfa_activate_totp", "mfa_add_webauthn")


def test_an_old_session_is_asked_again_before_each_consequential_act_and_nothing_is_done(world):
    for name, role in WHO.items():
        client = SignedInClient()
        client.force_login(world.people[role])
        client.forget_the_proof()
        with transaction.atomic():
            data = DATA[name](world) if name in DATA else SENT.get(name, {"nothing": ""})
            response = client.post(address_of(world, name), data)
            transaction.set_rollback(True)

        assert response.status_code == 302, (name, response.context and response.context["form"].errors)
        assert response.headers["Location"].partition("?")[0] == reverse("account_reauthenticate"), name


def test_what_is_only_read_asks_nothing(world):
    for name, role in WHO.items():
        if name in (*READ_TOO, *ONLY_SENT):
            continue
        client = SignedInClient()
        client.force_login(world.people[role])
        client.forget_the_proof()

        assert client.get(address_of(world, name)).status_code == 200, name


def test_a_copy_of_personal_data_is_handed_over_to_who_proved_it_again(world):
    client = SignedInClient()
    client.force_login(world.people["contributor"])
    client.forget_the_proof()

    assert (
        client.get(address_of(world, "privacy:download"))
        .headers["Location"]
        .startswith(reverse("account_reauthenticate"))
    )


@pytest.mark.django_db
def test_the_act_is_done_with_what_was_typed_once_the_password_is_given(client, publisher, mandataire):
    mandataire.set_password("une phrase assez longue")
    mandataire.save()
    client.force_login(mandataire)
    client.forget_the_proof()
    team = reverse("accounts:team", args=[publisher.siren])

    asked = client.post(team, {"email": "bob@editeur.example", "role": "reader"})
    wrong = client.post(asked.url, {"password": "une autre phrase", "next": team})
    assert "Ce n’est pas votre mot de passe" in wrong.content.decode()
    assert not Invitation.objects.exists()

    client.post(asked.url, {"password": "une phrase assez longue", "next": team})
    assert Invitation.objects.get().email == "bob@editeur.example"


@pytest.mark.django_db
def test_what_is_proved_by_a_password_gives_the_session_another_key(client, contributor):
    client.post(reverse("account_login"), {"login": contributor.email, "password": PASSWORD})
    client.forget_the_proof()
    former = client.session.session_key

    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert client.session.session_key != former
    assert not Session.objects.filter(session_key=former).exists()
    assert client.get(reverse("usersessions_list")).content.decode().count("Cette session") == 1


def test_so_does_what_is_proved_by_a_code(client, reviewer):
    client.force_login(reviewer, second_factor=False)
    former = client.session.session_key

    with time_machine.travel(datetime(2026, 3, 2, 8, 0, tzinfo=UTC), tick=False):
        client.post(reverse("mfa_reauthenticate"), {"code": code_at(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))})

    assert client.session.session_key != former


def test_a_wrong_password_changes_no_key(client, contributor):
    client.force_login(contributor)
    former = client.session.session_key

    client.post(reverse("account_reauthenticate"), {"password": "une autre phrase de passe"})

    assert client.session.session_key == former


def test_whoever_signed_in_a_moment_ago_is_not_asked(client, publisher, mandataire):
    client.force_login(mandataire)

    client.post(reverse("accounts:team", args=[publisher.siren]), {"email": "bob@editeur.example", "role": "reader"})

    assert Invitation.objects.count() == 1


def test_a_right_lost_while_proving_is_lost(client, publisher, mandataire, representative):
    """The act is judged when it is done, not when it was asked."""
    representative.set_password("une phrase assez longue")
    representative.save()
    client.force_login(representative)
    client.forget_the_proof()
    team = reverse("accounts:team", args=[publisher.siren])
    asked = client.post(team, {"email": "bob@editeur.example", "role": "reader"})
    representative.memberships.update(role=Membership.Role.READER)

    done = client.post(asked.url, {"password": "une phrase assez longue", "next": team})

    assert done.status_code == 403
    assert not Invitation.objects.exists()


def test_publishing_a_questionnaire_asks_again(client, editor):
    client.force_login(editor)
    edition = store_edition(builders.edition(builders.question("Q-T-01")))
    client.forget_the_proof()

    response = client.post(reverse("questionnaires:publish", args=[edition.code]))

    assert response.url.startswith(reverse("account_reauthenticate"))
    assert Edition.objects.get().status == PublicationStatus.DRAFT


def test_closing_somebodys_account_in_the_administration_asks_again(client, administrator, reader):
    sync_roles()
    client.force_login(administrator)
    client.forget_the_proof()

    response = client.post(reverse("admin:accounts_user_change", args=[reader.pk]), {})

    assert response.url.startswith(reverse("account_reauthenticate"))
    reader.refresh_from_db()
    assert reader.is_active


# --- What it is for, said where it is asked ---------------------------------------------------------


def test_every_purpose_is_that_of_an_address():
    for name in PURPOSES:
        assert any(address for address, _arguments in get_resolver_dict(name)), name


def get_resolver_dict(name: str) -> list[tuple[str, list[str]]]:
    """What `reverse` knows of a name, whatever arguments it takes."""
    resolver = get_resolver()
    *namespaces, last = name.split(":")
    for namespace in namespaces:
        resolver = resolver.namespace_dict[namespace][1]
    return [found[0][0] for found in resolver.reverse_dict.getlist(last)]


def test_a_form_that_waits_says_for_what_one_proves_who_one_is(client, publisher, mandataire):
    client.force_login(mandataire)
    client.forget_the_proof()
    address = reverse("accounts:team", args=[publisher.siren])

    page = client.post(address, {"email": "ami@ailleurs.example", "role": "reader"}, follow=True).content.decode()

    assert "Avant de inviter" not in page
    assert "Pour inviter une personne, prouvez que c’est bien vous." in page
    assert "Renoncer" in page


def test_a_page_that_is_only_read_says_it_too(client, contributor):
    client.force_login(contributor)
    client.forget_the_proof()

    page = client.get(reverse("mfa_add_webauthn"), follow=True).content.decode()

    assert "Pour ajouter une clé d’accès" in page


@pytest.mark.parametrize("asked", ["", "/nulle-part/", "https://ailleurs.example/"])
def test_an_address_that_means_nothing_is_told_in_general_words(client, contributor, asked):
    client.force_login(contributor)

    page = client.get(reverse("account_reauthenticate"), {"next": asked}).content.decode()

    assert "Ce que vous allez faire est important." in page
