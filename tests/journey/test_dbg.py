from tests.journey.conftest import *
from tests.journey.test_filling_without_javascript import *
def test_dbg(page, dossier):
    page.on("response", lambda r: print("RESP", r.request.method, r.status, r.url) if "/static/" not in r.url else None)
    page.on("request", lambda r: print("REQ", r.method, (r.post_data or "")[:1500]) if r.method=="POST" else None)
    go_to(page, dossier, *THEME)
    print(page.locator("#reponses").evaluate("e=>e.outerHTML") if False else page.locator("#reponses").count())
    tick(page, PAIRING, "oui")
    save_the_page(page)
    page.wait_for_timeout(1000)
    print(page.url, page.locator(".fr-alert").all_inner_texts())
    assert 0
