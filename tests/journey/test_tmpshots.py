import re, os
from tests.journey.pages import walk
from tests.journey.world import make_world
import pytest, pathlib
@pytest.mark.parametrize("width", [1280, 390])
def test_shots(open_browser, transactional_db, width):
    w = make_world()
    d = pathlib.Path(f"/tmp/shots/{width}"); d.mkdir(parents=True, exist_ok=True)
    n = 0
    errs = []
    it = walk(open_browser, w, width=width)
    for visit, page in it:
        n += 1
        page.screenshot(path=str(d / (f"{n:02d}-" + re.sub(r"[^a-z0-9]+", "-", visit.name.lower()) + ".png")), full_page=True)
        print(n, visit.name, page.url, page.title())
