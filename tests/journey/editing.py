"""What an editor sees and does on the pages of a draft."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect


def go_to_question(page: Page, key: str, number: str) -> None:
    page.goto(reverse("questionnaires:question", args=["Q", number, key]))


def go_to_tree(page: Page, number: str) -> None:
    page.goto(reverse("questionnaires:version", args=["Q", number]))


def go_to_edition(page: Page, code: str) -> None:
    page.goto(reverse("questionnaires:edition", args=[code]))


def expect_reading(page: Page, words: str) -> None:
    """The French of the condition that is being typed."""
    expect(page.locator("#condition-lue")).to_contain_text(words)


def proposed(page: Page, word: str) -> Locator:
    """One of the words that completion proposes."""
    return page.locator("#mots-proposes [role=option]").filter(has_text=re.compile(rf"^{word}"))


def expect_verdict(page: Page, words: str) -> None:
    """What the trial says."""
    expect(page.locator("#essai .editor-verdict")).to_contain_text(words)


def expect_message(page: Page, words: str) -> None:
    expect(page.locator("main .fr-alert, main .fr-notice").filter(has_text=words).first).to_be_visible()


def expect_order(page: Page, *keys: str) -> None:
    """All the questions of the tree, from the top."""
    expect(page.locator("[data-key] .editor-code")).to_have_text(list(keys))


@contextmanager
def keeping_a_draft(page: Page) -> Iterator[None]:
    """What is typed inside is kept before one goes on."""
    with page.expect_response("**/brouillon/"):
        yield
    expect(page.locator("#brouillon")).to_contain_text("Brouillon gardé")
