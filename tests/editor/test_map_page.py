"""The pages of the map: what needs a decision comes first, and each old question is decided on its own."""

from dataclasses import replace

import pytest

from questionnaires import engine
from questionnaires.models import Version
from questionnaires.operations.editions import begin_edition
from questionnaires.operations.questions import save_question
from questionnaires.rows import read_version
from tests.editor.drafts import FIRST, SECOND, a_draft, content_of, publish
from tests.editor.pages import shown, url, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def client(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def draft(editor) -> Version:
    edition = publish(a_draft()).editions.get()
    return begin_edition(source=edition, code="2028", title="Édition 2028", by=editor).versions.get()


def said_of(version: Version, key: str) -> engine.Move | None:
    migration = read_version(version).migration
    return engine.move_of(migration, key) if migration else None


def seen(client, page: str) -> str:
    return str(client.get(page).context["seen"])


def test_nothing_needs_a_decision_while_nothing_has_changed(client, draft):
    page = shown(client, url("map", draft))

    assert "Tout est décidé." in page
    assert "Mettre la carte à jour" not in page


def test_a_question_that_changed_needs_one_and_the_map_offers_to_follow(client, draft, editor):
    changed = replace(content_of(draft, FIRST), wording="Dit autrement ?")
    save_question(version=draft, content=changed, base_revision=0, by=editor)

    page = shown(client, url("map", draft))
    assert "1 question demande une décision" in page
    assert "ne faut-il pas la reconfirmer" in page

    assert "La carte suit ce que dit le brouillon." in words_of(client.post(url("map-refresh", draft), follow=True))
    assert said_of(draft, FIRST).operation is engine.Operation.RECONFIRM


def test_what_becomes_of_a_question_is_decided_on_its_page(client, draft):
    page = url("map-move", draft, FIRST)
    sent = {"operation": "drop", "targets": [FIRST], "why": "Elle <b>n’est</b> plus utile.", "seen": seen(client, page)}

    told = words_of(client.post(page, sent, follow=True))

    assert f"Ce que devient {FIRST} est enregistré." in told
    assert said_of(draft, FIRST) == engine.Move(
        operation=engine.Operation.DROP, sources=(FIRST,), why="Elle <b>n’est</b> plus utile."
    )
    assert "Elle <b>n’est</b>" not in client.get(url("map", draft)).content.decode()


def test_a_decision_taken_from_an_older_page_is_not_saved_and_stays_typed(client, draft):
    page = url("map-move", draft, FIRST)
    old = seen(client, page)
    client.post(page, {"operation": "drop", "why": "Plus utile.", "seen": old})

    response = client.post(page, {"operation": "reconfirm", "targets": [FIRST], "why": "À relire.", "seen": old})

    assert response.status_code == 409
    assert "À relire." in response.content.decode()
    assert said_of(draft, FIRST).operation is engine.Operation.DROP


def test_what_is_missing_is_said_at_its_field(client, draft):
    page = url("map-move", draft, FIRST)
    response = client.post(page, {"operation": "", "targets": ["Q-ZZ"], "seen": seen(client, page)})

    assert response.status_code == 422
    assert "« Q-ZZ » n’est pas une question de la nouvelle version." in words_of(response)


def test_a_choice_that_is_gone_is_led_to_another(client, draft, editor):
    asked = content_of(draft, SECOND)
    assert asked.choices, "the test needs a question with choices"
    gone, *kept = asked.choices
    renamed = replace(gone, value="neuf", label="Neuf")
    save_question(version=draft, content=replace(asked, choices=(renamed, *kept)), base_revision=0, by=editor)
    page = url("map-move", draft, SECOND)

    fields = {"operation": "reconfirm", "targets": [SECOND], "why": "Un choix change de nom."}
    client.post(page, {**fields, f"choice:{SECOND}:{gone.value}": "neuf", "seen": seen(client, page)})

    assert said_of(draft, SECOND).choices == (
        engine.ChoiceMove(source=SECOND, target=SECOND, old=gone.value, new="neuf"),
    )


def test_the_time_to_follow_is_asked_in_days(client, draft):
    assert "Le délai est enregistré." in words_of(client.post(url("map-grace", draft), {"days": "30"}, follow=True))
    assert "Écrivez un nombre de jours" in words_of(
        client.post(url("map-grace", draft), {"days": "un mois"}, follow=True)
    )
    assert read_version(draft).migration.grace_days == 30


def test_a_first_version_has_nothing_to_take_up(client):
    assert "C’est la première version" in shown(client, url("map", a_draft()))


def test_the_map_of_a_published_version_is_read_only(client, draft):
    publish(draft)

    assert "Délai pour suivre" in shown(client, url("map", draft))
    assert client.get(url("map-move", draft, FIRST)).status_code == 404
    assert "sa carte ne change plus" in words_of(client.post(url("map-refresh", draft), follow=True))
