"""The journal narrowed to one person: a person of the team, and what they did in it."""

import pytest
from django.urls import reverse

from accounts.models import StaffRole, User
from assessments.models import Dossier
from audit.operations import record
from tests.assessments.filled import examine, submitted_dossier

NOTHING_CHOSEN = '<option value="">'


@pytest.fixture
def examined(product, mandataire, reviewer) -> Dossier:
    dossier = submitted_dossier(product=product, by=mandataire)
    examine(dossier, by=reviewer)
    record("round.sent", dossier, by=reviewer, publisher=product.publisher_id, dossier=dossier.number)
    return dossier


@pytest.fixture
def page(client, publisher, mandataire):
    client.force_login(mandataire)
    address = reverse("accounts:journal", args=[publisher.siren])
    return lambda number="": client.get(address, {"personne": number}).context


def shown(context):
    return [(entry.at, entry.sentence) for entry in context["entries"]]


def test_no_number_tells_which_agent_acted(examined, page, mandataire):
    """Neither an agent's, nor that of somebody who did nothing: both give the whole journal."""
    everything = shown(page())
    assert "a envoyé un tour d’instruction" in [sentence for _at, sentence in everything]

    others = User.objects.exclude(pk=mandataire.pk).values_list("pk", flat=True)

    assert [pk for pk in others if shown(page(pk)) != everything] == []


def test_a_person_of_the_team_is_chosen_and_stays_so(examined, page, mandataire):
    context = page(mandataire.pk)

    assert {entry.who for entry in context["entries"]} == {str(mandataire)}
    assert context["person"] == mandataire


def test_what_a_former_member_did_as_an_agent_is_not_told_by_choosing_them(examined, page, contributor, reviewer):
    record("product.updated", examined, by=contributor, publisher=examined.product.publisher_id)
    contributor.memberships.all().delete()
    contributor.groups.set(reviewer.groups.all())
    agent = User.objects.get(pk=contributor.pk)
    assert agent.staff_roles == {StaffRole.REVIEWER}
    record("round.sent", examined, by=agent, publisher=examined.product.publisher_id)

    assert [entry.sentence for entry in page(agent.pk)["entries"]] == ["a modifié un produit"]
