"""Tab, Space and Enter are enough, the focus is always seen, and nothing holds it."""

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from assessments.models import Dossier
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import state_of
from tests.factories import PASSWORD
from tests.journey import filling

YES_NO, BOXES, TEXT = "ETH-ETR-01", "ETH-ETR-02", "ETH-ETR-08"
# The frame may be drawn by the element, by what it adds around itself (an enlarged link), or by its label (a radio).
FRAME_OF_THE_FOCUS = """() => {
    const focused = document.activeElement;
    const drawing = [focused, ...(focused.labels || [])];
    return drawing.flatMap(each => [null, "::before", "::after"].map(part => getComputedStyle(each, part)))
        .some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
}"""
WHO_HAS_IT = """() => {
    const focused = document.activeElement;
    const place = [...document.querySelectorAll("*")].indexOf(focused);
    return focused === document.body ? "" : `${place} ${(focused.name || focused.textContent).trim()}`;
}"""


@pytest.fixture
def dossier(questionnaires, product, contributor) -> Dossier:
    return filled_dossier(product=product, by=contributor, answers={YES_NO: None, TEXT: None})


def tab(page: Page) -> str:
    """One stop further, whose frame is seen. Returns which; "" when the focus has left the page."""
    page.keyboard.press("Tab")
    stop = str(page.evaluate(WHO_HAS_IT))
    assert not stop or page.evaluate(FRAME_OF_THE_FOCUS), f"the focus is not seen on {stop}"
    return stop


def tab_to(page: Page, target: Locator) -> None:
    expect(target).to_have_count(1)
    for _ in range(400):
        tab(page)
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{target} is out of the keyboard's reach")


def test_one_signs_in_by_keyboard(open_browser, questionnaires, contributor):
    page = open_browser()
    page.goto(reverse("account_login"))
    assert tab(page).endswith("Contenu")  # the first stop leads over the frame
    page.keyboard.press("Enter")
    tab_to(page, page.locator("[name=login]"))
    page.keyboard.type(contributor.email)
    tab_to(page, page.locator("[name=password]"))
    page.keyboard.type(PASSWORD)
    tab_to(page, page.locator("[name=remember]"))
    page.keyboard.press("Space")
    tab_to(page, page.locator("main").get_by_role("button", name="Se connecter"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Mes dossiers")


def test_a_theme_is_filled_by_keyboard(open_browser, dossier, contributor):
    page = open_browser(contributor)
    page.goto(reverse("dossiers:theme", args=[dossier.number, "ethique", "transparence"]))

    help_text = filling.card(page, YES_NO).locator(".question__aside summary").filter(has_text="Aide")
    tab_to(page, page.locator(f"#{YES_NO}-oui"))
    with filling.being_saved(page, YES_NO):
        page.keyboard.press("Space")
    tab_to(page, help_text)
    page.keyboard.press("Enter")
    expect(help_text.locator("xpath=..")).to_have_attribute("open", "")
    tab_to(page, page.locator(f"#{BOXES}-statistiques"))  # it has just appeared
    with filling.being_saved(page, BOXES):
        page.keyboard.press("Space")
    tab_to(page, filling.field(page, TEXT))
    page.keyboard.type("Une page publique dit qui finance le service et ce qui en fait vivre l’éditeur. " * 2)
    with filling.being_saved(page, TEXT):
        tab(page)
    assert (state_of(dossier, YES_NO).value, state_of(dossier, BOXES).value) == ("oui", ["statistiques"])

    onward = page.get_by_role("navigation", name="Autres thèmes").get_by_role("link").last
    name = onward.inner_text()
    tab_to(page, onward)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)


def test_the_mandataire_reaches_the_submission_by_keyboard(open_browser, questionnaires, product, mandataire):
    dossier = filled_dossier(product=product, by=mandataire)
    page = open_browser(mandataire)
    page.goto(dossier.get_absolute_url())
    tab_to(page, page.get_by_role("link", name="Soumettre"))
    page.keyboard.press("Enter")
    tab_to(page, page.locator("#confirm"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Soumettre le dossier"))
    page.keyboard.press("Enter")
    expect(page.locator("main .fr-alert--success")).to_contain_text("Dossier soumis")
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.SUBMITTED


@pytest.mark.parametrize("width", [1280, 390])
def test_the_focus_goes_through_a_whole_theme_and_comes_out(open_browser, dossier, contributor, width):
    page = open_browser(contributor, viewport={"width": width, "height": 900})
    page.goto(reverse("dossiers:theme", args=[dossier.number, "ethique", "transparence"]))
    stops = [tab(page)]
    while (stop := tab(page)) and stop != stops[0]:
        assert stop not in stops, f"the focus turns around {stop}"
        stops.append(stop)
    assert stops[0].endswith("Contenu")
    assert stops[-1].endswith("Données personnelles")
