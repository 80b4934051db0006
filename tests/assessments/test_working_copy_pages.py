"""A submitted dossier on its team's screens: what is examined, what waits, and what will leave."""

import pytest
from django.urls import reverse

from accounts.models import User
from assessments.models import Dossier
from assessments.operations.reviews import send_back
from questionnaires.queries import published
from tests.assessments.filled import examine, submitted_dossier
from tests.assessments.saving import save, state_of

KEY, REFUSED = "SEC-EXP-04", "SEC-GOV-02"


@pytest.fixture
def dossier(product, contributor, mandataire) -> Dossier:
    return submitted_dossier(product=product, by=contributor)


@pytest.fixture
def sent_back(dossier: Dossier, reviewer: User) -> Dossier:
    examined = examine(dossier, by=reviewer, refused=[REFUSED])
    send_back(round=examined, definition=published(dossier.edition).definition, by=reviewer)
    dossier.refresh_from_db()
    return dossier


def theme(client, dossier, slug="exploitation"):
    return client.get(reverse("dossiers:theme", args=[dossier.number, "securite", slug])).content.decode()


def change(client, dossier, key=KEY, value="non"):
    data = f"{key}-revision={state_of(dossier, key).revision}&{key}-value={value}&{key}-comment="
    return client.patch(reverse("dossiers:answer", args=[dossier.number, key]), data)


def test_whoever_fills_is_told_that_it_is_a_working_copy(client, dossier, contributor):
    client.force_login(contributor)

    shown = theme(client, dossier)

    assert "Vous modifiez votre copie de travail" in shown
    assert "Sans changement depuis la soumission du" in shown
    assert "Modification en attente" not in shown


def test_a_change_says_at_once_that_it_waits(client, dossier, contributor):
    client.force_login(contributor)

    response = change(client, dossier)

    assert response.status_code == 200
    said = response.content.decode()
    assert "Modification en attente" in said
    assert "La réponse examinée reste celle du" in said
    assert "Modification en attente" in theme(client, dossier)


def test_a_change_that_is_undone_waits_no_more(client, dossier, contributor):
    client.force_login(contributor)
    change(client, dossier)

    assert "Modification en attente" not in change(client, dossier, value="oui").content.decode()


def test_without_javascript_the_page_saves_too(client, dossier, contributor):
    client.force_login(contributor)
    address = reverse("dossiers:theme", args=[dossier.number, "securite", "exploitation"])

    client.post(address, {f"{KEY}-revision": state_of(dossier, KEY).revision, f"{KEY}-value": "non"})

    assert state_of(dossier, KEY).value == "non"


def test_what_was_sent_back_is_said_to_leave(client, sent_back, contributor):
    client.force_login(contributor)

    shown = theme(client, sent_back, "gouvernance")

    assert "Cette réponse et ses fichiers partiront avec la prochaine soumission." in shown
    assert f"/instruction/#{REFUSED}" in shown


def test_a_reader_is_told_what_they_read(client, dossier, reader):
    client.force_login(reader)

    shown = theme(client, dossier)

    assert "Lecture seule" in shown
    assert "Votre rôle permet de lire les réponses, pas de les modifier. Voici la copie de travail" in shown
    assert "Vous modifiez" not in shown


def test_the_dossier_lists_what_waits_and_counts_it_for_nothing(client, sent_back, contributor):
    save(sent_back, KEY, "non", by=contributor)
    client.force_login(contributor)

    shown = client.get(reverse("dossiers:detail", args=[sent_back.number])).content.decode()

    assert "Changements en attente (1)" in shown
    assert "Aucune exigence obligatoire n’est en écart." in shown
    assert reverse("dossiers:instruction", args=[sent_back.number]) in shown


def test_the_orientation_is_read_only_once_submitted(client, dossier, contributor):
    client.force_login(contributor)

    shown = client.get(reverse("dossiers:orientation", args=[dossier.number])).content.decode()

    assert "Enregistrer cette page" not in shown
