"""Simulating and following a newer edition in a real browser: by mouse, by keyboard, on a narrow screen."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import EditionChange
from tests.assessments.next_editions import next_edition
from tests.live import accessibility_problems, sign_in


@pytest.fixture
def team(page, live_server, dossier, contributor):
    """The contributor's browser, on a dossier that a newer edition was published for."""
    next_edition()
    sign_in(page, live_server, contributor)
    page.goto(dossier.get_absolute_url())
    return page


def test_by_mouse_from_the_dossier_to_the_question_that_is_new(team, dossier):
    team.get_by_role("link", name="Voir ce qu’elle change pour ce dossier").click()
    expect(team.get_by_role("heading", level=1)).to_contain_text("Ce que change")
    team.get_by_role("link", name="Voir ce que cela donnerait").click()
    expect(team.get_by_text("Le délai d’inactivité accepté passe de 60 à 30 minutes au plus.")).to_be_visible()
    team.get_by_role("link", name="Passer à cette édition").click()
    team.get_by_role("button", name="Passer à cette édition").click()

    expect(team).to_have_url(re.compile(r"/orientation/"))
    expect(team.get_by_text("L’orientation a une question nouvelle")).to_be_visible()
    assert EditionChange.objects.get().dossier == dossier


def test_by_keyboard_alone(team, dossier):
    team.get_by_role("link", name="Voir ce qu’elle change pour ce dossier").focus()
    team.keyboard.press("Enter")
    team.wait_for_url("**/nouvelle-edition/")
    for name, address in (("Voir ce que cela donnerait", "simulation/"), ("Passer à cette édition", "accepter/")):
        team.get_by_role("link", name=name).focus()
        team.keyboard.press("Enter")
        team.wait_for_url(f"**/{address}")
    team.get_by_role("button", name="Passer à cette édition").focus()
    team.keyboard.press("Enter")

    expect(team).to_have_url(re.compile(r"/orientation/"))
    assert EditionChange.objects.count() == 1


@pytest.mark.parametrize("width", [1280, 390])
def test_its_pages_fit_the_screen_and_have_no_problem_that_axe_sees(team, dossier, width):
    team.set_viewport_size({"width": width, "height": 800})
    addresses = [
        dossier.get_absolute_url(),
        reverse("dossiers:list"),
        reverse("dossiers:next-edition", args=[dossier.number]),
        reverse("dossiers:next-edition-simulation", args=[dossier.number]),
        reverse("dossiers:next-edition-accept", args=[dossier.number]),
        reverse("dossiers:edition", args=[dossier.number, "2026"]),
        reverse("dossiers:edition-theme", args=[dossier.number, "2026", "gouvernance"]),
    ]
    for address in addresses:
        team.goto(address)
        assert accessibility_problems(team) == [], address
        assert team.evaluate("document.documentElement.scrollWidth") <= width, address
