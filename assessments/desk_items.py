"""One filed answer on the reviewers' desk, and the filters of the list that shows it."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.answer_states import AnswerState, state_of_item
from assessments.answer_words import answer_in_words
from assessments.models import SubmissionItem, Verdict
from assessments.operations.reviews import has_score
from questionnaires import engine

TONES = {
    Verdict.Decision.ACCEPTED: "success",
    Verdict.Decision.REFUSED: "error",
    Verdict.Decision.QUESTION: "warning",
}
DECISIONS = {
    Verdict.Decision.ACCEPTED: gettext_lazy("Accepté"),
    Verdict.Decision.REFUSED: gettext_lazy("Refusé"),
    Verdict.Decision.QUESTION: gettext_lazy("Question posée"),
}


class Shown(models.TextChoices):
    """Which answers the list shows; the values are those of the address."""

    ROUND = "ce-tour", gettext_lazy("À examiner à ce tour")
    ITEMS = "elements", gettext_lazy("Éléments à examiner")
    WAITING = "sans-verdict", gettext_lazy("Sans verdict")
    ACCEPTED = "acceptes", gettext_lazy("Acceptés")
    REFUSED = "refuses", gettext_lazy("Refusés")
    ASKED = "questions", gettext_lazy("Questions posées")
    ALL = "toutes", gettext_lazy("Toutes les réponses")


_DECIDED = {
    Shown.ACCEPTED: Verdict.Decision.ACCEPTED,
    Shown.REFUSED: Verdict.Decision.REFUSED,
    Shown.ASKED: Verdict.Decision.QUESTION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskItem:
    """One filed answer on the desk. `verdict` is the one of the last round, None while there is none.

    `void` is one whose author stepped back since: it is shown, and given again by somebody else. `was_sent_back`: the
    round before asked the publisher about it.
    """

    question: engine.Question
    section: str
    theme: str
    item: SubmissionItem
    verdict: Verdict | None
    void: Verdict | None
    is_review_item: bool
    was_sent_back: bool

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def state(self) -> AnswerState:
        return state_of_item(self.item)

    @property
    def words(self) -> str:
        return answer_in_words(self.question, self.state)

    @property
    def has_score(self) -> bool:
        """Whether there is a score that a reviewer may correct."""
        return has_score(self.item, scored=self.question.scored)

    @property
    def badge(self) -> tuple[str, str]:
        """Label and tone of where its judgement stands."""
        if self.void is not None:
            return _("À juger de nouveau"), "new"
        if self.verdict is None:
            return (_("À examiner"), "new") if self.is_review_item else (_("Sans verdict"), "info")
        label = str(DECISIONS[Verdict.Decision(self.verdict.decision)])
        if given := self.verdict.carried_from:
            label = _("%(verdict)s au tour %(number)d") % {"verdict": label, "number": given.round.number}
        return label, TONES[Verdict.Decision(self.verdict.decision)]

    @property
    def why_review_item(self) -> str:
        """What makes it an item to judge, in a few words."""
        facts = []
        if self.item.revision.not_applicable:
            facts.append(_("non applicable"))
        if count := len(self.item.evidence.all()):
            facts.append(ngettext("%(count)d fichier", "%(count)d fichiers", count) % {"count": count})
        elif self.question.requires_evidence:
            facts.append(_("preuve attendue, aucun fichier"))
        return ", ".join(facts)

    def is_in(self, shown: Shown) -> bool:
        if shown is Shown.ALL:
            return True
        if shown in _DECIDED:
            return self.verdict is not None and self.verdict.decision == _DECIDED[shown]
        if shown is Shown.ROUND:
            is_carried = self.verdict is not None and self.verdict.carried_from_id is not None
            return (self.is_review_item or self.was_sent_back) and not is_carried
        return self.is_review_item and (shown is Shown.ITEMS or self.verdict is None)
