"""axe finds nothing on any page, whoever looks and whatever went wrong."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tests.journey.pages import NOT_PAGES, VISITS, walk
from tests.journey.world import make_world
from tests.live import accessibility_problems


def test_axe_finds_nothing_on_any_page(open_browser, transactional_db):
    world = make_world()
    problems = {
        visit.name: found
        for visit, page in walk(open_browser, world, width=1280)
        if (found := accessibility_problems(page))
    }
    assert problems == {}


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
