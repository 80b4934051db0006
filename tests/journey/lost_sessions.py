"""A product described, and sent when its session has ended or is another one: what the page that answers looks like."""

from urllib.parse import urljoin

from django.conf import settings
from playwright.sync_api import Page

from accounts.held_forms import mark_of
from tests.journey.world import World

NOBODYS = 0
WORDS = "Un carnet de tension.\n\n" + "Une description d’un seul tenant. " * 9


def come_too_late(page: Page, world: World) -> None:
    """The session is given back afterwards, for the pages that follow."""
    (session,) = [each for each in page.context.cookies() if each.get("name") == settings.SESSION_COOKIE_NAME]
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    _send(page)
    page.get_by_text("rien n’est perdu").first.wait_for()
    page.context.add_cookies([{"name": session["name"], "value": session["value"], "url": urljoin(page.url, "/")}])
    page.get_by_text("Relire ce que vous aviez écrit").click()


def come_from_another_session(page: Page, world: World) -> None:
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    _send(page)
    page.get_by_role("button", name="Envoyer ce que j’avais écrit").wait_for()


def come_from_somebody_else(page: Page, world: World) -> None:
    page.locator("main [name=filled_by]").evaluate("(field, mark) => { field.value = mark; }", mark_of(NOBODYS))
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    _send(page)
    page.get_by_role("button", name="Envoyer sous mon nom").wait_for()


def _send(page: Page) -> None:
    page.locator("main [name=description]").fill(WORDS)
    page.locator("main button[type=submit]").click()
