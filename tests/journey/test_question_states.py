"""One page of questions in each state that a question may be in: axe finds nothing, and each change is said aloud.

An answer inherited from an earlier dossier and an answer to confirm are one and the same here
(`AnswerOrigin.to_confirm`): whatever is taken up is « à relire » until somebody confirms or edits it, and then is an
answer like another. What the portal knew when it opened the dossier (`save_prefilled`) is one from the beginning.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from accounts.models import User
from assessments.models import Dossier
from assessments.operations.reuse import take_up
from products.models import Product
from questionnaires.models import Edition
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import save, state_of
from tests.cast import make_product
from tests.dossiers.pages import theme_url
from tests.journey import filling
from tests.journey.conftest import OpenBrowser
from tests.journey.network import cut, hold, mend
from tests.live import accessibility_problems, wait_until

EMPTY, NUMBER, PARENT, CHILD, SHARED = "SEC-EXP-01", "SEC-EXP-03", "SEC-EXP-04", "SEC-EXP-05", "SEC-EXP-09"
NOT_APPLICABLE = "SEC-EXP-08"
WIDTHS = (1280, 390)


def is_sound(page: Page, state: str) -> None:
    """Wide and narrow."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert accessibility_problems(page) == [], f"{state}, {width} px"
        overflows = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not overflows, f"{state}, {width} px"


@contextmanager
def said_aloud(page: Page, words: str) -> Iterator[None]:
    """What is done inside is told in the live region."""
    page.evaluate("document.getElementById('annonces').textContent = ''")
    yield
    expect(page.locator("#annonces")).to_contain_text(words)


def test_every_state_of_a_question_is_sound_and_every_change_is_said(
    open_browser: OpenBrowser, questionnaires: Edition, product: Product, contributor: User, representative: User
) -> None:
    dossier: Dossier = filled_dossier(product=product, by=contributor, answers={EMPTY: None, NUMBER: None})
    page = open_browser(contributor)
    page.goto(theme_url(dossier, "securite", "exploitation"))
    expect(page.locator(f"#badge-{EMPTY}")).to_contain_text("À répondre")
    is_sound(page, "empty")

    held = hold(page)
    with said_aloud(page, f"Réponse {EMPTY} enregistrée."):
        page.locator(f"label[for='{EMPTY}-oui']").click()
        expect(page.locator(f"#etat-{EMPTY}")).to_contain_text("Enregistrement…")
        wait_until(lambda: len(held) == 1, "the answer on its way", page=page)
        is_sound(page, "saving")
        for save_held in held:
            save_held.continue_()
        mend(page)
    expect(page.locator(f"#etat-{EMPTY}")).to_contain_text("Enregistré à")
    is_sound(page, "saved")

    with said_aloud(page, "ne s’applique plus"):
        filling.choose(page, PARENT, "non")
    expect(filling.card(page, CHILD).locator("input, textarea").locator("visible=true")).to_have_count(0)
    is_sound(page, "hidden")
    with said_aloud(page, "de plus s’applique"):
        filling.choose(page, PARENT, "oui")
    expect(filling.card(page, CHILD)).to_be_visible()

    with said_aloud(page, f"La réponse {NUMBER} n’est pas enregistrée"):
        filling.field(page, NUMBER).fill("presque tout")
        filling.field(page, NUMBER).blur()
    expect(page.locator(f"#objections-{NUMBER} .fr-error-text").first).to_be_visible()
    group = page.locator(".fr-input-group--error", has=page.locator(f"#objections-{NUMBER}"))
    expect(group.locator("[aria-invalid=true]")).to_have_value("presque tout")
    is_sound(page, "refused")
    filling.field(page, NUMBER).fill("99")
    filling.field(page, NUMBER).blur()
    expect(group).to_have_count(0)

    with said_aloud(page, f"Réponse {NOT_APPLICABLE} enregistrée."):
        filling.declare_not_applicable(page, NOT_APPLICABLE, "Le service ne garde aucun journal.")
    is_sound(page, "not applicable")

    save(dossier, SHARED, "non", by=representative, comment="À revoir ensemble.")
    with said_aloud(page, SHARED):
        page.locator(f"label[for='{SHARED}-non']").click()
    expect(page.locator(f"#conflit-{SHARED} .fr-alert")).to_be_visible()
    is_sound(page, "conflict")

    cut(page)
    with said_aloud(page, "En attente du réseau"):
        page.locator(f"label[for='{EMPTY}-non']").click()
    is_sound(page, "waiting for the network")


def test_an_inherited_answer_is_to_confirm_until_it_is_confirmed_or_edited(
    open_browser: OpenBrowser, questionnaires: Edition, product: Product, contributor: User
) -> None:
    source = filled_dossier(product=product, by=contributor)
    dossier = filled_dossier(
        product=make_product(product.publisher), by=contributor, answers={EMPTY: None, PARENT: None}
    )
    bases = {key: state_of(dossier, key).revision for key in (EMPTY, PARENT)}
    assert take_up(dossier=dossier, source=source, bases=bases, by=contributor) == (EMPTY, PARENT)
    page = open_browser(contributor)
    page.goto(theme_url(dossier, "securite", "exploitation"))
    for key in (EMPTY, PARENT):
        origin = page.locator(f"#reprise-{key}")
        expect(origin).to_contain_text(f"Reprise du dossier {source.number} ({product.name}), à relire.")
        expect(origin).to_contain_text(f"par {contributor.full_name}")
    is_sound(page, "inherited")

    with said_aloud(page, f"Réponse {EMPTY} relue."):
        filling.card(page, EMPTY).get_by_role("button", name="C’est toujours vrai").press("Enter")
    confirmed = page.locator(f"#reprise-{EMPTY}").get_by_text("Relue : c’est toujours vrai.")
    expect(confirmed).to_be_focused()
    is_sound(page, "confirmed")

    with said_aloud(page, f"Réponse {PARENT} enregistrée."):
        filling.choose(page, PARENT, "non")
    expect(page.locator(f"#reprise-{PARENT}")).to_be_empty()
    page.reload()
    expect(page.locator(".question")).not_to_have_count(0)
    expect(page.locator(".question__origin")).to_have_count(0)
