"""The gestures of a reviewer at the desk, by mouse and by keyboard."""

import re
from collections.abc import Mapping

from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models import Dossier, Verdict
from tests.assessments.filled import last_round


def examine_everything(page: Page, dossier: Dossier, *, refused: Mapping[str, str]) -> None:
    """Judge each item that the desk brings, until it brings no more; `refused` says why, by key.

    The first one by mouse, the others by two keys each.
    """
    page.goto(reverse("reviews:queue"))
    page.get_by_role("link", name=dossier.product.name).click()
    open_the_next_item(page, dossier)
    over = reverse("reviews:detail", args=[dossier.number])
    judged: list[str] = []
    while not page.url.endswith(over):
        key = page.url.rstrip("/").rpartition("/")[2]
        assert key not in judged
        if key in refused:
            refuse(page, refused[key])
        elif judged:
            accept_by_keyboard(page)
        else:
            accept_by_mouse(page)
        judged.append(key)
    verdicts = Verdict.objects.filter(round=last_round(dossier))
    assert set(verdicts.values_list("item__question__key", flat=True)) == set(judged)
    assert set(refused) <= set(judged)


def open_the_next_item(page: Page, dossier: Dossier) -> None:
    page.get_by_role("link", name="Examiner l’élément suivant").click()
    page.wait_for_url(lambda url: not url.endswith(reverse("reviews:detail", args=[dossier.number])))


def accept_by_keyboard(page: Page) -> None:
    page.locator("[data-review-keys]").wait_for()  # the script says so when it listens
    page.keyboard.press("a")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def accept_by_mouse(page: Page) -> None:
    page.get_by_text("Accepter", exact=True).click()
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer le verdict").click()


def refuse(page: Page, text: str) -> None:
    page.get_by_text("Refuser", exact=True).click()
    page.get_by_label("Motif du refus").select_option("incomplete")
    page.get_by_label("Explication").fill(text)
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer le verdict").click()


def accept_the_only_item(page: Page, dossier: Dossier, key: str) -> None:
    """In a later round: the others keep their verdict, this one alone waits."""
    page.goto(reverse("reviews:detail", args=[dossier.number]))
    open_the_next_item(page, dossier)
    expect(page).to_have_url(re.compile(f"{reverse('reviews:item', args=[dossier.number, key])}$"))
    accept_by_keyboard(page)
    expect(page).to_have_url(re.compile(f"{reverse('reviews:detail', args=[dossier.number])}$"))


def send_the_round(page: Page, dossier: Dossier) -> None:
    page.get_by_role("link", name="Envoyer le tour").click()
    page.get_by_label("Message à l’éditeur").fill("Merci pour ce dossier soigné.")
    page.get_by_role("button", name="Envoyer le tour à l’éditeur").click()
    expect(page.locator("main .fr-alert--success")).to_contain_text("Le tour est envoyé")
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.CORRECTIONS_ASKED


def conclude(page: Page, dossier: Dossier, outcome: str, conclusion: str) -> None:
    """Close, and watch the report being made."""
    page.get_by_role("link", name="Clore l’instruction").click()
    page.get_by_text(outcome, exact=False).last.click()
    page.get_by_label("Motivation").fill(conclusion)
    page.get_by_text("Je confirme la clôture").click()
    page.get_by_role("button", name="Clore l’instruction").click()
    expect(page.get_by_role("progressbar", name="Préparation du rapport")).to_be_visible()
    expect(page.get_by_role("link", name="Télécharger le rapport")).to_be_visible(timeout=60_000)
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.CLOSED
