"""An earlier answer is found and taken back without a mouse."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.assessments.filled import filled_dossier
from tests.assessments.saving import save, state_of
from tests.journey import filling
from tests.journey.test_keyboard import tab_to

KEY = "SEC-EXP-04"


@pytest.fixture
def dossier(questionnaires, product, contributor, mandataire):
    dossier = filled_dossier(product=product, by=contributor)
    save(dossier, KEY, "non", by=mandataire)
    return dossier


def test_a_history_is_opened_and_an_answer_restored_by_keyboard(open_browser, dossier, contributor):
    page = open_browser(contributor)
    page.goto(reverse("dossiers:theme", args=[dossier.number, "securite", "exploitation"]))
    question = filling.card(page, KEY)
    opener = question.locator("summary").filter(has_text="Historique")

    opener.focus()
    page.keyboard.press("Enter")
    back = question.get_by_role("button", name="Restaurer cette réponse")
    expect(back).to_have_count(1)
    tab_to(page, back)
    page.keyboard.press("Enter")

    expect(page.locator("#annonces")).to_contain_text(f"Réponse {KEY} restaurée")
    expect(page.locator(f"#{KEY}-oui")).to_be_checked()
    expect(opener).to_be_focused()
    assert state_of(dossier, KEY).value == "oui"
    # What is answered next is based on the restored answer, and its history is read again.
    filling.choose(page, KEY, "non")
    opener.click()
    expect(question.locator(".history__step").first).to_contain_text("réponse actuelle")
    expect(question.locator(".history__step")).to_have_count(4)
