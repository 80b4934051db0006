"""The shortest way from a working copy to the threshold: what to answer and to prove, in which order, for which gain.

The threshold is the only one that the rules know (13): nothing mandatory is incomplete, and no mandatory question is
scored below what it asks for. There is none on the score of a questionnaire.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from questionnaires.engine.answers import parse_value
from questionnaires.engine.compilation import Definition, sources
from questionnaires.engine.conditions import Situation, Trace, Value, trace
from questionnaires.engine.definitions import QuestionType
from questionnaires.engine.evaluation import Evaluation, Facts, QuestionResult, State, evaluate
from questionnaires.engine.satisfying import satisfying_answers
from questionnaires.engine.scoring import EXACT, ONE, ZERO, score_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question to settle.

    `answer`: what it takes, as the path assumes it: the least demanding answer that satisfies, None where the one
    that stands does and for a file. `choices`: every choice that would do. `is_free`: the question is not scored, any
    true answer will do. `group`: its part, or its questionnaire. Scores are the group's, from 0 to 1, not rounded.
    `opens`: the questions that this answer makes appear.
    """

    key: str
    group: str
    was_incomplete: bool
    answer: Value | None
    choices: tuple[str, ...]
    is_free: bool
    needs_evidence: bool
    gain: Decimal
    score_after: Decimal | None
    opens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A part or a questionnaire: how many mandatory questions are asked, and satisfied, on both ends of the path."""

    asked: int
    satisfied: int
    score: Decimal | None
    asked_after: int
    satisfied_after: int
    score_after: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """`steps` in order. `out_of_reach`: what would block still, because no answer satisfies it or it may not change."""

    steps: tuple[Step, ...]
    out_of_reach: tuple[str, ...]
    groups: Mapping[str, Reach]

    @property
    def opened(self) -> int:
        """How many steps the answers of others open."""
        return len({key for step in self.steps for key in step.opens} & {step.key for step in self.steps})


def shortest_path(
    definition: Definition, answers: Mapping[str, object], facts: Facts, *, fixed: Iterable[str] = ()
) -> Path:
    """The steps that settle every blocker, incomplete ones first, then the highest gain.

    No answer that satisfies is changed and no question is declared N/A: neither would make the service any better. So
    each blocker has to be settled by itself, there is no way round, and taking any step away leaves one. Where several
    answers would do, the path assumes the one that opens the fewest questions at once: it is longer than the
    best by no more than the steps that it `opened`, as long as nothing answered has to change.

    `fixed` names the questions that may not change; those that a reviewer ruled on do not either. Two whole
    evaluations, and one for each step that makes a question appear or vanish.
    """
    locked = frozenset(fixed) | facts.rulings.keys()
    with localcontext(EXACT):
        walk = _Walk(definition, answers, facts)
        before = walk.evaluation
        while (step := walk.best(locked)) is not None:
            walk.take(step)
        after = walk.verified()
        steps = walk.steps
        if any(not after.questions[step.key].shown for step in steps):
            # Another answer hid it since: hidden, it counts for nothing, so nobody should be sent there.
            walk = _Walk(definition, answers, facts)
            for step in steps:
                if after.questions[step.key].shown:
                    walk.take(step)
        groups = {code: _reach(definition, keys, code, before, after) for code, keys in _groups(definition)}
    return Path(
        steps=tuple(walk.steps),
        out_of_reach=tuple(key for key, result in after.questions.items() if result.incomplete or result.unmet),
        groups=groups,
    )


class _Walk:
    """A copy of a dossier's answers on which steps are taken one by one."""

    def __init__(self, definition: Definition, answers: Mapping[str, object], facts: Facts) -> None:
        self.definition = definition
        self.answers = dict(answers)
        self.facts = facts
        self.evaluation = evaluate(definition, answers, facts)
        self.group_of = {key: code for code, keys in _groups(definition) for key in keys}
        self.readers = _readers(definition)
        self.flags_of = _flags_of(definition, facts, self.readers)
        self.steps: list[Step] = []
        self._settle()

    def _settle(self) -> None:
        """Read anew, from a whole evaluation, what the steps change: scores, and who may be asked about."""
        self.results = dict(self.evaluation.questions)
        self.totals = dict.fromkeys(self.group_of.values(), (ZERO, ZERO))
        for key, result in self.results.items():
            if result.score is not None:
                weight = self.definition.questions[key].weight
                total, weights = self.totals[self.group_of[key]]
                self.totals[self.group_of[key]] = total + weight * result.score, weights + weight
        known = {key: self._value(key) for key, result in self.results.items() if result.state is State.ANSWERED}
        self.usable = {key: value for key, value in known.items() if value is not None}
        flags = self.evaluation.flags
        self.flags = {name: Trace(text="", truth=truth) for name, truth in flags.items()}
        # Weighed once for each evaluation: what a step is worth depends on the questions that are shown.
        self.at_hand: dict[str, Step | None] = {}

    def _value(self, key: str) -> Value | None:
        question = self.definition.questions[key]
        return None if question.type is QuestionType.FILE else parse_value(question, self.answers.get(key))

    def best(self, locked: frozenset[str]) -> Step | None:
        """The next step; None when nothing that may change blocks any more."""
        taken = {step.key for step in self.steps}
        for key, result in self.results.items():
            if (result.incomplete or result.unmet) and key not in self.at_hand:
                self.at_hand[key] = self._step(result)
        steps = [step for key, step in self.at_hand.items() if step and key not in locked and key not in taken]
        # What is not scored selects questions: it comes before those that it may open.
        return min(
            steps,
            key=lambda step: (
                not step.was_incomplete,
                not step.is_free,
                -step.gain,
                self.definition.questions[step.key].minutes,
            ),
            default=None,
        )

    def _step(self, result: QuestionResult) -> Step | None:
        """What settles this blocker as things stand; None when nothing does."""
        key, today = result.key, self.facts.today
        question = self.definition.questions[key]
        is_file = question.type is QuestionType.FILE
        stays = is_file or (result.state is State.ANSWERED and not result.unmet)
        found = () if stays else satisfying_answers(question, today, self._value(key))
        if not (stays or found):
            return None
        answer = min(found, key=lambda value: len(self._appear(key, value)[0])) if found else None
        score = result.score or ZERO
        if question.scored and (is_file or answer is not None):
            score = ONE if answer is None else score_answer(question, answer, today)
        weights = self.totals[self.group_of[key]][1]
        return Step(
            key=key,
            group=self.group_of[key],
            was_incomplete=result.incomplete,
            answer=answer,
            choices=tuple(each for each in found if isinstance(each, str)) if question.choices else (),
            is_free=not question.scored,
            needs_evidence=is_file or (question.scored and result.missing_evidence),
            gain=(score - (result.score or ZERO)) * question.weight / weights if weights else ZERO,
            score_after=None,
        )

    def take(self, step: Step) -> None:
        """Answer and prove; the scores follow from the weights, unless questions appear or vanish."""
        key, was = step.key, self.results[step.key]
        appear, vanish = self._appear(key, step.answer) if was.shown and step.answer is not None else ((), ())
        if step.answer is not None:
            self.answers[key] = step.answer
        if step.needs_evidence:
            self.facts = replace(self.facts, evidence=self.facts.evidence | {key})
        if appear or vanish:
            shown = {each for each, result in self.results.items() if result.shown}
            self.verified()
            appear = tuple(each for each, result in self.results.items() if result.shown and each not in shown)
        elif was.shown:
            self._count(step, was)
        total, weights = self.totals[step.group]
        self.steps.append(replace(step, score_after=total / weights if weights else None, opens=appear))

    def _count(self, step: Step, was: QuestionResult) -> None:
        question = self.definition.questions[step.key]
        score = was.score
        if step.answer is not None:
            self.usable[step.key] = step.answer
            for name in self.flags_of.get(step.key, ()):
                self.flags[name] = Trace(text="", truth=self._truth(name, self.usable, self.flags))
            score = score_answer(question, step.answer, self.facts.today) if question.scored else None
        elif question.type is QuestionType.FILE and question.scored:
            score = ONE
        total, weights = self.totals[step.group]
        if score is not None and was.score is not None:
            self.totals[step.group] = total + question.weight * (score - was.score), weights
        self.results[step.key] = replace(was, state=State.ANSWERED, score=score, incomplete=False, unmet=False)

    def verified(self) -> Evaluation:
        """The whole evaluation of the copy as it stands."""
        self.evaluation = evaluate(self.definition, self.answers, self.facts)
        self._settle()
        return self.evaluation

    # --- What an answer opens and shuts --------------------------------------------------------------

    def _appear(self, key: str, value: Value) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The questions whose condition becomes true, and those whose condition ceases to be, by this answer alone."""
        if key not in self.readers:
            return (), ()
        usable, flags = {**self.usable, key: value}, dict(self.flags)
        appear: list[str] = []
        vanish: list[str] = []
        for name in self.flags_of.get(key, ()):
            flags[name] = Trace(text="", truth=self._truth(name, usable, flags))
        for reader in dict.fromkeys(
            each for source in (key, *self.flags_of.get(key, ())) for each in self.readers.get(source, ())
        ):
            if reader in self.definition.questions:
                shown = self._truth(reader, usable, flags) is True
                if shown is not self.results[reader].shown:
                    (appear if shown else vanish).append(reader)
        return tuple(appear), tuple(vanish)

    def _truth(self, name: str, usable: Mapping[str, Value], flags: Mapping[str, Trace]) -> bool | None:
        node = self.definition.flag_conditions.get(name) or self.definition.conditions[name]
        return trace(node, Situation(programme=self.facts.programme, answers=usable, flags=flags)).truth


def _readers(definition: Definition) -> dict[str, tuple[str, ...]]:
    """By question or flag, the flags and questions whose condition reads it."""
    readers: dict[str, dict[str, None]] = {}
    for conditions in (definition.flag_conditions, definition.conditions):
        for name, node in conditions.items():
            for source in sources(node):
                readers.setdefault(source, {})[name] = None
    return {source: tuple(names) for source, names in readers.items()}


def _flags_of(
    definition: Definition, facts: Facts, readers: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """By question, the flags that it decides, directly or through others, in the order in which they are judged."""
    derived = [name for name in definition.order if name in definition.flags and name not in facts.flags]
    found = {}
    for key in readers.keys() & definition.questions.keys():
        touched = {key}
        for name in derived:
            if touched.intersection(sources(definition.flag_conditions[name])):
                touched.add(name)
        found[key] = tuple(name for name in derived if name in touched)
    return found


def _groups(definition: Definition) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What has a progress and a score of its own (rule 16): the parts, and the questionnaires without any."""
    in_parts = {key for part in definition.parts for key in part.keys}
    yield from ((part.code, part.keys) for part in definition.parts)
    for each in definition.questionnaires:
        if keys := tuple(key for key in each.keys if key not in in_parts):
            yield each.code, keys


def _reach(definition: Definition, keys: tuple[str, ...], code: str, before: Evaluation, after: Evaluation) -> Reach:
    counts = [_satisfied(definition, [each.questions[key] for key in keys]) for each in (before, after)]
    scores = [(each.parts.get(code) or each.questionnaires[code]).score for each in (before, after)]
    return Reach(
        asked=counts[0][0],
        satisfied=counts[0][1],
        score=scores[0],
        asked_after=counts[1][0],
        satisfied_after=counts[1][1],
        score_after=scores[1],
    )


def _satisfied(definition: Definition, results: Iterable[QuestionResult]) -> tuple[int, int]:
    """How many mandatory questions apply, and how many of them do not block."""
    asked = [
        result
        for result in results
        if result.state in {State.ANSWERED, State.UNANSWERED} and definition.questions[result.key].is_mandatory
    ]
    return len(asked), sum(not (result.incomplete or result.unmet) for result in asked)
