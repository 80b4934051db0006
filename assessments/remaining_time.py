"""How long the team has still to work on a dossier, by role.

The minutes are those that the edition gives to each question (`Question.minutes`): its editors' estimate, to be
replaced by durations that were measured. They are not measured here. The times of the revisions say when an answer
was saved, not when somebody began on it: between two saves there are meetings, lunches and other dossiers, the proof
was written weeks ago, and one long text is saved twenty times. They would also be about people at work, whom nobody
told that they are timed. What could be measured with their knowledge is told in docs/decisions/0011.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings

from assessments.filing import Filing
from assessments.models import Dossier
from questionnaires import engine
from questionnaires.french import ROLES

# The line on top names that many roles; the table has them all.
NAMED_ROLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing left to do. `is_required`: it stops the submission; otherwise it only earns points."""

    role: str
    minutes: int
    is_required: bool
    is_proof_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleTime:
    """What one role has left, in minutes, not rounded. `role` is blank for those whom no question names."""

    role: str
    answers: int
    proofs: int
    minutes: int
    optional_minutes: int

    @property
    def label(self) -> str:
        return str(ROLES.get(self.role, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class RemainingTime:
    """The longest role first. Minutes, not rounded."""

    roles: tuple[RoleTime, ...]

    @property
    def minutes(self) -> int:
        return sum(role.minutes for role in self.roles)

    @property
    def optional_minutes(self) -> int:
        return sum(role.optional_minutes for role in self.roles)

    @property
    def answers(self) -> int:
        return sum(role.answers for role in self.roles)

    @property
    def proofs(self) -> int:
        return sum(role.proofs for role in self.roles)

    @property
    def named(self) -> tuple[RoleTime, ...]:
        """The roles that have most left to do before the submission."""
        return tuple(role for role in self.roles if role.minutes)[:NAMED_ROLES]

    @property
    def others(self) -> int:
        """The minutes of the roles that are not named."""
        return self.minutes - sum(role.minutes for role in self.named)


def remaining_time(filing: Filing) -> RemainingTime | None:
    """What is left before submitting, and beside it what would only earn points; None while nothing can be submitted.

    No query beside those of the filing. Once the dossier was submitted, only what was sent back, and what a
    correction opened, is left to anybody.
    """
    if filing.dossier.state not in Dossier.SUBMITTABLE:
        return None
    evaluation, sent_back = filing.next_evaluation, frozenset(filing.unsettled)
    keys = evaluation.questions.keys() if filing.submission is None else filing.reopened
    tasks = _tasks(filing.working.definition, evaluation, keys, sent_back)
    return time_of(tasks)


def time_to_answer(definition: engine.Definition, evaluation: engine.Evaluation) -> RemainingTime:
    """What is left of a copy that nobody judges: its shown questions without an answer, or without their proof."""
    return time_of(_tasks(definition, evaluation, evaluation.questions.keys(), frozenset()))


def time_of(tasks: Iterable[Task]) -> RemainingTime:
    by_role: dict[str, list[Task]] = {}
    for task in tasks:
        by_role.setdefault(task.role, []).append(task)
    roles = [
        RoleTime(
            role=role,
            answers=sum(not task.is_proof_only for task in theirs if task.is_required),
            proofs=sum(task.is_proof_only for task in theirs if task.is_required),
            minutes=sum(task.minutes for task in theirs if task.is_required),
            optional_minutes=sum(task.minutes for task in theirs if not task.is_required),
        )
        for role, theirs in by_role.items()
    ]
    return RemainingTime(roles=tuple(sorted(roles, key=lambda each: (-each.minutes, -each.optional_minutes))))


def _tasks(
    definition: engine.Definition,
    evaluation: engine.Evaluation,
    keys: Iterable[str],
    sent_back: frozenset[str],
) -> Iterator[Task]:
    for key in keys:
        question, result = definition.questions[key], evaluation.questions[key]
        if result.state is engine.State.UNANSWERED or key in sent_back:
            yield Task(
                role=question.answered_by,
                minutes=minutes_of(question),
                is_required=result.incomplete or key in sent_back,
            )
        elif result.state is engine.State.ANSWERED and result.missing_evidence:
            yield Task(
                role=question.answered_by,
                minutes=min(minutes_of(question), settings.PROOF_MINUTES),
                is_required=result.incomplete,
                is_proof_only=True,
            )


def minutes_of(question: engine.Question) -> int:
    """The editors' estimate, its proof included; where they gave none, that of its type."""
    if question.minutes:
        return question.minutes
    proof = settings.PROOF_MINUTES if question.requires_evidence else 0
    minutes: int = settings.ANSWER_MINUTES[question.type.value] + proof
    return minutes
