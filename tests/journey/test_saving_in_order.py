"""What is given to a question while its earlier answer is still on its way: each is sent in its turn, none dropped."""

import pytest
from django.urls import reverse
from playwright.sync_api import Route, expect

from assessments.models import Attachment, Dossier
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import state_of
from tests.evidence.samples import PDF
from tests.journey import filling
from tests.live import wait_until

KEY = "SEC-TRA-01"


@pytest.fixture
def dossier(questionnaires, product, contributor) -> Dossier:
    return filled_dossier(product=product, by=contributor, answers={KEY: None})


def test_a_file_does_not_take_the_place_of_an_answer_that_waits(open_browser, dossier, contributor):
    page = open_browser(contributor)
    held: list[Route] = []
    page.goto(reverse("dossiers:theme", args=[dossier.number, "securite", "tracabilite"]))
    page.route(f"**/reponses/{KEY}/", lambda route: held.append(route) if not held else route.continue_())

    page.locator(f"label[for='{KEY}-non']").click()
    expect(page.locator(f"#etat-{KEY}")).to_have_text("Enregistrement…")
    wait_until(lambda: len(held) == 1, "the first answer on its way", page=page)  # it is kept before it leaves
    page.locator(f"label[for='{KEY}-oui']").click()
    page.locator(f"#depot-{KEY}").set_input_files(files=[filling.pdf("politique.pdf", PDF)])
    held[0].continue_()

    expect(page.locator(f"#fichiers-{KEY} .question__file-list > li")).to_contain_text("politique.pdf")
    wait_until(lambda: state_of(dossier, KEY).value == "oui", "the second answer", page=page)
    assert Attachment.objects.filter(answer__question__key=KEY, removed_at=None).count() == 1
    expect(page.locator(f"#etat-{KEY}")).to_contain_text("Enregistré à")


def test_taking_a_file_away_does_not_say_that_an_answer_is_being_saved(open_browser, dossier, contributor):
    page = open_browser(contributor)
    page.goto(reverse("dossiers:theme", args=[dossier.number, "securite", "tracabilite"]))
    filling.choose(page, KEY, "oui")
    page.locator(f"#depot-{KEY}").set_input_files(files=[filling.pdf("politique.pdf", PDF)])
    row = page.locator(f"#fichiers-{KEY} .question__file-list > li")
    expect(row).to_contain_text("politique.pdf")

    row.get_by_role("button", name="Retirer").click()

    expect(row).to_have_count(0)
    expect(page.locator(f"#etat-{KEY}")).to_contain_text("Enregistré à")
