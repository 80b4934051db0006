"""The desk in a real browser: verdicts by keyboard, narrow screens, accessibility."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Verdict
from assessments.operations.reviews import give_verdict, send_back
from questionnaires.queries import published
from tests.assessments.filled import examine, item_of, last_round, submit_again
from tests.live import accessibility_problems, sign_in, wait_until
from tests.reviews.conftest import NOT_APPLICABLE

KEY = "SEC-GOV-02"


@pytest.fixture
def desk(page, live_server, dossier, reviewer):
    """The reviewer's browser, on an item."""
    sign_in(page, live_server, reviewer)
    page.goto(reverse("reviews:item", args=[dossier.number, KEY]))
    return page


def expect_chosen(page, decision):
    expect(page.locator("[name=decision]:checked")).to_have_value(decision)


def test_a_then_enter_accepts_the_item(desk, dossier):
    desk.keyboard.press("a")
    expect_chosen(desk, "accepted")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    assert Verdict.objects.get().decision == "accepted"
    expect(desk).not_to_have_url(re.compile(KEY))


def test_r_asks_for_the_reason_and_q_for_the_text(desk):
    reason, text = desk.locator("[name=reason]"), desk.locator("[name=text]")
    expect(reason).to_be_hidden()
    desk.keyboard.press("r")
    expect_chosen(desk, "refused")
    expect(reason).to_be_focused()
    desk.locator("h1").click()
    desk.keyboard.press("Shift+Q")
    expect_chosen(desk, "question")
    expect(text).to_be_focused()
    expect(reason).to_be_hidden()
    expect(text).to_have_value("")


def test_letters_typed_in_a_field_are_only_letters(desk):
    desk.keyboard.press("q")
    desk.keyboard.type("rare a")
    expect_chosen(desk, "question")
    expect(desk.locator("[name=text]")).to_have_value("rare a")


def test_s_and_p_go_to_the_items_beside(desk, dossier):
    here = desk.url
    with desk.expect_navigation():
        desk.keyboard.press("s")
    expect(desk).not_to_have_url(here)
    with desk.expect_navigation():
        desk.keyboard.press("p")
    expect(desk).to_have_url(here)


def test_the_shortcuts_can_be_turned_off_and_stay_off(desk):
    desk.get_by_role("button", name="Désactiver les raccourcis").click()
    desk.reload()
    desk.keyboard.press("a")
    expect(desk.locator("[name=decision]:checked")).to_have_count(0)


EXPLANATION = "La page signée manque."


@pytest.fixture
def asked(desk):
    """Whether the browser asked before leaving; each time, the person stays."""
    dialogs = []

    def stay(dialog):
        dialogs.append(dialog.type)
        dialog.dismiss()

    desk.on("dialog", stay)
    return dialogs


def refuse(desk):
    desk.get_by_label("Refuser").check(force=True)
    desk.get_by_label("Explication").fill(EXPLANATION)


def saved(desk, button):
    with desk.expect_navigation():
        desk.get_by_role("button", name=button).press("Enter")


def test_a_note_is_saved_and_the_verdict_being_written_stays(desk, asked):
    refuse(desk)
    desk.get_by_label("Nouvelle note").fill("À voir avec la direction.")
    saved(desk, "Enregistrer la note")
    expect(desk.get_by_text("Votre note est enregistrée.")).to_have_count(1)
    expect_chosen(desk, "refused")
    expect(desk.get_by_label("Explication")).to_have_value(EXPLANATION)
    expect(desk.locator("[name=reason]")).to_be_visible()
    assert asked == []


def test_what_somebody_typed_is_not_shown_to_who_signs_in_after_them(desk, live_server, colleague):
    refuse(desk)
    with desk.expect_download():
        desk.locator("#preuves ~ .review-file a").first.click()
    page = desk.url
    desk.on("dialog", lambda dialog: dialog.accept())
    kept = desk.evaluate("Object.entries(sessionStorage)")
    assert EXPLANATION in str(kept)
    desk.goto("about:blank")
    sign_in(desk, live_server, colleague)
    desk.goto(page)
    desk.evaluate("kept => kept.forEach(([key, value]) => sessionStorage.setItem(key, value))", kept)
    desk.reload()
    expect(desk.get_by_label("Explication")).to_have_value("")


def test_a_note_that_could_not_be_taken_leaves_the_verdict_being_written(desk, dossier):
    refuse(desk)
    saved(desk, "Enregistrer la note")
    expect(desk.locator("[data-error-summary]")).to_have_count(1)
    expect_chosen(desk, "refused")
    expect(desk.get_by_label("Explication")).to_have_value(EXPLANATION)
    desk.locator("[name=reason]").select_option("incomplete")
    saved(desk, "Enregistrer le verdict")
    assert Verdict.objects.get().text == EXPLANATION


def test_the_commission_is_asked_and_the_verdict_being_written_stays(desk, asked):
    refuse(desk)
    desk.get_by_text("Mettre à l’ordre du jour de la commission").click()
    desk.get_by_label("Ce que vous demandez à la commission").fill("Faut-il la signature ?")
    saved(desk, "Inscrire cet élément")
    expect(desk.get_by_label("Explication")).to_have_value(EXPLANATION)
    assert asked == []


@pytest.mark.parametrize("way", ["link", "verdict"])
def test_leaving_asks_first_while_something_typed_is_not_saved(desk, asked, way):
    desk.get_by_label("Nouvelle note").fill("À voir avec la direction.")
    page = desk.url
    if way == "verdict":
        desk.get_by_label("Accepter").check(force=True)
    ways = {
        "link": desk.locator(".review-neighbours a").last,
        "verdict": desk.get_by_role("button", name="Enregistrer le verdict"),
    }
    with desk.expect_event("dialog"):
        ways[way].click()
    assert asked == ["beforeunload"]
    expect(desk).to_have_url(page)
    expect(desk.get_by_label("Nouvelle note")).to_have_value("À voir avec la direction.")


def test_a_file_is_opened_without_a_question_while_the_verdict_is_being_written(desk, asked):
    refuse(desk)
    with desk.expect_download():
        desk.locator("#preuves ~ .review-file a").first.click()
    assert asked == []
    expect(desk.get_by_label("Explication")).to_have_value(EXPLANATION)


def test_a_verdict_that_is_saved_is_not_brought_back_with_the_next_note(desk, asked):
    refuse(desk)
    with desk.expect_download():
        desk.locator("#preuves ~ .review-file a").first.click()
    desk.get_by_label("Accepter").check(force=True)
    desk.get_by_label("Explication").fill("")
    desk.get_by_label("Rester sur cet élément").check(force=True)
    saved(desk, "Enregistrer le verdict")
    expect_chosen(desk, "accepted")
    expect(desk.get_by_label("Explication")).to_have_value("")
    assert asked == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["queue", "detail", "item", "stale", "send"])
def test_each_page_is_accessible_and_never_scrolls_sideways(
    page, live_server, dossier, reviewer, colleague, contributor, both_in_charge, name, width
):
    send_back(
        round=examine(dossier, by=reviewer, refused=[KEY]),
        definition=published(dossier.edition).definition,
        by=reviewer,
        message="Merci de compléter.",
    )
    dossier.refresh_from_db()
    submit_again(dossier, by=contributor)
    sign_in(page, live_server, reviewer)
    page.set_viewport_size({"width": width, "height": 900})
    if name == "send":
        examine(dossier, by=reviewer, refused=[KEY])
    page.goto(address_of(name, dossier))
    if name == "stale":
        give_verdict(
            round=last_round(dossier), item=item_of(dossier, KEY), decision="question", text="Qui ?", by=colleague
        )
        page.keyboard.press("r")
        page.get_by_role("button", name="Enregistrer le verdict").click()
        expect(page.locator("[data-error-summary]")).to_have_count(1)
        page.locator("[name=reason]").select_option("incomplete")
        page.locator("[name=text]").fill("Il manque la page signée.")
        page.get_by_role("button", name="Enregistrer le verdict").click()
        expect(page.get_by_text("a jugé cet élément entre-temps")).to_have_count(1)
    assert accessibility_problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_wide_screen_the_verdict_stays_in_sight_beside_a_page_that_can_be_read(desk, drawn):
    desk.set_viewport_size({"width": 1280, "height": 900})
    desk.reload()
    picture, verdict = desk.locator(".preview-pages__picture").first, desk.locator(".review-verdict")
    wait_until(lambda: picture.bounding_box()["width"] > 500, "a page that can be read")
    for place in ("#exigence", "#preuves", "#commission"):
        desk.locator(place).scroll_into_view_if_needed()
        wait_until(lambda: 0 <= verdict.bounding_box()["y"] < 450, f"the verdict in sight, at {place}")
    desk.keyboard.press("r")
    desk.get_by_role("button", name="Enregistrer le verdict").scroll_into_view_if_needed()
    expect(desk.get_by_role("button", name="Enregistrer le verdict")).to_be_in_viewport()


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_of_files_are_accessible_beside_the_verdict_and_alone(desk, drawn, width):
    desk.set_viewport_size({"width": width, "height": 900})
    desk.reload()
    assert accessibility_problems(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    with desk.expect_popup() as popup:
        desk.get_by_role("link", name="Agrandir").first.click()
    alone = popup.value
    # The window is there before its page is.
    expect(alone).to_have_title(re.compile(f"^Page 1 de {re.escape(drawn.document_version.original_name)}"))
    # Not by wait_for_function: what it asks again is a string to evaluate, which our content policy refuses.
    picture = alone.locator(".review-preview")
    wait_until(lambda: picture.evaluate("picture => picture.naturalWidth > 0"), "the picture")
    assert accessibility_problems(alone) == []


def address_of(name, dossier):
    if name == "queue":
        return reverse("reviews:queue")
    if name in {"item", "stale"}:
        return reverse("reviews:item", args=[dossier.number, KEY])
    return reverse(f"reviews:{name}", args=[dossier.number])


def test_the_desk_works_without_javascript(chromium, live_server, dossier, reviewer):
    with chromium.new_context(base_url=live_server.url, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, live_server, reviewer)
        page.goto(reverse("reviews:item", args=[dossier.number, NOT_APPLICABLE]))
        page.get_by_label("Refuser").check(force=True)
        page.get_by_label("Motif du refus").select_option("not_justified")
        page.get_by_label("Explication").fill("Un audit est prévu par votre propre politique.")
        with page.expect_navigation():
            page.get_by_role("button", name="Enregistrer le verdict").click()
        assert Verdict.objects.get().reason == "not_justified"
