"""On every page, whoever looks and whatever went wrong: axe finds nothing, and a telephone shows it whole."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page

from tests.journey.pages import NOT_PAGES, VISITS, walk
from tests.journey.world import make_world
from tests.live import accessibility_problems

DESKTOP, TELEPHONE = 1280, 390
STICKING_OUT = """() => [...document.querySelectorAll("main :is(input, textarea, select, button, .fr-btn, svg, table)")]
    .filter(each => !each.closest(".fr-table") && each.checkVisibility())
    .filter(each => each.getBoundingClientRect().right >
        each.closest(".question, .review-verdict, .fr-container").getBoundingClientRect().right)
    .map(each => each.name || each.textContent.trim() || each.tagName)"""


def test_axe_finds_nothing_and_a_telephone_shows_each_page_whole(open_browser, transactional_db):
    """One walk for both: opening the pages is what takes the time."""
    world = make_world()
    problems = {}
    for visit, page in walk(open_browser, world, width=DESKTOP):
        if found := [*accessibility_problems(page), *what_a_telephone_cuts(page)]:
            problems[visit.name] = found
    assert problems == {}


def what_a_telephone_cuts(page: Page) -> Iterator[str]:
    """What makes the open page scroll sideways, or sticks out of its frame, on a narrow screen."""
    page.set_viewport_size({"width": TELEPHONE, "height": 900})
    assert page.evaluate("window.innerWidth") == TELEPHONE
    wanted = page.evaluate("document.documentElement.scrollWidth")
    if wanted > TELEPHONE:
        yield f"scrolls sideways: {wanted} pixels"
    yield from (f"sticks out: {each}" for each in page.evaluate(STICKING_OUT))
    page.set_viewport_size({"width": DESKTOP, "height": 900})


def test_every_address_that_gives_a_page_is_looked_at():
    looked_at = {visit.url for visit in VISITS}
    assert looked_at.isdisjoint(NOT_PAGES)
    assert set(names(get_resolver())) == looked_at | NOT_PAGES.keys()


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """The names of all addresses but the administration's: its pages are Django's own."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}"
        elif entry.namespace != "admin":
            yield from names(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
