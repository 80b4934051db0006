"""How far a dossier is from the threshold, and the shortest way there.

The threshold is the one that closing a review reads (`results.operations`): every mandatory requirement that applies
has its answer and its proof, and reaches the score that its question asks for. No text, and no edition, sets a score
that a whole questionnaire should reach, so none is invented here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from assessments.filing import Filing
from assessments.gap_words import gap_words
from assessments.models import Dossier
from assessments.overviews import Gap, gap_of, places_of
from assessments.path_words import advice
from assessments.remaining_time import minutes_of
from assessments.sections import Section, sections_of
from questionnaires import engine
from questionnaires.french import ROLES


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep:
    """One step as its page shows it.

    `words`: what to do, `proof`: what to attach, blank when nothing; `state`: what is missing now, blank where the
    question does not show yet. `gain` and `score_after` are those of `section`, from 0 to 1; None outside the scores.
    """

    number: int
    key: str
    title: str
    url: str
    section: str
    role: str
    minutes: int
    state: str
    words: str
    proof: str
    gain: Decimal
    score_after: Decimal | None
    opens: int
    is_opened: bool
    # Nothing stops the submission any more once this step and those before are taken.
    makes_submittable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionReach:
    """One section of the dossier, now and at the end of the path."""

    section: Section
    reach: engine.Reach
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """What the page of the path reads. `out_of_reach`: what no step settles."""

    steps: tuple[PathStep, ...]
    sections: tuple[SectionReach, ...]
    out_of_reach: tuple[Gap, ...]
    opened: int

    @property
    def is_reached(self) -> bool:
        return not self.steps and not self.out_of_reach

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)


def threshold(filing: Filing) -> Threshold:
    """The path of what would be submitted next; without steps while the team cannot submit. No query of its own.

    After a first submission only what was sent back, and what it opens, can still change.
    """
    copy, evaluation = filing.next_copy, filing.next_evaluation
    can_change = filing.dossier.state in Dossier.SUBMITTABLE
    shown = frozenset(key for key, result in evaluation.questions.items() if result.shown)
    reopened = shown if filing.submission is None else filing.reopened
    fixed = shown - reopened if can_change else copy.definition.questions.keys()
    path = engine.shortest_path(copy.definition, copy.values, copy.facts(filing.today), fixed=fixed)
    places = places_of(filing.dossier, copy)
    opened = {key for step in path.steps for key in step.opens}
    submittable_at = _submittable_at(path, evaluation)
    titles = _titles(copy.definition)
    return Threshold(
        steps=tuple(
            _path_step(
                filing,
                step,
                number=index + 1,
                url=places[step.key],
                section=titles.get(step.group, ""),
                is_opened=step.key in opened,
                makes_submittable=index == submittable_at,
            )
            for index, step in enumerate(path.steps)
        ),
        sections=tuple(
            SectionReach(
                section=section,
                reach=path.groups[section.code],
                steps=sum(step.group == section.code for step in path.steps),
            )
            for section in sections_of(copy.definition)
        ),
        out_of_reach=tuple(gap_of(key, copy, evaluation, places) for key in path.out_of_reach),
        opened=path.opened,
    )


def _submittable_at(path: engine.Path, evaluation: engine.Evaluation) -> int | None:
    """The first step after which nothing is incomplete; None when something stays so, or when nothing is now."""
    if any(evaluation.questions[key].incomplete or not evaluation.questions[key].shown for key in path.out_of_reach):
        return None
    missing = set(evaluation.incomplete)
    taken = {step.key for step in path.steps}
    for index, step in enumerate(path.steps):
        if not missing:
            return None
        missing = (missing | (taken & set(step.opens))) - {step.key}
        if not missing:
            return index
    return None


def _titles(definition: engine.Definition) -> Mapping[str, str]:
    return {section.code: section.title for section in sections_of(definition)}


def _path_step(
    filing: Filing,
    step: engine.Step,
    *,
    number: int,
    url: str,
    section: str,
    is_opened: bool,
    makes_submittable: bool,
) -> PathStep:
    copy, result = filing.next_copy, filing.next_evaluation.questions[step.key]
    question = copy.definition.questions[step.key]
    return PathStep(
        number=number,
        key=step.key,
        title=question.title,
        url=url,
        section=section,
        role=str(ROLES.get(question.answered_by, "")),
        minutes=minutes_of(question),
        state=gap_words(question, result, copy.state(step.key)) if result.shown else "",
        words=advice(question, step, result, filing.today),
        proof=question.evidence if step.needs_evidence else "",
        gain=step.gain,
        score_after=step.score_after,
        opens=len(step.opens),
        is_opened=is_opened,
        makes_submittable=makes_submittable,
    )
