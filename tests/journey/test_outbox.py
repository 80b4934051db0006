"""Nothing typed is lost: a cut network, a closed tab, an ended session, an answer that was lost on its way back."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from assessments.models import AnswerRevision, Dossier
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import save, state_of
from tests.journey import filling
from tests.journey.conftest import OpenBrowser
from tests.journey.network import cut, lose_the_answers, mend, restart_the_server
from tests.live import accessibility_problems, sign_in, wait_until

KEY, ELSEWHERE = "SEC-TRA-01", "SEC-GOV-01"
WRITTEN = "Nos journaux sont gardés un an, chez notre hébergeur, et relus chaque semaine."


@pytest.fixture
def dossier(questionnaires, product, contributor) -> Dossier:
    return filled_dossier(product=product, by=contributor, answers={KEY: None, ELSEWHERE: None})


@pytest.fixture
def address(dossier) -> str:
    return reverse("dossiers:theme", args=[dossier.number, "securite", "tracabilite"])


@pytest.fixture
def theme(open_browser: OpenBrowser, address: str, contributor: User) -> Page:
    page = open_browser(contributor)
    page.goto(address)
    return page


def write(page: Page, text: str = WRITTEN, key: str = KEY) -> None:
    """Type a comment and leave the field, without waiting for anything."""
    card = filling.card(page, key)
    if not filling.field(page, key, "comment").is_visible():
        card.get_by_text("Commentaire pour l’examinateur").first.click()
    filling.field(page, key, "comment").fill(text)
    filling.field(page, key, "comment").blur()


def comments(dossier: Dossier, key: str = KEY) -> list[str]:
    revisions = AnswerRevision.objects.filter(answer__assessment__dossier=dossier, answer__question__key=key)
    return list(revisions.exclude(comment="").order_by("number").values_list("comment", flat=True))


def is_saved(dossier: Dossier, text: str = WRITTEN, key: str = KEY) -> None:
    wait_until(lambda: state_of(dossier, key).comment == text, "the comment in the database", seconds=15)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("indexedDB.open = () => ({});", id="never answers"),
        pytest.param("IDBDatabase.prototype.transaction = () => { throw new Error(); };", id="was closed"),
        pytest.param("IDBTransaction.prototype.commit = undefined;", id="is old"),
    ],
)
def test_a_browser_that_can_keep_nothing_saves_all_the_same(
    open_browser: OpenBrowser, dossier: Dossier, address: str, contributor: User, broken: str
):
    page = open_browser(contributor)
    page.add_init_script(broken)
    page.goto(address)

    write(page)

    expect(page.locator(f"#etat-{KEY}")).to_contain_text("Enregistré à")
    assert comments(dossier) == [WRITTEN]


def test_what_is_written_while_the_network_is_cut_leaves_by_itself_once_it_is_back(theme, dossier):
    cut(theme)
    write(theme)
    expect(theme.locator(f"#etat-{KEY}")).to_contain_text("En attente du réseau")
    expect(theme.locator("#a-enregistrer p")).to_have_text("Une réponse attend le réseau, gardée dans ce navigateur.")
    assert not accessibility_problems(theme)

    mend(theme)

    expect(theme.locator(f"#etat-{KEY}")).to_contain_text("Enregistré à", timeout=15_000)
    expect(theme.locator("#a-enregistrer")).to_be_hidden()
    assert comments(dossier) == [WRITTEN]


def test_what_a_closed_tab_held_is_back_and_saved_when_the_page_is_opened_again(theme, dossier, address):
    cut(theme)
    write(theme)
    expect(theme.locator(f"#etat-{KEY}")).to_contain_text("En attente du réseau")
    again = theme.context.new_page()
    theme.close()

    again.goto(address)

    expect(filling.field(again, KEY, "comment")).to_have_value(WRITTEN)
    is_saved(dossier)


def test_what_waits_is_sent_from_any_page_of_questions_of_the_dossier(theme, dossier):
    cut(theme)
    write(theme)
    expect(theme.locator(f"#etat-{KEY}")).to_contain_text("En attente du réseau")
    again = theme.context.new_page()
    theme.close()

    again.goto(reverse("dossiers:theme", args=[dossier.number, "securite", "gouvernance"]))

    is_saved(dossier)
    expect(again.locator("#a-enregistrer")).to_be_hidden()


def test_what_waits_is_sent_again_from_another_page_once_the_server_has_restarted(theme, dossier):
    cut(theme)
    write(theme)
    expect(theme.locator(f"#etat-{KEY}")).to_contain_text("En attente du réseau")
    again = theme.context.new_page()
    theme.close()
    restart_the_server(again)
    with again.expect_response(lambda response: response.status == 502):
        again.goto(reverse("dossiers:theme", args=[dossier.number, "securite", "gouvernance"]))

    mend(again)

    is_saved(dossier)
    expect(again.locator("#a-enregistrer")).to_be_hidden()


def test_an_ended_session_is_opened_again_beside_the_page_which_keeps_every_word(
    theme, dossier, contributor, live_server
):
    Session.objects.all().delete()
    write(theme)
    dialog = theme.get_by_role("dialog")
    expect(dialog).to_contain_text("Votre session est terminée")
    assert not accessibility_problems(theme)
    assert comments(dossier) == []

    sign_in(theme, live_server, contributor)

    expect(dialog).to_be_hidden(timeout=10_000)
    expect(theme.locator(f"#etat-{KEY}")).to_contain_text("Enregistré à")
    assert comments(dossier) == [WRITTEN]
    # What follows is saved too: the page has the token of its new session.
    write(theme, "Et relus chaque jour depuis mars.")
    is_saved(dossier, "Et relus chaque jour depuis mars.")


def test_a_session_that_is_opened_again_later_is_still_asked_for_above_the_page(
    theme, dossier, contributor, live_server
):
    Session.objects.all().delete()
    write(theme)
    theme.get_by_role("button", name="Plus tard").click()
    write(theme, "Un an, puis effacés.")
    banner = theme.locator("#a-enregistrer")
    expect(banner.get_by_role("link", name="Me reconnecter")).to_be_visible()
    expect(banner.locator("p")).to_contain_text("Une réponse attend que vous vous reconnectiez")
    expect(theme.get_by_role("dialog")).to_be_hidden()

    sign_in(theme, live_server, contributor)

    expect(banner).to_be_hidden(timeout=10_000)
    is_saved(dossier, "Un an, puis effacés.")


def test_whoever_else_signs_in_neither_sees_nor_sends_what_waits(
    theme, dossier, address, representative, contributor, live_server
):
    cut(theme)
    write(theme)
    expect(theme.locator(f"#etat-{KEY}")).to_contain_text("En attente du réseau")
    again = theme.context.new_page()
    theme.close()
    sign_in(again, live_server, representative)

    again.goto(address)
    again.wait_for_load_state("networkidle")

    expect(filling.field(again, KEY, "comment")).to_have_value("")
    assert comments(dossier) == []
    sign_in(again, live_server, contributor)
    again.goto(address)
    is_saved(dossier)


def test_an_answer_whose_confirmation_was_lost_is_saved_once(theme, dossier):
    lose_the_answers(theme)
    write(theme)
    expect(theme.locator(f"#etat-{KEY}")).to_contain_text("En attente du réseau")

    mend(theme)

    expect(theme.locator(f"#etat-{KEY}")).to_contain_text("Enregistré à", timeout=15_000)
    assert comments(dossier) == [WRITTEN]


def test_what_is_typed_after_a_lost_confirmation_follows_it_and_is_no_conflict(theme, dossier):
    lose_the_answers(theme)
    write(theme, "Un an.")
    expect(theme.locator(f"#etat-{KEY}")).to_contain_text("En attente du réseau")
    assert comments(dossier) == ["Un an."]

    mend(theme)
    write(theme, "Un an, puis effacés.")

    expect(theme.locator(f"#etat-{KEY}")).to_contain_text("Enregistré à", timeout=15_000)
    assert comments(dossier) == ["Un an.", "Un an, puis effacés."]
    expect(theme.locator(f"#conflit-{KEY} .fr-alert")).to_have_count(0)


def test_what_waited_while_a_colleague_answered_is_shown_beside_theirs_and_overwrites_nothing(
    theme, dossier, address, representative
):
    cut(theme)
    write(theme)
    expect(theme.locator(f"#etat-{KEY}")).to_contain_text("En attente du réseau")
    again = theme.context.new_page()
    theme.close()
    save(dossier, KEY, by=representative, comment="Six mois seulement.")

    again.goto(address)

    expect(again.locator(f"#conflit-{KEY}")).to_contain_text("Six mois seulement.")
    expect(filling.field(again, KEY, "comment")).to_have_value(WRITTEN)
    expect(again.locator("#a-enregistrer")).to_contain_text("à départager")
    assert comments(dossier) == ["Six mois seulement."]
    again.get_by_role("button", name="Garder la mienne").click()
    is_saved(dossier)
    assert comments(dossier) == ["Six mois seulement.", WRITTEN]
    expect(again.locator("#a-enregistrer")).to_be_hidden()
