"""One page to look at: its address, who looks, and what they did to see it so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from playwright.sync_api import Locator, Page

from tests.journey.world import World

Act = Callable[[Page, World], None]
VISITOR = "visitor"


@dataclass(frozen=True)
class Visit:
    """`url`: a URL name. `args`: what it takes. `what`: the state that is looked at. `act`: how one gets there."""

    url: str
    who: str = VISITOR
    args: Callable[[World], Sequence[object]] = lambda world: ()
    what: str = ""
    act: Act | None = None
    query: str = ""

    @property
    def name(self) -> str:
        return f"{self.url} ({', '.join(filter(None, [self.who, self.what]))})"

    def open(self, page: Page, world: World) -> None:
        page.goto(reverse(self.url, args=list(self.args(world))) + self.query)
        if self.act:
            self.act(page, world)


def press(button: str) -> Act:
    """Send the form as it stands, and wait for what is wrong with it."""

    def act(page: Page, world: World) -> None:
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name=button, exact=True).click()
        what_is_wrong(page).wait_for()

    return act


def what_is_wrong(page: Page) -> Locator:
    """The first that the page tells."""
    return page.locator("main").locator(".fr-alert--error, .fr-message--error, .fr-error-text").first


def unfold_everything(page: Page, world: World) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
