"""A dossier open on somebody's screen, as the pages of its questions read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import Http404, QueryDict

from accounts.requests import SignedInRequest
from assessments import policies
from assessments.answer_states import AnswerState, Copy
from assessments.cards import QuestionCard, card_of, cards_of
from assessments.filing import Filing
from assessments.models import Dossier
from assessments.prechecks import cautions_of
from assessments.sections import Section, section_of_key
from evidence.prechecks import Caution
from questionnaires import engine


@dataclass(slots=True)
class Desk:
    """A dossier open on somebody's screen: what its pages read, loaded once.

    `may_write`: the person may fill it, when its state allows it.
    """

    filing: Filing
    open_keys: frozenset[str]
    may_write: bool = True

    @classmethod
    def of(cls, request: SignedInRequest, dossier: Dossier) -> "Desk":
        filing = Filing(dossier)
        may_write = policies.can_fill(request.user, dossier)
        return cls(filing, policies.open_keys(filing) if may_write else frozenset(), may_write)

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

    def card(self, key: str, *, data: QueryDict | None = None, conflict: AnswerState | None = None) -> QuestionCard:
        return card_of(
            self.copy.definition.questions[key],
            self.filing,
            open_keys=self.open_keys,
            data=data,
            conflict=conflict,
            cautions=self._cautions([key]),
        )

    def cards(self, questions: Iterable[engine.Question]) -> list[QuestionCard]:
        questions = list(questions)
        cautions = self._cautions([question.key for question in questions])
        return cards_of(questions, self.filing, open_keys=self.open_keys, cautions=cautions)

    def _cautions(self, keys: list[str]) -> Mapping[int, tuple[Caution, ...]]:
        proven = [key for key in keys if self.copy.state(key).files]
        return cautions_of(self.filing, proven) if proven else {}
