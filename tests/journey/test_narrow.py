"""On a telephone, no page scrolls sideways."""

from tests.journey.pages import walk
from tests.journey.world import make_world

WIDTH = 390


def test_no_page_scrolls_sideways_at_390_pixels(open_browser, transactional_db):
    world = make_world()
    too_wide = {}
    for visit, page in walk(open_browser, world, width=WIDTH):
        assert page.evaluate("window.innerWidth") == WIDTH
        wanted = page.evaluate("document.documentElement.scrollWidth")
        if wanted > WIDTH:
            too_wide[visit.name] = wanted
    assert too_wide == {}
