"""Whoever has done anything at all on the portal is named nowhere once their account is erased."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.urls import reverse

from accounts.models import Membership, Publisher, StaffRole, User
from accounts.operations.invitations import accept, invite
from accounts.operations.staff import take_staff_role
from accounts.operations.teams import change_role
from assessments.operations.assignments import assign, recuse
from assessments.operations.consultants import grant_exactly
from enrolment.operations import approve, ask_more, expire, refuse, submit
from privacy.operations.erasure import erase_account
from tests.assessments.filled import submitted_dossier
from tests.cast import TEAM
from tests.clients import SignedInClient
from tests.enrolment.asked import drafted, sent, with_proof
from tests.factories import MembershipFactory, ProductFactory, UserFactory, siren
from tests.privacy.test_erase_account import whole_database
from tests.world import build_world

FIRST = 50_000_400


@pytest.fixture
def everybody(db):
    """The world of the access tests, where everything was done at least once, and what names people besides."""
    world = build_world()
    people = world.people
    _in_teams(world)
    _at_the_door(people, world.product.publisher)
    _among_staff(world)
    return people


def _in_teams(world):
    people, publisher = world.people, world.product.publisher
    for role in ("mandataire", "representative"):
        waiting = f"{role}.invite@ailleurs.example"
        invite(publisher, email=waiting, role="reader", by=people[role])
        guest = UserFactory.create(email=f"{role}.accepte@ailleurs.example", full_name=f"Invitée de {role}")
        accept(invite(publisher, email=guest.email, role="reader", by=people[role]), by=guest)
    change_role(people["reader"].memberships.get(publisher=publisher), by=people["mandataire"], role="contributor")
    consulted = people["consultant"].memberships.get()
    grant_exactly(consulted, [], by=people["mandataire"])
    grant_exactly(consulted, [world.filling], by=people["mandataire"])


def _at_the_door(people, publisher):
    """Each asks for companies in their own name, and each request ends another way."""
    support, numbers = people["support"], iter(range(FIRST, FIRST + 100))
    for person in (people["stranger"], people["consultant"], *(people[role] for role in TEAM)):
        own = {"signatory_name": person.full_name}
        new = lambda: own | {"siren": siren(next(numbers))}  # noqa: B023, E731 — used in this very turn
        drafted(by=person, **new())
        expire(with_proof(by=person, **new()))
        refuse(sent(by=person, **new()), by=support, reason=f"{person} n’engage pas cette entreprise.")
        asked = ask_more(sent(by=person, **new()), by=support, text=f"{person}, qui êtes-vous ?")
        submit(asked, by=person, answer=f"Je suis {person}.")
        asked = ask_more(sent(by=person, siren=siren(next(numbers))), by=support, text=f"Êtes-vous {person} ?")
        approve(submit(asked, by=person, answer=f"{person}."), by=support)
    asker = UserFactory.create(email="demandeuse@ailleurs.example", full_name="Hyacinthe Demandeuse")
    submit(drafted(by=asker, siren=publisher.siren, signatory_name=asker.full_name), by=asker)


def _among_staff(world):
    people = world.people
    other = ProductFactory.create(publisher=world.product.publisher)
    dossier = submitted_dossier(product=other, by=people["mandataire"])
    assign(dossier.review, reviewer=people["reviewer"], by=people["review_lead"])
    colleague = UserFactory.create(staff_role=StaffRole.REVIEW_LEAD, full_name="Claude Collègue")
    recuse(dossier.review, by=people["reviewer"], reason="J’y ai travaillé.")
    recuse(world.review.review, by=colleague, reason="J’y ai travaillé.")
    client = SignedInClient()
    client.force_login(people["administrator"])
    for person in User.objects.exclude(pk=people["administrator"].pk).filter(is_superuser=False):
        for box in ({}, {"is_active": "on"}):
            form = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"} | box
            client.post(reverse("admin:accounts_user_change", args=[person.pk]), form)


def _left_of(user):
    """Which of their words the database still holds once they alone are erased; they come back at once."""
    words = {user.full_name, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    with transaction.atomic():
        for name in user.staff_roles:
            take_staff_role(user, StaffRole(name), by=None)
        erase_account(User.objects.get(pk=user.pk), by=None)
        left = whole_database()
        transaction.set_rollback(True)
    # « Camille Personne 1 » is not « Camille Personne 10 ».
    return {word for word in words if re.search(rf"{re.escape(word)}(?!\d)", left)}


def test_nobody_of_the_whole_cast_is_named_anywhere_once_erased(everybody):
    spare = UserFactory.create(email="reste@ailleurs.example", full_name="Reste Seule")
    for publisher in Publisher.objects.all():
        MembershipFactory.create(publisher=publisher, user=spare, role=Membership.Role.MANDATAIRE)

    found = {str(person): left for person in User.objects.exclude(pk=spare.pk) if (left := _left_of(person))}

    assert found == {}
