"""Two answers to one question in a browser: the colleague's is replaced by a choice, and by nothing else."""

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from assessments.models import Dossier, Draft
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import save, state_of
from tests.dossiers.pages import theme_url
from tests.journey import filling
from tests.journey.conftest import OpenBrowser
from tests.live import wait_until

TEXT, OTHER = "SEC-GOV-01", "SEC-GOV-03"
MINE, LONGER, THEIRS = "Notre politique.", "Notre politique, relue.", "Leur politique."


@pytest.fixture
def dossier(questionnaires, product, contributor) -> Dossier:
    return filled_dossier(product=product, by=contributor, answers={TEXT: None, OTHER: None})


def opened(page: Page, dossier: Dossier) -> Page:
    page.goto(theme_url(dossier, "securite", "gouvernance"))
    return page


def meet(page: Page, dossier: Dossier, colleague: User) -> Locator:
    """Both answer the same question, the colleague first. The box that asks for a choice."""
    save(dossier, TEXT, THEIRS, by=colleague)
    filling.field(page, TEXT).fill(MINE)
    filling.field(page, TEXT).blur()
    box = page.locator(f"#conflit-{TEXT}")
    expect(box).to_contain_text(THEIRS)
    return box


def test_typing_on_beside_theirs_replaces_nothing_and_leaves_the_focus_on_the_buttons(
    open_browser: OpenBrowser, dossier: Dossier, contributor: User, representative: User
) -> None:
    page = opened(open_browser(contributor), dossier)
    box = meet(page, dossier, representative)

    with page.expect_response(lambda response: response.request.method == "PATCH"):
        filling.field(page, TEXT).fill(LONGER)
        box.get_by_role("button", name="Garder la mienne").focus()
    expect(box).to_contain_text(LONGER)

    expect(box.get_by_role("button", name="Garder la mienne")).to_be_focused()
    expect(page.locator(f"#badge-{TEXT}")).to_contain_text("À départager")
    assert state_of(dossier, TEXT).value == THEIRS
    page.keyboard.press("Enter")
    wait_until(lambda: state_of(dossier, TEXT).value == LONGER, "one's own answer, chosen", seconds=15)
    expect(box.get_by_role("button")).to_have_count(0)


def test_theirs_changed_again_is_shown_before_it_is_replaced(
    open_browser: OpenBrowser, dossier: Dossier, contributor: User, representative: User
) -> None:
    page = opened(open_browser(contributor), dossier)
    box = meet(page, dossier, representative)
    save(dossier, TEXT, "Leur seconde version.", by=representative)

    box.get_by_role("button", name="Garder la mienne").click()

    expect(box).to_contain_text("Leur seconde version.")
    assert state_of(dossier, TEXT).value == "Leur seconde version."
    box.get_by_role("button", name="Garder la mienne").click()
    wait_until(lambda: state_of(dossier, TEXT).value == MINE, "one's own answer, chosen", seconds=15)


def test_after_a_choice_the_focus_stays_at_the_question_and_what_is_to_be_done_is_said_there(
    open_browser: OpenBrowser, dossier: Dossier, contributor: User, representative: User
) -> None:
    page = opened(open_browser(contributor), dossier)
    box = meet(page, dossier, representative)
    question = page.locator(f"article#{TEXT}")

    box.get_by_role("button", name="Réunir les deux textes").click()

    expect(question).to_contain_text("relisez, puis enregistrez")
    expect(question).to_be_focused()
    expect(filling.field(page, TEXT)).to_have_value(f"{MINE}\n{THEIRS}")
    page.locator(f"#brouillon-{TEXT}").get_by_role("button", name="Enregistrer").click()
    wait_until(lambda: state_of(dossier, TEXT).value == f"{MINE}\n{THEIRS}", "both texts, read and saved", seconds=15)
    expect(page.locator(f"#etat-{TEXT}")).to_be_focused()
    # What is drawn again saves as before.
    filling.field(page, TEXT).fill(LONGER)
    filling.field(page, TEXT).blur()
    wait_until(lambda: state_of(dossier, TEXT).value == LONGER, "the answer, typed once more", seconds=15)


def test_without_javascript_the_button_of_the_page_chooses_nothing(
    open_browser: OpenBrowser, dossier: Dossier, contributor: User, representative: User
) -> None:
    page = opened(open_browser(contributor, java_script_enabled=False), dossier)
    save(dossier, TEXT, THEIRS, by=representative)
    filling.field(page, TEXT).fill(MINE)
    page.get_by_role("button", name="Enregistrer cette page").click()
    opened(page, dossier)

    page.locator(f"label[for='{OTHER}-ebios']").click()
    page.get_by_role("button", name="Enregistrer cette page").click()

    expect(page.locator("main .fr-alert--warning").first).to_contain_text("Une réponse reste à départager")
    expect(page.locator(f"#{OTHER}-ebios")).to_be_checked()
    assert (state_of(dossier, TEXT).value, state_of(dossier, OTHER).value) == (THEIRS, "ebios")
    assert Draft.objects.get().typed["value"] == [MINE]

    page.locator(f"#conflit-{TEXT}").get_by_role("button", name="Garder la mienne").click()
    expect(page.locator(f"#conflit-{TEXT}").get_by_role("button")).to_have_count(0)
    assert state_of(dossier, TEXT).value == MINE
    assert not Draft.objects.exists()
