"""A session that ends under a page without script: what was typed comes back, and is saved once signed in again."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Dialog, Page, expect

from accounts.models import User
from assessments.models import Dossier, Programme
from assessments.operations.dossiers import move
from tests.assessments.saving import open_for, state_of
from tests.evidence.samples import PDF
from tests.factories import PASSWORD
from tests.journey import filling
from tests.journey.conftest import OpenBrowser

POLICY, TRAINED, BUDGET = "SEC-GOV-02", "SEC-GOV-07", "SEC-GOV-01"
TEXT = "Première ligne, « entre guillemets » & <balises>.\n\n  Deuxième ligne : elle commence par des blancs.\n"
SEND = "Envoyer ce que j’avais écrit"


@pytest.fixture
def dossier(questionnaires, product, contributor) -> Dossier:
    opened = open_for(product, by=contributor, programme=Programme.WITH_EXCHANGE)
    move(opened, Dossier.State.FILLING)
    return opened


@pytest.fixture
def page(open_browser: OpenBrowser, contributor: User) -> Page:
    return open_browser(contributor, java_script_enabled=False)


def fill_and_lose(page: Page, dossier: Dossier) -> None:
    page.goto(reverse("dossiers:theme", args=[dossier.number, "securite", "gouvernance"]))
    filling.field(page, BUDGET).fill(TEXT)
    page.locator(f"#depot-{POLICY}").set_input_files(files=[filling.pdf("politique.pdf", PDF)])
    page.locator(f"#{TRAINED}").get_by_text("Non applicable", exact=True).click()
    filling.field(page, TRAINED, "reason").fill("La formation est suivie par le prestataire.")
    Session.objects.all().delete()
    page.get_by_role("button", name="Enregistrer cette page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre session est terminée – rien n’est perdu")


def sign_in_beside(page: Page, person: User) -> Page:
    """By the link of the page, in the tab that it opens."""
    with page.context.expect_page() as opened:
        page.locator("main").get_by_role("link", name="Se connecter").click()
    tab = opened.value
    tab.locator("main [name=login]").fill(person.email)
    tab.locator("main [name=password]").fill(PASSWORD)
    tab.locator("main").get_by_role("button", name="Se connecter", exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Vous êtes connecté")
    return tab


def test_a_whole_page_is_saved_after_signing_in_in_another_tab(page, dossier, contributor):
    fill_and_lose(page, dossier)
    assert state_of(dossier, BUDGET).value is None
    expect(page.locator("main")).to_contain_text("politique.pdf")

    page.get_by_role("button", name=SEND).click()  # too early: nobody is signed in yet
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre session est terminée – rien n’est perdu")
    sign_in_beside(page, contributor).close()
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("main")).to_contain_text(f"Vous êtes connecté en tant que {contributor}")
    expect(page.locator("main")).to_contain_text("politique.pdf")
    assert state_of(dossier, BUDGET).value is None
    page.get_by_role("button", name=SEND).click()

    expect(page.locator("main .fr-alert--success")).to_contain_text("2 réponses enregistrées")
    assert state_of(dossier, BUDGET).value == TEXT.strip()
    assert state_of(dossier, TRAINED).reason == "La formation est suivie par le prestataire."
    assert state_of(dossier, POLICY).files == ()


def test_a_colleague_at_the_same_computer_is_told_first(page, dossier, mandataire):
    fill_and_lose(page, dossier)
    sign_in_beside(page, mandataire)

    page.get_by_role("button", name=SEND).click()

    expect(page.locator("main .fr-alert--warning")).to_contain_text("rempli depuis un autre compte que le vôtre")
    expect(page.locator("main")).not_to_contain_text("Deuxième ligne")
    assert state_of(dossier, BUDGET).value is None
    page.get_by_role("button", name="Envoyer sous mon nom").click()
    expect(page.locator("main .fr-alert--success")).to_contain_text("2 réponses enregistrées")


def test_whoever_has_scripts_is_asked_before_leaving_the_page_otherwise_than_by_sending(
    open_browser, product, contributor
):
    page = open_browser(contributor)
    asked: list[str] = []
    page.goto(reverse("products:edit", args=[product.reference]))
    page.locator("main [name=description]").fill("Un carnet de tension.")
    Session.objects.all().delete()
    page.locator("main button[type=submit]").click()

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Mentions légales").click(no_wait_after=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre session est terminée – rien n’est perdu")
    assert asked == ["beforeunload"]
    with page.expect_navigation():
        page.get_by_role("button", name=SEND).click()
    assert asked == ["beforeunload"]
