"""One pure function from answers and facts to states, scores and gaps (rules 1 to 16)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum

from questionnaires.engine.answers import InvalidAnswer, parse_value
from questionnaires.engine.checking import Problem
from questionnaires.engine.compilation import Definition, Group
from questionnaires.engine.conditions import PROGRAMMES, Node, Situation, Trace, Truth, Value, trace
from questionnaires.engine.definitions import Question, QuestionType
from questionnaires.engine.scoring import EXACT, ONE, ZERO, Reason, judge_answer


class State(StrEnum):
    """Where a question stands. N/A is a state, never a value."""

    HIDDEN = "hidden"
    UNANSWERED = "unanswered"
    ANSWERED = "answered"
    NOT_APPLICABLE = "not_applicable"


class InvalidInput(ValueError):
    """Answers or facts that the definition does not know; `problems` names each key."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a reviewer decided on one question; part of the input, never an edit of the answer (rule 15)."""

    score: Decimal | None = None
    evidence_refused: bool = False
    not_applicable_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything the evaluation needs beside the answers.

    `today` is the date in Europe/Paris; `flags` win over what would be derived; `evidence` names the
    questions with a present proof (being scanned counts, refused does not); `not_applicable` gives
    the reason of each N/A.
    """

    programme: str | None
    today: date
    flags: Mapping[str, bool] = field(default_factory=dict)
    evidence: frozenset[str] = frozenset()
    not_applicable: Mapping[str, str] = field(default_factory=dict)
    rulings: Mapping[str, Ruling] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    """One question. `score` is None when hidden, N/A or unscored, and 0 when unanswered.

    `incomplete` and `unmet` are the two kinds of blockers of rule 13; an unanswered question is
    incomplete, not unmet. `computed_score` is the score before a reviewer's ruling.
    """

    key: str
    state: State
    why: Trace
    score: Decimal | None
    computed_score: Decimal | None
    how: Reason
    missing_evidence: bool = False
    incomplete: bool = False
    unmet: bool = False

    @property
    def shown(self) -> bool:
        """Whether its condition is true."""
        return self.state is not State.HIDDEN


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupResult:
    """A theme, a part or a questionnaire. `score` None: nothing scored applies; `completeness` None: nothing applies.

    Both are fractions from 0 to 1, not rounded. `blockers` are the incomplete and the unmet, in the
    order of the screen.
    """

    score: Decimal | None
    completeness: Decimal | None
    shown: int
    answered: int
    not_applicable: int
    blockers: tuple[str, ...]
    incomplete: tuple[str, ...]
    unmet: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """An edition at one moment, in the order of the screen: all of it, or what was asked for."""

    questions: Mapping[str, QuestionResult]
    themes: Mapping[str, GroupResult]
    parts: Mapping[str, GroupResult]
    questionnaires: Mapping[str, GroupResult]
    flags: Mapping[str, Truth]

    @property
    def incomplete(self) -> tuple[str, ...]:
        """Keys that stop the submission, orientation included."""
        return tuple(key for key, result in self.questions.items() if result.incomplete)

    @property
    def unmet(self) -> tuple[str, ...]:
        """Keys that stand as gaps and must be acknowledged before the submission."""
        return tuple(key for key, result in self.questions.items() if result.unmet)

    @property
    def can_be_submitted(self) -> bool:
        """Rule 13: nothing is incomplete; gaps do not stop anybody."""
        return not self.incomplete


def evaluate(
    definition: Definition, answers: Mapping[str, object], facts: Facts, *, keys: Collection[str] | None = None
) -> Evaluation:
    """Evaluate an edition. Same input, same output: no clock, no disk, no order of mappings.

    `answers` holds raw values by key, as stored (see `parse_value`); absent and empty are alike.
    With `keys`, only these questions are judged, with the groups that they fill; what they read must be among the
    answers, as `needed` says, and what they get is what a whole evaluation gives them.
    Raises InvalidInput with every problem.
    """
    values = _checked(definition, answers, facts)
    run = _Run(definition, values, facts)
    names = None if keys is None else needed(definition, keys)
    with localcontext(EXACT):
        for name in definition.order:
            if names is None or name in names:
                run.judge(name)
        questions = {key: run.results[key] for key in definition.questions if key in run.results}
        return Evaluation(
            questions=questions,
            themes=_groups(definition, definition.themes, questions),
            parts=_groups(definition, definition.parts, questions),
            questionnaires=_groups(definition, definition.questionnaires, questions),
            flags={name: run.flags[name].truth for name in definition.flags if name in run.flags},
        )


def needed(definition: Definition, keys: Collection[str]) -> frozenset[str]:
    """These questions and all that judging them reads, questions and flags."""
    return frozenset(keys).union(*(definition.reads[key] for key in keys))


def _checked(definition: Definition, answers: Mapping[str, object], facts: Facts) -> dict[str, Value]:
    """Typed values of the answered questions; InvalidInput when anything is unknown or of the wrong type."""
    problems = list(_unknown_facts(definition, facts))
    values = {}
    for key, raw in answers.items():
        question = definition.questions.get(key)
        if question is None:
            problems.append(Problem(where=key, reason="cette question n’existe pas"))
            continue
        try:
            value = parse_value(question, raw)
        except InvalidAnswer as error:
            problems.append(Problem(where=key, reason=error.reason))
        else:
            if value is not None:
                values[key] = value
    if problems:
        raise InvalidInput(sorted(problems, key=str))
    return values


def _unknown_facts(definition: Definition, facts: Facts) -> Iterable[Problem]:
    if facts.programme is not None and facts.programme not in PROGRAMMES:
        yield Problem(where="programme", reason=f"la démarche « {facts.programme} » n’existe pas")
    for name in facts.flags:
        if name not in definition.flags:
            yield Problem(where=name, reason="ce drapeau n’existe pas")
    cited = {"evidence": facts.evidence, "not_applicable": facts.not_applicable, "rulings": facts.rulings}
    for source, keys in cited.items():
        for key in keys:
            if key not in definition.questions:
                yield Problem(where=key, reason=f"cette question, citée par « {source} », n’existe pas")
    yield from _impossible_rulings(facts.rulings)


def _impossible_rulings(rulings: Mapping[str, Ruling]) -> Iterable[Problem]:
    for key, ruling in rulings.items():
        if ruling.score is not None and not 0 <= ruling.score <= 1:
            yield Problem(where=key, reason="le score de l’instruction n’est pas entre 0 et 1")


class _Run:
    """One evaluation under way: what is known so far, in the definition's order."""

    def __init__(self, definition: Definition, values: Mapping[str, Value], facts: Facts) -> None:
        self.definition = definition
        self.values = values
        self.facts = facts
        self.results: dict[str, QuestionResult] = {}
        self.usable: dict[str, Value] = {}
        self.flags: dict[str, Trace] = {}
        self.absences: dict[str, str] = {}
        # By the condition's tree: whatever it reads is decided before it is judged first.
        self.traces: dict[int, Trace] = {}
        self.situation = Situation(
            programme=facts.programme, answers=self.usable, flags=self.flags, absences=self.absences
        )

    def judge(self, name: str) -> None:
        """Decide one flag or one question; everything it reads has been decided before."""
        if name in self.definition.flags:
            self.flags[name] = self._flag(name)
            return
        question = self.definition.questions[name]
        result = self._question(question)
        self.results[name] = result
        if result.state is not State.ANSWERED:
            self.absences[name] = result.state.value
        elif name in self.values:
            self.usable[name] = self.values[name]

    def _flag(self, name: str) -> Trace:
        node = self.definition.flag_conditions[name]
        text = self.definition.flag_clauses[name]
        given = self.facts.flags.get(name)
        if given is not None:
            return Trace(text=text, truth=given)
        derived = trace(node, self.situation)
        return Trace(text=text, truth=derived.truth, children=(derived,))

    def _question(self, question: Question) -> QuestionResult:
        key = question.key
        why = self._why(self.definition.conditions[key])
        if why.truth is not True:
            return _without_score(key, State.HIDDEN, why)
        if self._is_not_applicable(question):
            return _without_score(key, State.NOT_APPLICABLE, why)

        has_evidence = self._has_evidence(key)
        is_file = question.type is QuestionType.FILE
        is_answered = has_evidence if is_file else key in self.values
        computed, how = self._computed(question) if is_answered else (ZERO, Reason(code="unanswered"))
        score, how = self._ruled(question, computed, how)
        missing_evidence = question.requires_evidence and not has_evidence
        is_gap = score is not None and score < (ONE if question.pass_score is None else question.pass_score)
        return QuestionResult(
            key=key,
            state=State.ANSWERED if is_answered else State.UNANSWERED,
            why=why,
            score=score,
            computed_score=computed if question.scored else None,
            how=how,
            missing_evidence=missing_evidence,
            incomplete=question.is_mandatory and (not is_answered or (question.scored and missing_evidence)),
            unmet=question.is_mandatory and is_answered and is_gap,
        )

    def _why(self, condition: Node) -> Trace:
        known = self.traces.get(id(condition))
        if known is None:
            known = self.traces[id(condition)] = trace(condition, self.situation)
        return known

    def _is_not_applicable(self, question: Question) -> bool:
        ruling = self.facts.rulings.get(question.key)
        if not question.allows_not_applicable or (ruling and ruling.not_applicable_refused):
            return False
        return bool(self.facts.not_applicable.get(question.key, "").strip())

    def _has_evidence(self, key: str) -> bool:
        ruling = self.facts.rulings.get(key)
        return key in self.facts.evidence and not (ruling and ruling.evidence_refused)

    def _computed(self, question: Question) -> tuple[Decimal, Reason]:
        if question.type is QuestionType.FILE:
            return ONE, Reason(code="file_present")
        return judge_answer(question, self.values[question.key], self.facts.today)

    def _ruled(self, question: Question, computed: Decimal, how: Reason) -> tuple[Decimal | None, Reason]:
        if not question.scored:
            return None, Reason(code="not_scored")
        ruling = self.facts.rulings.get(question.key)
        if ruling is None or ruling.score is None:
            return computed, how
        return ruling.score, Reason(code="ruling", params={"computed": computed})


def _without_score(key: str, state: State, why: Trace) -> QuestionResult:
    return QuestionResult(key=key, state=state, why=why, score=None, computed_score=None, how=Reason(code=state.value))


def _groups(
    definition: Definition, groups: Iterable[Group], results: Mapping[str, QuestionResult]
) -> dict[str, GroupResult]:
    return {
        group.code: _group(definition, [results[key] for key in group.keys])
        for group in groups
        if all(key in results for key in group.keys)
    }


def _group(definition: Definition, results: list[QuestionResult]) -> GroupResult:
    """Rules 4 and 5, over the questions themselves: a questionnaire is not the mean of its themes."""
    shown = [result for result in results if result.shown]
    applicable = [result for result in shown if result.state is not State.NOT_APPLICABLE]
    answered = sum(result.state is State.ANSWERED for result in applicable)
    return GroupResult(
        score=_weighted_mean(definition, applicable),
        completeness=Decimal(answered) / len(applicable) if applicable else None,
        shown=len(shown),
        answered=answered,
        not_applicable=len(shown) - len(applicable),
        blockers=tuple(result.key for result in applicable if result.incomplete or result.unmet),
        incomplete=tuple(result.key for result in applicable if result.incomplete),
        unmet=tuple(result.key for result in applicable if result.unmet),
    )


def _weighted_mean(definition: Definition, results: Iterable[QuestionResult]) -> Decimal | None:
    total = weights = ZERO
    for result in results:
        if result.score is not None:
            weight = definition.questions[result.key].weight
            total += weight * result.score
            weights += weight
    return total / weights if weights else None
