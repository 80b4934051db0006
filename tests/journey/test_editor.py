"""An edition is written, tried, compared and published in browsers: by mouse, by keyboard alone, without a script."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from questionnaires.models import Edition, Version
from tests.clients import SignedInClient
from tests.editor.drafts import ELSEWHERE, FIRST, SECOND, THIRD, a_draft, content_of, order_of, publish
from tests.factories import PASSWORD, UserFactory
from tests.journey.conftest import OpenBrowser
from tests.journey.editing import (
    expect_message,
    expect_order,
    expect_reading,
    expect_verdict,
    go_to_edition,
    go_to_question,
    go_to_tree,
    keeping_a_draft,
    proposed,
)
from tests.journey.test_keyboard import tab_to

NUMBER = "2027.1"


@pytest.fixture
def version(transactional_db: None) -> Version:
    return a_draft()


@pytest.fixture
def colleague(transactional_db: None) -> User:
    return UserFactory.create(full_name="Noa Collègue", staff_role="editor", is_staff=True)


def test_the_next_edition_is_written_by_mouse_and_approved_by_somebody_else(
    open_browser: OpenBrowser, version: Version, editor: User, colleague: User
) -> None:
    publish(version)
    page = open_browser(editor)
    begin_by_mouse(page)
    write_a_condition_by_mouse(page)
    move_by_mouse(page)
    page.get_by_role("link", name="Ce qui change").click()
    expect(page.locator("main .difference").filter(has_text=SECOND)).to_contain_text("Sur quels supports")

    go_to_edition(page, "2028")
    page.locator("[name=effective_on]").fill("2028-01-01")
    page.get_by_role("button", name="Proposer à la publication").click()
    expect_message(page, "L’édition est proposée")
    other = open_browser(colleague)
    go_to_edition(other, "2028")
    other.get_by_role("button", name="Approuver et publier").click()
    expect_message(other, "L’édition est publiée")

    assert Edition.objects.get(code="2028").published_by == colleague


def begin_by_mouse(page: Page) -> None:
    page.goto("/")
    page.locator("main").get_by_role("link", name="Préparer l’édition suivante").click()
    page.locator("[name=code]").fill("2028")
    page.locator("[name=title]").fill("Édition 2028")
    page.get_by_role("button", name="Ouvrir le brouillon").click()
    page.locator("main").get_by_role("link", name="Sécurité", exact=True).click()


def write_a_condition_by_mouse(page: Page) -> None:
    page.get_by_role("link", name=SECOND).click()
    page.locator("[name=title]").fill("Sur quels supports")
    condition = page.locator("[name=applies_when]")
    condition.fill("")
    condition.press_sequentially("answer(Q-A")
    proposed(page, FIRST).click()
    condition.press("End")
    condition.press_sequentially(") == '")
    proposed(page, "oui").click()
    condition.press_sequentially("'")
    expect(condition).to_have_value(f"answer({FIRST}) == 'oui'")
    expect_reading(page, "Posée si")
    expect_verdict(page, "Elle n’est pas posée.")
    page.locator(f"label[for='essai-{FIRST}-1']").click()
    expect_verdict(page, "Elle est posée.")
    page.get_by_role("button", name="Enregistrer la question").click()
    expect_message(page, f"{SECOND} est enregistrée.")


def move_by_mouse(page: Page) -> None:
    go_to_tree(page, "2028.1")
    handle = page.locator(f"[data-key='{THIRD}'] .editor-handle")
    handle.drag_to(page.locator(f"[data-key='{FIRST}']"), target_position={"x": 40, "y": 2})
    expect_order(page, THIRD, FIRST, SECOND, ELSEWHERE)


def test_it_is_all_done_by_keyboard_alone(
    open_browser: OpenBrowser, version: Version, editor: User, colleague: User
) -> None:
    page = open_browser(editor)
    go_to_tree(page, NUMBER)
    tab_to(page, page.locator("main").get_by_role("link", name=SECOND))
    page.keyboard.press("Enter")
    write_a_condition_by_keyboard(page)
    assert content_of(version, SECOND).applies_when == f"answer({FIRST}) == 'non'"
    move_by_keyboard(page)
    assert [key for _rank, key in order_of(version)["Q-A"]] == [SECOND, THIRD, FIRST]

    propose_by_keyboard(page)
    other = open_browser(colleague)
    go_to_edition(other, "2027")
    tab_to(other, other.get_by_role("button", name="Approuver et publier"))
    other.keyboard.press("Enter")
    expect_message(other, "L’édition est publiée")
    version.refresh_from_db()
    assert version.status == "published"


def write_a_condition_by_keyboard(page: Page) -> None:
    tab_to(page, page.locator("[name=applies_when]"))
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.type("ans")
    page.keyboard.press("Enter")
    page.keyboard.type("Q-A-01")
    page.keyboard.press("End")
    page.keyboard.type(" == '")
    expect(proposed(page, "non")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("'")
    expect_reading(page, "Posée si")
    tab_to(page, page.locator(f"#essai-{FIRST}-1"))
    page.keyboard.press("ArrowDown")
    expect_verdict(page, "Elle est posée.")
    page.evaluate("document.activeElement.blur()")
    tab_to(page, page.get_by_role("button", name="Enregistrer la question"))
    page.keyboard.press("Enter")
    expect_message(page, f"{SECOND} est enregistrée.")


def move_by_keyboard(page: Page) -> None:
    go_to_tree(page, NUMBER)
    down = page.locator(f"#bas-{FIRST}")
    tab_to(page, down)
    page.keyboard.press("Enter")
    expect_order(page, SECOND, FIRST, THIRD, ELSEWHERE)
    expect(down).to_be_focused()
    page.keyboard.press("Enter")
    expect_order(page, SECOND, THIRD, FIRST, ELSEWHERE)
    expect(page.locator("#arbre [role=status]")).to_contain_text(f"{FIRST} a changé de place.")
    expect(down).to_be_focused()


def propose_by_keyboard(page: Page) -> None:
    go_to_edition(page, "2027")
    tab_to(page, page.locator("[name=effective_on]"))
    page.keyboard.type("01012028")
    page.keyboard.press("Enter")
    expect_message(page, "L’édition est proposée")


def test_approving_asks_for_the_password_and_then_does_it(
    open_browser: OpenBrowser, version: Version, editor: User, colleague: User
) -> None:
    page = open_browser(editor)
    go_to_edition(page, "2027")
    page.locator("[name=effective_on]").fill("2028-01-01")
    page.get_by_role("button", name="Proposer à la publication").click()
    expect_message(page, "L’édition est proposée")
    other = open_browser(colleague)
    go_to_edition(other, "2027")
    forget_the_proof(other)

    other.get_by_role("button", name="Approuver et publier").click()
    expect(other.locator("main")).to_contain_text("approuver et publier une édition")
    other.locator("[name=password]").fill(PASSWORD)
    other.locator("main").get_by_role("button", name="Continuer").click()

    expect_message(other, "L’édition est publiée")


def forget_the_proof(page: Page) -> None:
    """As if one had signed in an hour ago."""
    key = next(each["value"] for each in page.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME)
    client = SignedInClient()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    client.forget_the_proof()


def test_a_draft_survives_the_closing_of_the_tab(open_browser: OpenBrowser, version: Version, editor: User) -> None:
    page = open_browser(editor)
    go_to_question(page, FIRST, NUMBER)
    with keeping_a_draft(page):
        page.locator("[name=help]").press_sequentially("Ce que je dis")
    page.close()

    again = page.context.new_page()
    go_to_question(again, FIRST, NUMBER)

    expect(again.locator("main")).to_contain_text("Vous reprenez votre brouillon")
    expect(again.locator("[name=help]")).to_have_value("Ce que je dis")
    assert content_of(version, FIRST).help == ""


def test_of_two_who_write_the_second_is_warned_and_nobody_loses_a_word(
    open_browser: OpenBrowser, version: Version, editor: User, colleague: User
) -> None:
    mine, theirs = open_browser(editor), open_browser(colleague)
    for page in (mine, theirs):
        go_to_question(page, FIRST, NUMBER)
    theirs.locator("[name=title]").fill("De Noa")
    theirs.locator("[name=why]").fill("Parce que.")
    theirs.get_by_role("button", name="Enregistrer la question").click()
    expect_message(theirs, f"{FIRST} est enregistrée.")
    mine.locator("[name=title]").fill("De Claude")
    mine.locator("[name=help]").fill("Ici.")
    mine.get_by_role("button", name="Enregistrer la question").click()

    expect(mine.locator("main")).to_contain_text("Noa Collègue a enregistré cette question")
    expect(mine.locator(".editor-theirs")).to_contain_text("De Noa")
    expect(mine.locator("[name=title]")).to_have_value("De Claude")
    mine.locator("[name=title]").fill("Des deux")
    mine.get_by_role("button", name="Enregistrer la question").click()
    expect_message(mine, f"{FIRST} est enregistrée.")

    stands = content_of(version, FIRST)
    assert (stands.title, stands.why, stands.help) == ("Des deux", "Parce que.", "Ici.")


def test_choices_are_added_moved_and_taken_away(open_browser: OpenBrowser, version: Version, editor: User) -> None:
    page = open_browser(editor)
    go_to_question(page, SECOND, NUMBER)
    rows = page.locator("[data-rows=choices] [data-row]:visible")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Ajouter un choix").click()
    page.keyboard.type("Android")
    rows.nth(2).locator("[name$=value]").fill("android")
    rows.nth(2).locator("[name$=score]").fill("50")
    rows.nth(2).get_by_role("button", name="Monter cette ligne").click()
    rows.nth(0).get_by_role("button", name="Retirer cette ligne").click()
    page.locator("[name=title]").fill("")
    page.get_by_role("button", name="Enregistrer la question").click()
    # Something was wrong: what was taken away stays away.
    expect(page.locator("main").get_by_text("Donnez un intitulé").first).to_be_visible()
    expect(rows).to_have_count(2)
    page.locator("[name=title]").fill("Supports")
    page.get_by_role("button", name="Enregistrer la question").click()
    expect_message(page, f"{SECOND} est enregistrée.")

    assert [choice.value for choice in content_of(version, SECOND).choices] == ["android", "ios"]


def test_a_row_that_was_emptied_by_mistake_is_shown_with_what_is_wrong(
    open_browser: OpenBrowser, version: Version, editor: User
) -> None:
    page = open_browser(editor)
    go_to_question(page, SECOND, NUMBER)
    row = page.locator("[data-rows=choices] [data-row]").first
    for name in ("label", "value", "score"):
        row.locator(f"[name$={name}]").fill("")
    page.get_by_role("button", name="Enregistrer la question").click()

    expect(page.locator("[data-rows=choices] [data-row]").first).to_contain_text("Donnez une valeur à ce choix.")
    expect(page.locator("[data-rows=choices] [data-row]").first).to_be_visible()


def test_a_case_in_which_it_is_asked_is_filled_on_the_page(
    open_browser: OpenBrowser, version: Version, editor: User
) -> None:
    page = open_browser(editor)
    go_to_question(page, THIRD, NUMBER)
    page.locator("[name=title]").fill("Pas encore enregistré")

    page.get_by_role("button", name="Remplir un cas où elle est posée").click()

    expect_verdict(page, "Elle est posée.")
    expect(page.locator(f"#essai-{FIRST}-1")).to_be_checked()
    expect(page.locator("[name=title]")).to_have_value("Pas encore enregistré")
    assert page.url.endswith(reverse("questionnaires:question", args=["Q", NUMBER, THIRD]))


def test_without_a_script_a_question_is_tried_and_saved(
    open_browser: OpenBrowser, version: Version, editor: User
) -> None:
    page = open_browser(editor, java_script_enabled=False)
    go_to_question(page, THIRD, NUMBER)
    page.locator("[name=title]").fill("Relu")
    page.locator(f"label[for='essai-{FIRST}-1']").click()
    page.get_by_role("button", name="Essayer", exact=True).click()
    expect_verdict(page, "Elle est posée.")
    expect(page.locator("[name=title]")).to_have_value("Relu")
    page.get_by_role("button", name="Enregistrer la question").click()
    expect_message(page, f"{THIRD} est enregistrée.")
    go_to_tree(page, NUMBER)
    page.get_by_role("button", name=f"Monter {THIRD}").click()

    expect_order(page, FIRST, THIRD, SECOND, ELSEWHERE)
    assert content_of(version, THIRD).title == "Relu"
