"""Two people write in one question, one with JavaScript and one without: no sentence goes unless somebody chose it."""

import re
from dataclasses import dataclass, field
from html import unescape
from itertools import count

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User
from assessments.models import AnswerRevision, Dossier, Draft
from assessments.operations.dossiers import move
from tests.assessments.saving import open_for, state_of
from tests.clients import SignedInClient
from tests.dossiers.pages import patch, theme_url
from tests.factories import ProductFactory

KEY, PAGE = "SEC-GOV-01", ("securite", "gouvernance")
TYPE, SEND, REOPEN, KEEP, TAKE, MERGE = "type", "send", "reopen", "keep_mine", "give_way", "merge"
CHOICES = (KEEP, TAKE)
NUMBERS = count(1)


def sentences(text: str) -> set[str]:
    return set(re.findall(r"Phrase \d+\.", text))


def stored_in(dossier: Dossier) -> set[str]:
    return sentences(str(state_of(dossier, KEY).value or ""))


@dataclass
class Screen:
    """The page of one person, as the portal's responses draw it. `written_from`: the text that theirs began with."""

    client: Client
    dossier: Dossier
    by: User
    has_script: bool
    fields: dict[str, str] = field(default_factory=dict)
    written_from: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        return self.fields["value"]

    @property
    def is_in_conflict(self) -> bool:
        return "seen" in self.fields

    def open(self) -> None:
        self.fields = {}
        self._draw(self.client.get(theme_url(self.dossier, *PAGE)).content.decode())

    def type(self) -> None:
        self.fields["value"] = f"{self.text} Phrase {next(NUMBERS)}.".strip()

    def send(self, button: str = "") -> None:
        posted = {f"{KEY}-{name}": value for name, value in self.fields.items()} | {f"{KEY}-comment": ""}
        if button:
            posted[button] = KEY
        if self.has_script:
            response = patch(self.client, self.dossier, KEY, posted)
            if response.status_code == 200:
                self.fields.pop("seen", None)
            self._draw(response.content.decode())
        else:
            response = self.client.post(theme_url(self.dossier, *PAGE), posted)
            if response.status_code == 302:
                self.open()
            else:
                self.fields.pop("seen", None)
                self._draw(response.content.decode())

    def _draw(self, html: str) -> None:
        """What the response puts in the page; with JavaScript, often a part of it only."""
        for name in ("revision", "seen"):
            for value in re.findall(rf'<input[^>]*name="{KEY}-{name}" value="(\d+)"', html):
                self.fields[name] = value
        drawn = re.search(rf'<textarea[^>]*name="{KEY}-value"[^>]*>([^<]*)</textarea>', html)
        if drawn:
            self.fields["value"] = unescape(drawn[1])
            if f'id="conflit-{KEY}"' in html and f'name="{KEY}-seen"' not in html:
                self.fields.pop("seen", None)
        if not self.is_in_conflict:
            self.written_from = stored_in(self.dossier)


def everything_kept(dossier: Dossier) -> set[str]:
    of_answers = AnswerRevision.objects.filter(answer__question__key=KEY, answer__assessment__dossier=dossier)
    of_drafts = [draft.typed["value"][0] for draft in Draft.objects.filter(dossier=dossier)]
    return sentences(" ".join((*of_drafts, *[revision.value or "" for revision in of_answers])))


def act(screen: Screen, what: str) -> None:
    """One thing that a person does, and what it may and may not do to the other's words."""
    before = stored_in(screen.dossier)
    mine, written_from = sentences(screen.text), screen.written_from
    match what:
        case "type":
            screen.type()
            mine = sentences(screen.text)
            screen.send()
        case "send":
            screen.send()
        case "reopen":
            screen.open()
        case choice if screen.is_in_conflict:
            screen.send(choice)
    after = stored_in(screen.dossier)
    if what not in CHOICES:
        assert before <= after, "a sentence went, and nobody chose that"
    if what == MERGE and mine != sentences(screen.text):
        assert before | (mine - written_from) <= sentences(screen.text), "the merge took an addition for a deletion"
    if what in (TYPE, KEEP, MERGE):
        assert mine - written_from <= everything_kept(screen.dossier)


@pytest.mark.django_db
@settings(
    max_examples=5,
    phases=[Phase.generate],
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(
    acts=st.lists(
        st.tuples(st.booleans(), st.sampled_from((TYPE, TYPE, TYPE, SEND, REOPEN, KEEP, TAKE, MERGE, MERGE))),
        min_size=2,
        max_size=8,
    ),
    second=st.booleans(),
)
def test_no_sentence_goes_unless_somebody_chose_it(publisher, contributor, mandataire, second, acts):
    dossier = open_for(ProductFactory.create(publisher=publisher), by=contributor)
    move(dossier, Dossier.State.FILLING)
    screens = []
    for by, has_script in ((contributor, True), (mandataire, False)):
        client = SignedInClient()
        client.force_login(by)
        screens.append(Screen(client, dossier, by, has_script))
        screens[-1].open()

    # Both had the page open: whoever comes second is in conflict at once.
    for who, what in [(second, TYPE), (not second, TYPE), *acts]:
        act(screens[who], what)
