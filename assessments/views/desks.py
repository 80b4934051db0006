"""A dossier open on somebody's screen, as the pages of its questions read it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, QueryDict
from django.utils import timezone

from accounts.requests import SignedInRequest
from assessments import policies
from assessments.answer_states import AnswerState, Copy, working_copy
from assessments.cards import QuestionCard, card_of, cards_of
from assessments.models import Dossier
from assessments.sections import Section, section_of_key
from questionnaires import engine


@dataclass(slots=True)
class Desk:
    """A dossier open on somebody's screen: what its pages read, loaded once."""

    dossier: Dossier
    copy: Copy
    evaluation: engine.Evaluation
    open_keys: frozenset[str]

    @classmethod
    def of(cls, request: SignedInRequest, dossier: Dossier) -> "Desk":
        copy = working_copy(dossier)
        evaluation = copy.evaluate(timezone.localdate())
        may_write = policies.can_fill(request.user, dossier)
        open_keys = policies.open_keys(dossier, copy, evaluation) if may_write else frozenset()
        return cls(dossier, copy, evaluation, open_keys)

    def question(self, key: str) -> engine.Question:
        """The shown question of this key, or 404: a hidden one is not there."""
        if key not in self.evaluation.questions or not self.evaluation.questions[key].shown:
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
            self.copy,
            self.evaluation,
            open_keys=self.open_keys,
            today=timezone.localdate(),
            data=data,
            verdict=policies.reopening_verdicts(self.dossier, self.copy).get(key),
            conflict=conflict,
        )

    def cards(self, questions: Iterable[engine.Question]) -> list[QuestionCard]:
        return cards_of(
            questions,
            self.copy,
            self.evaluation,
            open_keys=self.open_keys,
            today=timezone.localdate(),
            verdicts=policies.reopening_verdicts(self.dossier, self.copy),
        )
