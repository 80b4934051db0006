"""A theme filled in a browser that runs no script: one button saves the page."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from assessments.models import Attachment, Dossier, Programme
from assessments.operations.dossiers import move
from tests.assessments.saving import open_for, state_of
from tests.evidence.samples import PDF
from tests.journey import filling
from tests.journey.conftest import OpenBrowser

THEME = ("doctrine", "interoperabilite")
API, PAIRING, PROFILES, MEASURES, TESTED, FAILURES, TESTED_ON = (
    f"DOC-INT-{number}" for number in ("01", "02", "04", "05", "13", "14", "15")
)
POLICY, TRAINED = "SEC-GOV-02", "SEC-GOV-07"
TEXT = "Deux cas de test échouent encore : le rejeu après une coupure et le refus d’un document vide. " * 3
REASON = "Toute l’équipe est extérieure : la formation est suivie par le prestataire."


@pytest.fixture
def dossier(questionnaires, product, contributor) -> Dossier:
    """With exchange, past its orientation, empty."""
    opened = open_for(product, by=contributor, programme=Programme.WITH_EXCHANGE)
    move(opened, Dossier.State.FILLING)
    return opened


@pytest.fixture
def page(open_browser: OpenBrowser, contributor: User) -> Page:
    return open_browser(contributor, java_script_enabled=False)


def go_to(page: Page, dossier: Dossier, section: str, theme: str) -> None:
    page.goto(reverse("dossiers:theme", args=[dossier.number, section, theme]))


def tick(page: Page, key: str, *values: str) -> None:
    for value in values:
        page.locator(f"label[for='{key}-{value}']").click()


def save_the_page(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer cette page").click()


def test_every_type_of_question_is_saved_by_the_button_of_the_page(page, dossier):
    go_to(page, dossier, *THEME)
    tick(page, API, "appariement", "mesures")
    tick(page, PAIRING, "oui")
    tick(page, PROFILES, "profils")
    filling.field(page, TESTED).fill("92,5")
    filling.field(page, TESTED_ON).fill("2026-10-05")
    save_the_page(page)
    expect(page.locator("main .fr-alert--success")).to_contain_text("5 réponses enregistrées")

    tick(page, MEASURES, "poids")  # both have appeared
    filling.field(page, FAILURES).fill(TEXT)
    page.locator(f"#{FAILURES} summary").filter(has_text="Commentaire").click()
    filling.field(page, FAILURES, "comment").fill("Corrigés en décembre.")
    save_the_page(page)

    values = {key: state_of(dossier, key).value for key in (API, PAIRING, PROFILES, MEASURES, TESTED, TESTED_ON)}
    assert values == {
        API: ["appariement", "mesures"],
        PAIRING: "oui",
        PROFILES: "profils",
        MEASURES: ["poids"],
        TESTED: "92.5",
        TESTED_ON: "2026-10-05",
    }
    failures = state_of(dossier, FAILURES)
    assert (failures.value, failures.comment) == (TEXT.strip(), "Corrigés en décembre.")


def test_a_wrong_answer_stays_on_the_screen_beside_its_error_and_the_others_are_saved(page, dossier):
    go_to(page, dossier, *THEME)
    tick(page, PAIRING, "non")
    filling.field(page, TESTED).fill("presque tout")
    save_the_page(page)

    expect(filling.field(page, TESTED)).to_have_value("presque tout")
    expect(page.locator(f"#objections-{TESTED}")).to_contain_text("Écrivez un nombre")
    expect(page.locator("main .fr-alert--error")).to_contain_text("1 réponse n’a pas été enregistrée")
    assert (state_of(dossier, TESTED).value, state_of(dossier, PAIRING).value) == (None, "non")

    filling.field(page, TESTED).fill("95")
    save_the_page(page)
    assert state_of(dossier, TESTED).value == "95"


def test_a_file_and_a_reason_leave_with_the_same_button(page, dossier):
    go_to(page, dossier, "securite", "gouvernance")
    page.locator(f"#depot-{POLICY}").set_input_files(files=[filling.pdf("politique.pdf", PDF)])
    page.locator(f"#{TRAINED}").get_by_text("Non applicable", exact=True).click()
    filling.field(page, TRAINED, "reason").fill(REASON)
    save_the_page(page)

    expect(page.locator(f"#fichiers-{POLICY} .question__file-list > li")).to_contain_text("politique.pdf")
    expect(page.locator(f"#badge-{TRAINED}")).to_have_text(re.compile("Non applicable"))
    (attachment,) = Attachment.objects.filter(answer__assessment__dossier=dossier)
    assert attachment.document_version.original_name == "politique.pdf"
    trained = state_of(dossier, TRAINED)
    assert (trained.not_applicable, trained.reason, trained.value) == (True, REASON, None)

    page.locator(f"#fichiers-{POLICY}").get_by_role("button", name=re.compile("Retirer")).click()
    expect(page.locator(f"#fichiers-{POLICY} .question__file-list > li")).to_have_count(0)


def test_a_document_is_deposited_then_given_a_new_version_then_joined_by_plain_forms(page, dossier):
    page.goto(reverse("library:deposit"))
    page.locator("#fichiers").set_input_files(files=[filling.pdf("politique.pdf", PDF)])
    page.get_by_role("button", name="Déposer", exact=True).click()
    page.get_by_role("link", name="politique", exact=True).click()
    page.locator("#fichiers").set_input_files(files=[filling.pdf("politique-2.pdf", PDF + b"%")])
    page.get_by_role("button", name="Ajouter cette version").click()
    expect(page.locator(".library-row")).to_have_count(2)

    go_to(page, dossier, "securite", "gouvernance")
    page.locator(f"#fichiers-{POLICY}").get_by_role("link", name="Choisir parmi mes preuves").click()
    page.get_by_role("button", name="Joindre politique").click()

    expect(page.locator(f"#fichiers-{POLICY} .question__file-list > li")).to_contain_text("politique-2.pdf")
