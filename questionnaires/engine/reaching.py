"""Whether a question can ever be shown: a démarche and answers that make its condition true, or the proof of none.

A condition is true in Kleene's logic when some of its comparisons hold, each of which needs the question that it
reads to be answered, hence shown. Looking for such a dossier is looking for values that satisfy all of them
together: a search with backtracking over what each answer may still be, exact but for its length, which is bounded.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import TypeAlias

from questionnaires.engine.compilation import Definition
from questionnaires.engine.conditions import (
    PROGRAMMES,
    AllOf,
    Always,
    AnyOf,
    FlagRaised,
    Node,
    Not,
    NumberTest,
    ProgrammeTest,
    WordTest,
)
from questionnaires.engine.definitions import Question, QuestionType
from questionnaires.engine.scales import representatives

# A hundred times what the longest real condition takes.
MAXIMUM_STEPS = 20_000
COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "==": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


class TooLong(Exception):
    """The search was given up: nothing is proved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A dossier in which a question is shown: the démarche, and raw answers by key, as stored."""

    programme: str
    answers: Mapping[str, object]


Wish: TypeAlias = tuple[Node, bool]  # this node must be true, or false: unknown will not do


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the dossier looked for is known to be so far.

    `values`: what the answer to each question of one value may still be. `ticked`, `unticked`: of the others.
    """

    programmes: frozenset[str] = frozenset(PROGRAMMES)
    values: Mapping[str, frozenset[object]] = field(default_factory=dict)
    ticked: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unticked: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def keys(self) -> set[str]:
        """The questions that must be answered, hence shown."""
        return {*self.values, *self.ticked}


def witness_for(definition: Definition, key: str) -> Witness | None:
    """A dossier in which the question is shown; None when there can be none. TooLong."""
    search = _Search(definition)
    known = search.satisfy(((definition.conditions[key], True),), (), _Known())
    return None if known is None else search.witness(known)


class _Search:
    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.steps = 0
        bounds: dict[str, set[Decimal]] = {}
        for node in (*definition.conditions.values(), *definition.flag_conditions.values()):
            for test in _number_tests(node):
                bounds.setdefault(test.key, set()).add(test.number)
        self.numbers = {
            key: frozenset(representatives(bounds[key], question.minimum, question.maximum))
            for key, question in definition.questions.items()
            if key in bounds
        }

    def satisfy(self, wishes: tuple[Wish, ...], choices: tuple[tuple[Wish, ...], ...], known: _Known) -> _Known | None:
        """What is known once every wish holds, and one of each group of choices; None when nothing can be."""
        while wishes:
            self.steps += 1
            if self.steps > MAXIMUM_STEPS:
                raise TooLong
            (node, wanted), *rest = wishes
            wishes = (*rest, *self._wishes_behind(node, wanted, known))
            if isinstance(node, AllOf | AnyOf) and isinstance(node, AllOf) is not wanted:
                # One part will do: chosen once all that leaves no choice is known.
                choices += (tuple((part, wanted) for part in node.parts),)
            narrowed = self._narrowed(node, wanted, known)
            if narrowed is None:
                return None
            known = narrowed
        if not choices:
            return known
        first, *others = choices
        found = (self.satisfy((wish,), tuple(others), known) for wish in first)
        return next((each for each in found if each is not None), None)

    def _wishes_behind(self, node: Node, wanted: bool, known: _Known) -> tuple[Wish, ...]:
        """What must hold too for the node to be what is wanted, and leaves no choice."""
        match node:
            case Not():
                return ((node.part, not wanted),)
            case FlagRaised():
                return ((self.definition.flag_conditions[node.name], wanted),)
            # Every part of a conjunction that is true, of a disjunction that is false.
            case AllOf() | AnyOf() if isinstance(node, AllOf) is wanted:
                return tuple((part, wanted) for part in node.parts)
            case WordTest() | NumberTest() if node.key not in known.keys:
                return ((self.definition.conditions[node.key], True),)
        return ()

    def _narrowed(self, node: Node, wanted: bool, known: _Known) -> _Known | None:
        """The same, limited to the dossiers in which this very node is what is wanted; None when there is none."""
        match node:
            case Always():
                return known if wanted else None
            case ProgrammeTest():
                programmes = known.programmes & _words(node, wanted, frozenset(PROGRAMMES))
                return replace(known, programmes=programmes) if programmes else None
            case WordTest() | NumberTest():
                return self._with_answer(node, wanted, known)
        return known

    def _with_answer(self, node: WordTest | NumberTest, wanted: bool, known: _Known) -> _Known | None:
        """The same, the answer limited to those that make the comparison what is wanted; None when none does."""
        key, question = node.key, self.definition.questions[node.key]
        if isinstance(node, WordTest) and question.type is QuestionType.MULTIPLE_CHOICE:
            return _with_ticks(question, frozenset(node.values), wanted, known)
        if isinstance(node, NumberTest):
            numbers = self.numbers[key]
            compare = COMPARISONS[node.operator]
            allowed = frozenset[object](number for number in numbers if compare(number, node.number) is wanted)
        else:
            allowed = frozenset[object](_words(node, wanted, _values(question)))
        values = known.values.get(key, allowed) & allowed
        return replace(known, values={**known.values, key: values}) if values else None

    def witness(self, known: _Known) -> Witness:
        """Any dossier among those that are left."""
        answers: dict[str, object] = {}
        for key, values in known.values.items():
            value = min(values, key=str)
            answers[key] = str(value)
        for key, ticked in known.ticked.items():
            free = _values(self.definition.questions[key]) - known.unticked[key]
            answers[key] = sorted(ticked or {min(free)})
        return Witness(programme=min(known.programmes), answers=answers)


def _with_ticks(question: Question, values: frozenset[str], wanted: bool, known: _Known) -> _Known | None:
    key = question.key
    ticked = known.ticked.get(key, frozenset()) | (values if wanted else frozenset())
    unticked = known.unticked.get(key, frozenset()) | (frozenset() if wanted else values)
    # Something must be ticked for the question to be answered.
    if ticked & unticked or not _values(question) - unticked:
        return None
    return replace(known, ticked={**known.ticked, key: ticked}, unticked={**known.unticked, key: unticked})


def _words(node: WordTest | ProgrammeTest, wanted: bool, all_of_them: frozenset[str]) -> frozenset[str]:
    """Which words make the comparison what is wanted."""
    named = all_of_them & frozenset(node.values)
    return named if (node.operator != "!=") is wanted else all_of_them - named


def _values(question: Question) -> frozenset[str]:
    return frozenset(choice.value for choice in question.choices)


def _number_tests(node: Node) -> Iterable[NumberTest]:
    match node:
        case NumberTest():
            yield node
        case Not():
            yield from _number_tests(node.part)
        case AllOf() | AnyOf():
            for part in node.parts:
                yield from _number_tests(part)
