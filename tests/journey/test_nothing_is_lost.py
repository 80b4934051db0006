"""Two people write in the same questions while everything fails at random: the last words of each are never lost.

The network is cut, answers are lost on their way back, sessions end, tabs are closed, and the server is killed in the
middle of a save, then started again. Meanwhile the browser keeps what was typed; once all is well again, it is on the
server: in the history, or in a draft of its author where it met a colleague's answer.

The moments are drawn from a seed, told when the test fails: the same seed draws the same day. To live through many:

    SEEDS=1-40 python3 scripts/with_services.py .venv/bin/python -m pytest -n 2 tests/journey/test_nothing_is_lost.py
"""

import os
import random
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Browser, Error, Page

from accounts.models import User
from assessments.models import AnswerRevision, Dossier
from tests.assessments.filled import filled_dossier
from tests.journey import filling, network
from tests.journey.portal import Portal
from tests.live import browser_context, sign_in, wait_until

KEYS = ("SEC-TRA-01", "SEC-TRA-02", "SEC-TRA-03")
STEPS = 22
USUAL_SEEDS = "5-6"
HELD_BY_THE_BROWSER = """() => new Promise((resolve) => {
  const opening = indexedDB.open("convergence", 1);
  opening.onsuccess = () => {
    const asked = opening.result.transaction("answers").objectStore("answers").getAll();
    asked.onsuccess = () => resolve(asked.result.map((entry) => entry.body));
  };
})"""


def seeds() -> range:
    first, _, last = os.environ.get("SEEDS", USUAL_SEEDS).partition("-")
    return range(int(first), int(last or first) + 1)


class Writer:
    """A person, their browser, and the last words that they wrote in each question."""

    def __init__(self, page: Page, user: User, address: str, portal: Portal, chance: random.Random) -> None:
        self.page, self.user, self.address = page, user, address
        self.wrote: dict[str, str] = {}
        self._portal, self._chance = portal, chance
        self.sign_in()
        self.open()

    def sign_in(self) -> None:
        sign_in(self.page, self._portal, self.user)

    def open(self) -> bool:
        """False when it does not come: the server is dead, or wants to know who asks."""
        try:
            self.page.goto(self.address)
        except Error:
            return False
        return self.has_the_page()

    def has_the_page(self) -> bool:
        return filling.card(self.page, KEYS[0]).count() == 1

    def write(self, *, leaves: bool | None = None) -> None:
        """`leaves`: the field, at once. None: as chance has it."""
        key = self._chance.choice(KEYS)
        text = f"{self.user.full_name}, {len(self.wrote)}, {self._chance.getrandbits(40):x}"
        leaves = self._chance.random() < 0.7 if leaves is None else leaves
        if not self.has_the_page() and not self.open():
            return
        self.page.locator("#reconnexion").evaluate("dialog => dialog.close()")  # « Plus tard »
        filling.card(self.page, key).locator("details.question__comment").evaluate("one => { one.open = true; }")
        field = filling.field(self.page, key, "comment")
        field.fill(text)
        if field.input_value() == text:  # the dialog may have come back in between: nobody writes under it
            self.wrote[key] = text
        if leaves:
            field.blur()

    def cut(self) -> None:
        network.cut(self.page.context)

    def lose_answers(self) -> None:
        network.lose_the_answers(self.page.context)

    def mend(self) -> None:
        network.mend(self.page.context)

    def end_session(self) -> None:
        """As when the server forgets it: the page does not know yet."""
        for session in Session.objects.all():
            if session.get_decoded().get("_auth_user_id") == str(self.user.pk):
                session.delete()

    def close_the_tab(self) -> None:
        """And come back, signed in."""
        other = self.page.context.new_page()
        self.page.close()
        self.page = other
        self.sign_in()
        self.open()

    def wait(self) -> None:
        self.page.wait_for_timeout(self._chance.choice([50, 400, 1800]))

    def kill_the_server(self) -> None:
        """While it saves what was just written; before it begins, or just after, as chance has it."""
        self.write(leaves=True)
        self.page.wait_for_timeout(self._chance.randrange(250))
        self._portal.kill()

    def start_the_server(self) -> None:
        if not self._portal.is_running:
            self._portal.start()

    def has_nothing_to_send(self) -> bool:
        return bool(self.page.evaluate(HELD_BY_THE_BROWSER) == [])


@pytest.fixture
def dossier(questionnaires, product, contributor) -> Dossier:
    return filled_dossier(product=product, by=contributor, answers=dict.fromkeys(KEYS))


@pytest.fixture
def portal(transactional_db: None) -> Iterator[Portal]:
    portal = Portal()
    portal.start()
    try:
        portal.is_up()
        yield portal
    finally:
        portal.kill()


@pytest.mark.postgresql
@pytest.mark.parametrize("seed", seeds())
def test_the_last_words_of_each_reach_the_history_or_a_draft_once_all_is_well_again(
    chromium: Browser, portal: Portal, dossier: Dossier, contributor: User, representative: User, seed: int
):
    chance = random.Random(seed)  # noqa: S311 — it keeps no secret
    address = reverse("dossiers:theme", args=[dossier.number, "securite", "tracabilite"])
    with browser_context(chromium, portal) as one, browser_context(chromium, portal) as two:
        writers = [
            Writer(context.new_page(), user, address, portal, chance)
            for context, user in ((one, contributor), (two, representative))
        ]
        for _step in range(STEPS):
            chance.choice(_acts(chance.choice(writers)))()

        writers[0].start_the_server()
        portal.is_up()
        for writer in writers:
            writer.mend()
            writer.sign_in()
            assert writer.open()
        for writer in writers:
            for key, text in writer.wrote.items():
                has_arrived = partial(_has_arrived, dossier, writer.user, key, text)
                wait_until(has_arrived, f"« {text} » in {key}", page=writer.page)
            wait_until(writer.has_nothing_to_send, "an empty outbox", page=writer.page)
        assert sum(len(writer.wrote) for writer in writers) > 1


def _acts(writer: Writer) -> list[Callable[[], object]]:
    """As often as they are named."""
    return [
        *[writer.write] * 6,
        *[writer.wait] * 3,
        writer.cut,
        writer.lose_answers,
        writer.mend,
        writer.mend,
        writer.end_session,
        writer.sign_in,
        writer.close_the_tab,
        *[writer.kill_the_server] * 2,
        *[writer.start_the_server] * 4,
    ]


def _has_arrived(dossier: Dossier, author: User, key: str, text: str) -> bool:
    history = AnswerRevision.objects.filter(
        answer__assessment__dossier=dossier, answer__question__key=key, saved_by=author, comment=text
    )
    drafts = dossier.drafts.filter(author=author, question__key=key, typed__comment=[text])
    return history.exists() or drafts.exists()
