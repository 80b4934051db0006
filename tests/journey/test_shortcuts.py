"""A theme by single keys: they lead, they are never in the way of typing, and they can be switched off."""

from django.urls import reverse
from playwright.sync_api import expect

from tests.assessments.filled import filled_dossier
from tests.journey import filling

YES_NO, TEXT = "ETH-ETR-01", "ETH-ETR-08"


def test_single_keys_lead_from_question_to_question_and_can_be_switched_off(
    open_browser, questionnaires, product, contributor
):
    dossier = filled_dossier(product=product, by=contributor, answers={YES_NO: None, "SEC-EXP-04": None})
    page = open_browser(contributor)
    page.goto(reverse("dossiers:theme", args=[dossier.number, "ethique", "transparence"]))
    first, second = page.locator(".question").nth(0), page.locator(".question").nth(1)

    page.keyboard.press("j")
    expect(first).to_be_focused()
    page.keyboard.press("j")
    expect(second).to_be_focused()
    expect(page.locator("#annonces")).to_contain_text("Question 2 sur")
    page.keyboard.press("k")
    expect(first).to_be_focused()

    # Typing is typing; a radio takes no letter.
    filling.field(page, TEXT).click()
    page.keyboard.type("njkb?/")
    expect(filling.field(page, TEXT)).to_be_focused()
    page.keyboard.press("Control+j")
    page.locator("body").evaluate("() => document.activeElement.blur()")
    page.keyboard.press("/")
    expect(page.locator("#chercher-une-question")).to_be_focused()
    page.locator("body").evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    page.keyboard.press("n")
    expect(page.locator(f"#{YES_NO}")).to_be_focused()
    with filling.being_saved(page, YES_NO):
        page.locator(f"label[for={YES_NO}-oui]").click()
    page.keyboard.press("n")  # none is left here: on to the theme that has the next one
    expect(page.locator("h1")).not_to_have_text("Transparence")
    page.wait_for_load_state()  # the script listens by then

    page.keyboard.press("?")
    sheet = page.locator("#raccourcis")
    expect(sheet).to_be_visible()
    sheet.get_by_text("Utiliser ces raccourcis dans ce navigateur").click()
    sheet.get_by_role("button", name="Fermer").click()
    page.reload()
    page.keyboard.press("?")
    expect(sheet).not_to_be_visible()
    page.get_by_role("button", name="Raccourcis clavier").click()
    expect(sheet).to_be_visible()
