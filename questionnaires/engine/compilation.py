"""From a plain edition to a checked, ordered, immutable definition: every problem is told at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType

from questionnaires.engine.checking import Problem, check_conditions, check_content
from questionnaires.engine.conditions import (
    AllOf,
    AnyOf,
    ConditionError,
    FlagRaised,
    Node,
    Not,
    NumberTest,
    WordTest,
    parse,
)
from questionnaires.engine.definitions import Edition, Flag, Kind, Question, content_hash
from questionnaires.engine.phrases import in_french, phrased


class DefinitionErrors(ValueError):
    """An edition that cannot be published; `problems` holds everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The questions that are scored together: a theme, a part or a questionnaire."""

    code: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A compiled edition. Mappings are read-only and in the order of the screen.

    `flag_clauses` are the meanings of the flags, fit to follow « car »; `order` names flags and
    questions so that each comes after everything its condition reads. `reads` says what that is for each,
    directly or not, and `read_by` the questions that each may show or hide.
    """

    edition: Edition
    hash: str
    questions: Mapping[str, Question]
    flags: Mapping[str, Flag]
    conditions: Mapping[str, Node]
    flag_conditions: Mapping[str, Node]
    flag_clauses: Mapping[str, str]
    order: tuple[str, ...]
    reads: Mapping[str, frozenset[str]]
    read_by: Mapping[str, frozenset[str]]
    kinds: Mapping[str, Kind]
    themes: tuple[Group, ...]
    parts: tuple[Group, ...]
    questionnaires: tuple[Group, ...]

    def page_of(self, key: str) -> tuple[str, ...]:
        """The questions that stand on one screen with this one: its theme; the whole orientation, which has one."""
        groups = self.questionnaires if self.kinds[key] is Kind.ORIENTATION else self.themes
        return next(group.keys for group in groups if key in group.keys)

    def around(self, key: str) -> frozenset[str]:
        """The questions to judge when this one is answered: those of its screen, and all that it may show or hide."""
        return frozenset(self.page_of(key)) | self.read_by[key]


def compile_edition(edition: Edition) -> Definition:
    """Check a whole edition and make it ready to evaluate; DefinitionErrors with all problems."""
    problems = list(check_content(edition))
    questions = {question.key: question for each in edition.questionnaires for question in each.questions()}
    flags = {flag.name: flag for flag in edition.flags}
    conditions = _parsed({key: question.applies_when for key, question in questions.items()}, problems)
    flag_conditions = _parsed({name: flag.condition for name, flag in flags.items()}, problems, "drapeau ")

    problems.extend(check_conditions(conditions, questions, flags))
    problems.extend(check_conditions(flag_conditions, questions, flags, prefix="drapeau "))
    order = _ordered(flag_conditions | conditions, problems)
    if problems:
        raise DefinitionErrors(problems)

    vocabulary = _Names(questions=questions, flags=flags)
    reads = _closed(order, flag_conditions | conditions)
    return Definition(
        edition=edition,
        hash=content_hash(edition),
        questions=MappingProxyType(questions),
        flags=MappingProxyType(flags),
        conditions=MappingProxyType(_phrased(conditions, vocabulary)),
        flag_conditions=MappingProxyType(_phrased(flag_conditions, vocabulary)),
        flag_clauses=MappingProxyType({name: in_french(FlagRaised(name=name), vocabulary) for name in flags}),
        order=order,
        reads=MappingProxyType(reads),
        read_by=MappingProxyType(
            {key: frozenset(other for other in questions if key in reads[other]) for key in questions}
        ),
        kinds=MappingProxyType(dict(_kinds(edition))),
        themes=tuple(_themes(edition)),
        parts=tuple(_parts(edition)),
        questionnaires=tuple(
            Group(code=each.code, keys=tuple(question.key for question in each.questions()))
            for each in edition.questionnaires
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    questions: Mapping[str, Question]
    flags: Mapping[str, Flag]


def _phrased(nodes: Mapping[str, Node], vocabulary: _Names) -> dict[str, Node]:
    """The same trees with their French. Questions that share a condition share its tree, judged once for all."""
    done: dict[int, Node] = {}
    return {name: done.setdefault(id(node), phrased(node, vocabulary)) for name, node in nodes.items()}


def sources(node: Node) -> Iterator[str]:
    """The keys and flags that a condition reads, in reading order, repeated as often as read."""
    match node:
        case WordTest() | NumberTest():
            yield node.key
        case FlagRaised():
            yield node.name
        case Not():
            yield from sources(node.part)
        case AllOf() | AnyOf():
            for part in node.parts:
                yield from sources(part)


def flags_read(node: Node) -> set[str]:
    """The flags that a condition reads itself."""
    match node:
        case FlagRaised():
            return {node.name}
        case Not():
            return flags_read(node.part)
        case AllOf() | AnyOf():
            return set().union(*(flags_read(part) for part in node.parts))
        case _:
            return set()


def _parsed(texts: Mapping[str, str], problems: list[Problem], prefix: str = "") -> dict[str, Node]:
    """The trees of the conditions that can be read; the others become problems."""
    cache: dict[str, Node] = {}
    nodes = {}
    for name, text in texts.items():
        try:
            node = cache[text] = cache.get(text) or parse(text)
        except ConditionError as error:
            problems.append(Problem(where=f"{prefix}{name}", reason=f"condition illisible, {error}"))
        else:
            nodes[name] = node
    return nodes


def _ordered(nodes: Mapping[str, Node], problems: list[Problem]) -> tuple[str, ...]:
    """Names in an order in which each follows what it reads; every cycle becomes a problem."""
    graph = {name: [source for source in sources(node) if source in nodes] for name, node in nodes.items()}
    while True:
        try:
            return tuple(TopologicalSorter(graph).static_order())
        except CycleError as error:
            # args[1] is the loop itself, first member repeated at the end, each read by the next.
            members = list(reversed(error.args[1]))
            problems.append(Problem(where=members[0], reason=f"conditions en boucle : {' → '.join(members)}"))
            cut = set(members)
            graph = {
                name: [source for source in read if source not in cut]
                for name, read in graph.items()
                if name not in cut
            }


def _closed(order: tuple[str, ...], nodes: Mapping[str, Node]) -> dict[str, frozenset[str]]:
    """All that each name reads, directly or not."""
    reads: dict[str, frozenset[str]] = {}
    for name in order:
        direct = frozenset(sources(nodes[name]))
        reads[name] = direct.union(*(reads[each] for each in direct))
    return reads


def _kinds(edition: Edition) -> Iterator[tuple[str, Kind]]:
    for questionnaire in edition.questionnaires:
        for question in questionnaire.questions():
            yield question.key, questionnaire.kind


def _themes(edition: Edition) -> Iterator[Group]:
    for questionnaire in edition.questionnaires:
        for theme in questionnaire.themes:
            yield Group(code=theme.code, keys=tuple(question.key for question in theme.questions))


def _parts(edition: Edition) -> Iterator[Group]:
    for questionnaire in edition.questionnaires:
        for part in questionnaire.parts:
            themes = [theme for theme in questionnaire.themes if theme.part == part.code]
            yield Group(code=part.code, keys=tuple(question.key for theme in themes for question in theme.questions))
