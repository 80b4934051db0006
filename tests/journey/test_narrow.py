"""On a telephone, no page scrolls sideways and no field sticks out of its frame."""

from tests.journey.pages import walk
from tests.journey.world import make_world

WIDTH = 390
STICKING_OUT = """() => [...document.querySelectorAll("main :is(input, textarea, select, button, .fr-btn, svg, table)")]
    .filter(each => !each.closest(".fr-table") && each.checkVisibility())
    .filter(each => each.getBoundingClientRect().right >
        each.closest(".question, .review-verdict, .fr-container").getBoundingClientRect().right)
    .map(each => each.name || each.textContent.trim() || each.tagName)"""


def test_at_390_pixels_no_page_scrolls_sideways_and_no_field_leaves_its_frame(open_browser, transactional_db):
    world = make_world()
    too_wide, sticking_out = {}, {}
    for visit, page in walk(open_browser, world, width=WIDTH):
        assert page.evaluate("window.innerWidth") == WIDTH
        wanted = page.evaluate("document.documentElement.scrollWidth")
        if wanted > WIDTH:
            too_wide[visit.name] = wanted
        if found := page.evaluate(STICKING_OUT):
            sticking_out[visit.name] = found
    assert too_wide == {}
    assert sticking_out == {}
