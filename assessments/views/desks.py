"""A dossier open on somebody's screen, as the pages of its questions read it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.http import Http404

from accounts.models import User
from accounts.requests import SignedInRequest
from assessments import policies
from assessments.answer_states import Copy
from assessments.cards import QuestionCard, card_of
from assessments.filing import Filing
from assessments.forms.drafts import Typed, base_in, typed_in_draft
from assessments.models import Attachment, Dossier, Draft
from assessments.prechecks import cautions_of
from assessments.prepared import ID, Prepared
from assessments.sections import Section, section_of_key
from evidence.prechecks import Caution
from questionnaires import engine

COLUMNS_OF_A_DRAFT = [field.attname for field in Draft._meta.concrete_fields]
DRAFTS = Prepared(
    lambda dossier_id, author_id: Draft.objects.filter(dossier=dossier_id, author=author_id).values_list(
        *COLUMNS_OF_A_DRAFT
    ),
    dossier_id=ID,
    author_id=ID,
)


@dataclass(slots=True)
class Desk:
    """A dossier open on somebody's screen: what its pages read, loaded once.

    `may_write`: the person may fill it, when its state allows it. `author`: whose drafts are shown.
    """

    filing: Filing
    open_keys: frozenset[str]
    may_write: bool = True
    author: User | None = None

    @classmethod
    def of(cls, request: SignedInRequest, dossier: Dossier) -> "Desk":
        filing = Filing(dossier)
        may_write = policies.can_fill(request.user, dossier)
        return cls(filing, policies.open_keys(filing) if may_write else frozenset(), may_write, request.user)

    @property
    def dossier(self) -> Dossier:
        return self.filing.dossier

    @property
    def copy(self) -> Copy:
        return self.filing.working

    @property
    def evaluation(self) -> engine.Evaluation:
        return self.filing.evaluation

    def question(self, key: str) -> engine.Question:
        """The shown question of this key, or 404: a hidden one is not there."""
        if key not in self.evaluation.questions or not self.filing.result(key).shown:
            raise Http404
        return self.copy.definition.questions[key]

    def place(self, key: str) -> tuple[Section, engine.Theme]:
        """Where the shown question stands, or 404; the orientation takes no file."""
        self.question(key)
        place = section_of_key(self.copy.definition, key)
        if place is None:
            raise Http404
        return place

    def card(self, key: str, *, data: Typed | None = None) -> QuestionCard:
        """One card: with what was just typed, else with the person's draft, else as it is stored."""
        return self._card(key, self.draft(key), self._files([key]), data=data)

    def cards(
        self, questions: Iterable[engine.Question], *, unsaved: Mapping[str, Typed] = MappingProxyType({})
    ) -> list[QuestionCard]:
        """The cards of a page, hidden questions included: their place is kept for when they appear. `unsaved`: what was
        just typed, by key."""
        keys = [question.key for question in questions]
        drafts, files = self._drafts(keys), self._files(keys)
        return [self._card(key, drafts.get(key), files, data=unsaved.get(key)) for key in keys]

    def _card(
        self,
        key: str,
        draft: Draft | None,
        files: "_Files",
        *,
        data: Typed | None,
    ) -> QuestionCard:
        """What was typed from another revision than the one that stands is in conflict with it, and keeps its own: only
        a choice puts it on top."""
        state = self.copy.state(key)
        if draft is not None and data is None:
            data = typed_in_draft(draft, key)
        conflict = state if data is not None and base_in(data, key) != state.revision else None
        return card_of(
            self.copy.definition.questions[key],
            self.filing,
            open_keys=self.open_keys,
            data=data,
            conflict=conflict,
            draft_at=draft.saved_at if draft else None,
            attachments=files.attachments.get(key, ()),
            cautions=files.cautions,
        )

    def drafted(self, keys: Collection[str]) -> frozenset[str]:
        """The questions of which the person has a draft. One query."""
        return frozenset(self._drafts(keys))

    def draft(self, key: str) -> Draft | None:
        """The person's own draft of a question."""
        return self._drafts([key]).get(key)

    def _drafts(self, keys: Collection[str]) -> dict[str, Draft]:
        """The person's own, of the questions that are open to them."""
        ids = {self.copy.edition.question_ids[key]: key for key in keys if key in self.open_keys}
        if self.author is None or not ids:
            return {}
        rows = DRAFTS.rows(dossier_id=self.dossier.pk, author_id=self.author.pk)
        drafts = (Draft.from_db("default", COLUMNS_OF_A_DRAFT, row) for row in rows)
        return {ids[draft.question_id]: draft for draft in drafts if draft.question_id in ids}

    def _files(self, keys: list[str]) -> "_Files":
        attachments = self.filing.attachments_of(keys)
        return _Files(attachments, cautions_of(self.filing, attachments))


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of some questions, by key, and what should be looked at in each, by attachment."""

    attachments: Mapping[str, tuple[Attachment, ...]]
    cautions: Mapping[int, tuple[Caution, ...]]
