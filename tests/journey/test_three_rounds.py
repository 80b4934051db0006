"""A review of three rounds, in Chromium: two reviewers, the publisher's team, and the lead who closes."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models import Dossier, Reply, Verdict
from assessments.operations.assignments import assign
from tests.assessments.filled import examine, last_round, submitted_dossier
from tests.evidence.samples import PDF
from tests.factories import ProductFactory
from tests.journey import filling
from tests.journey.examining import accept_by_keyboard, conclude, refuse

POLICY, HOSTING, AUDIT = "SEC-GOV-02", "SEC-HEB-05", "SEC-DEV-08"
QUESTION = "Ce certificat couvre-t-il aussi les sauvegardes ?"
REPLY = "Oui, elles sont hébergées sous le même certificat : voir sa deuxième page."


@pytest.mark.postgresql
@pytest.mark.usefixtures("questionnaires", "celery_worker", "clamd_socket")
def test_two_reviewers_and_a_publisher_go_through_three_rounds(
    open_browser, publisher, mandataire, reviewer, review_lead
):
    dossier = submitted_dossier(product=ProductFactory.create(publisher=publisher, name="MonSuivi Cœur"), by=mandataire)
    examine(dossier, by=reviewer, but={POLICY, HOSTING, AUDIT})
    assign(last_round(dossier).review, reviewer=review_lead, by=review_lead)
    first, second, team = open_browser(reviewer), open_browser(review_lead), open_browser(mandataire)

    two_on_one_item(first, second, dossier)
    ask_a_question(first, dossier)
    accept(first, dossier, AUDIT)
    nothing_is_told_yet(team, dossier)
    send(first, dossier)

    reply_and_correct(team, dossier, "politique-page-1.pdf")
    resubmit(team, dossier)
    assert waiting(dossier) == {POLICY, HOSTING}

    the_reply_is_read(second, dossier)
    open_item(second, dossier, POLICY)
    expect(second.locator(".review-changes")).to_contain_text(re.compile("Fichier ajouté.: politique-page-1.pdf"))
    a_phrase_is_there_to_be_completed(second)
    refuse(second, "La page signée manque encore.")
    send(second, dossier)

    correct(team, dossier, "politique-signee.pdf")
    resubmit(team, dossier)
    assert waiting(dossier) == {POLICY}

    accept(first, dossier, POLICY)
    second.goto(reverse("reviews:detail", args=[dossier.number]))
    conclude(second, dossier, "favorable avec réserves", "Le dossier est complet.")

    every_round_can_be_read_again(team, dossier)


def open_item(page: Page, dossier: Dossier, key: str) -> None:
    page.goto(reverse("reviews:item", args=[dossier.number, key]))


def accept(page: Page, dossier: Dossier, key: str) -> None:
    open_item(page, dossier, key)
    accept_by_keyboard(page)


def two_on_one_item(first: Page, second: Page, dossier: Dossier) -> None:
    """Both opened it; the second to save is warned, keeps what they typed, and may still decide."""
    open_item(first, dossier, POLICY)
    open_item(second, dossier, POLICY)
    refuse(first, "La politique n’est pas signée.")
    second.get_by_text("Accepter", exact=True).click()
    second.get_by_role("button", name="Enregistrer le verdict").click()
    expect(second.locator("main")).to_contain_text("La politique n’est pas signée.")
    assert verdict(dossier, POLICY).decision == Verdict.Decision.REFUSED


def ask_a_question(page: Page, dossier: Dossier) -> None:
    open_item(page, dossier, HOSTING)
    page.get_by_text("Poser une question", exact=True).click()
    page.get_by_label("Explication").fill(QUESTION)
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer le verdict").click()


def nothing_is_told_yet(team: Page, dossier: Dossier) -> None:
    team.goto(reverse("dossiers:instruction", args=[dossier.number]))
    expect(team.locator("main")).not_to_contain_text("La politique n’est pas signée.")
    expect(team.locator("main")).not_to_contain_text(QUESTION)


def send(page: Page, dossier: Dossier) -> None:
    page.goto(reverse("reviews:send", args=[dossier.number]))
    page.get_by_role("button", name="Envoyer le tour à l’éditeur").click()
    expect(page.locator("main .fr-alert--success")).to_contain_text("Le tour est envoyé")
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.CORRECTIONS_ASKED


def reply_and_correct(team: Page, dossier: Dossier, name: str) -> None:
    team.goto(reverse("dossiers:instruction", args=[dossier.number]))
    asked = team.locator(f"#{HOSTING}")
    expect(asked).to_contain_text(QUESTION)
    asked.get_by_role("textbox").fill(REPLY)
    asked.get_by_role("button", name=re.compile("Enregistrer ma réponse")).click()
    expect(team.locator("main .fr-alert--success")).to_be_visible()
    assert Reply.objects.get().text == REPLY
    correct(team, dossier, name)


def correct(team: Page, dossier: Dossier, name: str) -> None:
    """From the page of the examination to the question, where another file takes the place of the last one."""
    team.goto(reverse("dossiers:instruction", args=[dossier.number]))
    with team.expect_navigation():
        team.locator(f"#{POLICY}").get_by_role("link", name=re.compile("Corriger")).click()
    takers = team.locator(f"#fichiers-{POLICY}").get_by_role("button", name=re.compile("^Retirer"))
    kept = takers.count() - 1
    takers.last.click()
    expect(takers).to_have_count(kept)
    filling.deposit(team, POLICY, filling.pdf(name, PDF + name.encode()))


def resubmit(team: Page, dossier: Dossier) -> None:
    team.goto(reverse("dossiers:instruction", args=[dossier.number]))
    with team.expect_navigation():
        team.get_by_role("link", name="Soumettre les corrections").first.click()
    for box in ("acknowledge", "confirm"):
        if team.locator(f"#{box}").count():
            team.locator(f"#{box}").check(force=True)  # the DSFR draws the box on its label
    team.get_by_role("button", name=re.compile("^Soumettre")).click()
    expect(team.locator("main .fr-alert--success")).to_be_visible()
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.SUBMITTED


def the_reply_is_read(page: Page, dossier: Dossier) -> None:
    open_item(page, dossier, HOSTING)
    expect(page.locator("main")).to_contain_text(REPLY)
    accept_by_keyboard(page)


def a_phrase_is_there_to_be_completed(page: Page) -> None:
    page.get_by_text("Refuser", exact=True).click()
    page.get_by_label("Motif du refus").select_option("outdated")
    page.get_by_label("Explication").fill("Bonjour.")
    phrase = page.get_by_role("button", name=re.compile("certificat en cours de validité"))
    phrase.click()
    expect(page.get_by_label("Explication")).to_have_value(f"Bonjour.\n{phrase.inner_text()}")
    expect(page.get_by_role("button", name=re.compile("De quand date"))).to_be_hidden()


def every_round_can_be_read_again(team: Page, dossier: Dossier) -> None:
    team.goto(reverse("dossiers:instruction", args=[dossier.number]))
    rounds = team.locator("section[aria-labelledby=tours]")
    for told in ("La politique n’est pas signée.", QUESTION, REPLY, "La page signée manque encore."):
        expect(rounds).to_contain_text(told)


def waiting(dossier: Dossier) -> set[str]:
    """The review items of the last round without a verdict: what came back, and nothing that was accepted."""
    current = last_round(dossier)
    judged = current.verdicts.values("item")
    filed = current.submission.items.filter(evidence__isnull=False).exclude(pk__in=judged)
    return set(filed.values_list("question__key", flat=True))


def verdict(dossier: Dossier, key: str) -> Verdict:
    return Verdict.objects.get(round=last_round(dossier), item__question__key=key)
