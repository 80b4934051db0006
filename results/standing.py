"""Where a review stands: what was filed, what the reviewers ruled, and what the two come to."""

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.answer_states import Copy, filed_items, submitted_copy
from assessments.models import Dossier, Review, Round, SubmissionItem, Verdict
from assessments.operations.reviews import needs_verdict, rulings_of
from assessments.sections import Section, sections_of
from questionnaires import engine
from questionnaires.queries import published

WITH_REVIEWERS = (Dossier.State.SUBMITTED, Dossier.State.UNDER_REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The last round of a review. `filed` is the evaluation before the rulings, `final` after them (rule 15)."""

    review: Review
    round: Round
    copy: Copy
    verdicts: Mapping[str, Verdict]
    rulings: Mapping[str, engine.Ruling]
    filed: engine.Evaluation
    final: engine.Evaluation
    # Review items without a verdict, in the order of the screen.
    unexamined: tuple[SubmissionItem, ...]

    @property
    def dossier(self) -> Dossier:
        return self.review.dossier

    @property
    def with_reviewers(self) -> bool:
        """Whether it is the reviewers' turn: the round was not sent back, the dossier was not withdrawn."""
        return self.round.sent_at is None and self.dossier.state in WITH_REVIEWERS

    @property
    def refused(self) -> tuple[str, ...]:
        return self._decided(Verdict.Decision.REFUSED)

    @property
    def questioned(self) -> tuple[str, ...]:
        return self._decided(Verdict.Decision.QUESTION)

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is incomplete or unmet once the rulings apply."""
        return tuple(key for key, result in self.final.questions.items() if result.incomplete or result.unmet)

    @property
    def may_be_favourable(self) -> bool:
        """Nothing refused, nothing incomplete, nothing unmet."""
        return not self.refused and not self.gaps

    def sections(self) -> tuple[Section, ...]:
        return sections_of(self.copy.definition)

    def _decided(self, decision: str) -> tuple[str, ...]:
        return tuple(
            key
            for key in self.copy.definition.questions
            if key in self.verdicts and self.verdicts[key].decision == decision
        )


def standing_of(review: Review) -> Standing:
    """Evaluate the last round of a review. Needs `dossier__edition` loaded; the queries do not grow with the items."""
    dossier = review.dossier
    edition = published(dossier.edition)
    last = review.rounds.select_related("submission").order_by("-number")[0]
    copy = submitted_copy(last.submission, edition=edition, programme=dossier.programme)
    verdicts = {edition.keys[v.item.question_id]: v for v in last.verdicts.standing().select_related("item__revision")}
    rulings = rulings_of(verdicts.values(), edition.keys)
    today = last.submission.evaluated_on
    return Standing(
        review=review,
        round=last,
        copy=copy,
        verdicts=verdicts,
        rulings=rulings,
        filed=copy.evaluate(today),
        final=copy.evaluate(today, rulings),
        unexamined=_unexamined(last, copy.definition, edition.keys, verdicts),
    )


def _unexamined(
    last: Round, definition: engine.Definition, keys: Mapping[int, str], verdicts: Mapping[str, Verdict]
) -> tuple[SubmissionItem, ...]:
    items = {keys[item.question_id]: item for item in filed_items(last.submission).select_related("question")}
    return tuple(
        items[key]
        for key, question in definition.questions.items()
        if key in items and key not in verdicts and needs_verdict(items[key], question)
    )
