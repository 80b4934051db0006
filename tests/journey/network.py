"""What a network does to the saves of answers: of a page, or of a whole browser."""

from contextlib import suppress

from playwright.sync_api import BrowserContext, Error, Page, Route

SAVES = "**/reponses/**"


def cut(browser: Page | BrowserContext) -> None:
    browser.unroute_all()
    browser.route(SAVES, lambda route: _abort(route, "internetdisconnected"))


def lose_the_answers(browser: Page | BrowserContext) -> None:
    """The server does what it is asked, and the browser never hears of it."""

    def lose(route: Route) -> None:
        with suppress(Error):  # its page is gone
            route.fetch()
        _abort(route, "connectionreset")

    browser.unroute_all()
    browser.route(SAVES, lose)


def restart_the_server(browser: Page | BrowserContext) -> None:
    """What stands before it says so, until `mend`."""
    browser.unroute_all()
    browser.route(SAVES, lambda route: route.fulfill(status=502))


def hold(browser: Page | BrowserContext) -> list[Route]:
    """The saves leave the page and go no further: each waits in the list until it is continued."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    browser.unroute_all()
    browser.route(SAVES, keep)
    return held


def mend(browser: Page | BrowserContext) -> None:
    browser.unroute_all()


def _abort(route: Route, why: str) -> None:
    with suppress(Error):  # its page is gone, or the network was mended meanwhile
        route.abort(why)
