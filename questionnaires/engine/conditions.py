"""The language of conditions: grammar, syntax tree, and a three-valued judgement that can explain itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias, cast

from lark import Lark, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.lexer import Token

# `not` binds tighter than `and`, `and` tighter than `or`. Keys are written in capitals and flags in
# small letters, so neither can be taken for the other; the words of the grammar are not flags.
# A text stands between single quotes because the double ones belong to the YAML around it.
GRAMMAR = r"""
    ?start: either

    ?either: both ("or" both)*
    ?both: negation ("and" negation)*

    ?negation: "not" negation                       -> opposite
             | atom

    ?atom: "(" either ")"
         | "always"                                 -> always
         | FLAG                                     -> flag
         | "programme" EQUALITY TEXT                -> programme
         | "programme" IN _texts                    -> programme
         | _answer EQUALITY TEXT                    -> words
         | _answer IN _texts                        -> words
         | _answer CONTAINS TEXT                    -> words
         | _answer (EQUALITY | ORDER) NUMBER        -> number

    _answer: "answer" "(" KEY ")"
    _texts: "[" TEXT ("," TEXT)* "]"

    EQUALITY: "==" | "!="
    ORDER: "<=" | ">=" | "<" | ">"
    IN: "in"
    CONTAINS: "contains"
    KEY: /[A-Z][A-Z0-9]*(-[A-Z0-9]+)*/
    FLAG: /[a-z][a-z0-9_]*/
    NUMBER: /-?[0-9]+(\.[0-9]+)?/
    TEXT: /'[^'\n]*'/

    %import common.WS
    %ignore WS
"""

KEYWORDS = frozenset({"always", "and", "answer", "contains", "in", "not", "or", "programme"})
PROGRAMMES = ("with_exchange", "without_exchange")

# Ten times the longest real condition; it bounds the depth of the tree, hence the recursion below.
MAXIMUM_LENGTH = 2000

Truth: TypeAlias = bool | None  # None is Kleene's « unknown »
Value: TypeAlias = str | frozenset[str] | Decimal | date


class ConditionError(ValueError):
    """A condition that does not follow the grammar. `column` counts from 1."""

    def __init__(self, reason: str, column: int) -> None:
        super().__init__(f"colonne {column} : {reason}")
        self.reason = reason
        self.column = column


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A condition or a piece of one. `french` is its plain reading, filled in at compilation."""

    french: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Always(Node):
    """`always`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRaised(Node):
    """The name of a flag, alone."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeTest(Node):
    """`programme == 'v'`, `!=` or `in ['a', 'b']`."""

    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTest(Node):
    """`answer(KEY)` and `== 'v'`, `!= 'v'`, `in ['a', 'b']` or `contains 'v'`."""

    key: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberTest(Node):
    """`answer(KEY)` compared with a number."""

    key: str
    operator: str
    number: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Node):
    """The opposite; of an unknown, unknown."""

    part: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf(Node):
    """Two parts or more joined by `and`."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf(Node):
    """Two parts or more joined by `or`."""

    parts: tuple[Node, ...]


class _ToNodes(Transformer[Token, Node]):
    """Builds the syntax tree while the parser reads."""

    def either(self, parts: list[Node]) -> Node:
        return AnyOf(parts=tuple(parts))

    def both(self, parts: list[Node]) -> Node:
        return AllOf(parts=tuple(parts))

    def opposite(self, parts: list[Node]) -> Node:
        (part,) = parts
        # Two negations cancel out in Kleene's logic too; without this, « not not not … » could grow deep.
        return part.part if isinstance(part, Not) else Not(part=part)

    def always(self, _: list[Token]) -> Node:
        return Always()

    def flag(self, tokens: list[Token]) -> Node:
        return FlagRaised(name=str(tokens[0]))

    def programme(self, tokens: list[Token]) -> Node:
        operator, *texts = tokens
        return ProgrammeTest(operator=str(operator), values=_unquoted(texts))

    def words(self, tokens: list[Token]) -> Node:
        key, operator, *texts = tokens
        return WordTest(key=str(key), operator=str(operator), values=_unquoted(texts))

    def number(self, tokens: list[Token]) -> Node:
        key, operator, number = tokens
        return NumberTest(key=str(key), operator=str(operator), number=Decimal(str(number)))


def _unquoted(texts: Iterable[Token]) -> tuple[str, ...]:
    return tuple(str(text)[1:-1] for text in texts)


# The basic lexer keeps a word of the grammar from ever being read as a flag, which the default one allows.
_PARSER = Lark(GRAMMAR, parser="lalr", lexer="basic", transformer=_ToNodes())


def parse(text: str) -> Node:
    """The syntax tree of a condition; ConditionError, with a French reason, when it breaks the grammar."""
    if not text.strip():
        raise ConditionError("la condition est vide", 1)
    if len(text) > MAXIMUM_LENGTH:
        raise ConditionError(f"la condition dépasse {MAXIMUM_LENGTH} caractères", MAXIMUM_LENGTH + 1)
    try:
        # With an embedded transformer, Lark returns what the transformer built, not a tree.
        return _PARSER.parse(text)  # type: ignore[return-value]
    except UnexpectedInput as error:
        raise _in_our_words(text, error) from None


def _in_our_words(text: str, error: UnexpectedInput) -> ConditionError:
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        return ConditionError(f"« {error.token} » n’est pas attendu ici", cast("int", error.token.start_pos) + 1)
    if isinstance(error, UnexpectedCharacters):
        position = cast("int", error.pos_in_stream)
        return ConditionError(f"« {text[position]} » n’est pas compris", position + 1)
    return ConditionError("la condition est inachevée", len(text.rstrip()) + 1)


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's conjunction: false wins over unknown, unknown wins over true."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def any_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's disjunction: true wins over unknown, unknown wins over false."""
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            result = None
    return result


def opposite(truth: Truth) -> Truth:
    """Kleene's negation."""
    return None if truth is None else not truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Why a condition is true, false or unknown: its French reading, and the same for each of its parts.

    `key` is the question a comparison reads; `absence` says why it has no value for conditions: the
    state « hidden », « unanswered » or « not_applicable », or None when it has one.
    """

    text: str
    truth: Truth
    children: tuple["Trace", ...] = ()
    key: str | None = None
    absence: str | None = None

    def leaves(self) -> Iterator["Trace"]:
        """The comparisons at the bottom of the tree, in reading order."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


@dataclass(slots=True, kw_only=True)
class Situation:
    """What conditions may read. `answers` holds usable values only: shown, answered, not N/A.

    `flags` gives the truth of each flag as a trace, `absences` the state of each question without a value.
    """

    programme: str | None = None
    answers: Mapping[str, Value] = field(default_factory=dict)
    flags: Mapping[str, Trace] = field(default_factory=dict)
    absences: Mapping[str, str] = field(default_factory=dict)


def evaluate(node: Node, situation: Situation) -> Truth:
    """The truth of a condition: True, False or None (unknown)."""
    return trace(node, situation).truth


def trace(node: Node, situation: Situation) -> Trace:
    """The truth of a condition, and the reasons for it."""
    if isinstance(node, WordTest | NumberTest):
        return _trace_of_answer(node, situation)
    if isinstance(node, FlagRaised):
        return situation.flags.get(node.name) or Trace(text=node.french, truth=None)
    if isinstance(node, AllOf | AnyOf):
        children = tuple(trace(part, situation) for part in node.parts)
        join = all_of if isinstance(node, AllOf) else any_of
        return Trace(text=node.french, truth=join(child.truth for child in children), children=children)
    if isinstance(node, Not):
        child = trace(node.part, situation)
        return Trace(text=node.french, truth=opposite(child.truth), children=(child,))
    if isinstance(node, ProgrammeTest):
        return Trace(text=node.french, truth=_truth_of_programme(node, situation.programme))
    return Trace(text=node.french, truth=True)


def _trace_of_answer(node: WordTest | NumberTest, situation: Situation) -> Trace:
    value = situation.answers.get(node.key)
    if value is None:
        absence = situation.absences.get(node.key, "unanswered")
        return Trace(text=node.french, truth=None, key=node.key, absence=absence)
    truth = _compare_words(node, value) if isinstance(node, WordTest) else _compare_numbers(node, value)
    return Trace(text=node.french, truth=truth, key=node.key)


def _compare_words(node: WordTest, value: Value) -> bool:
    if node.operator == "contains":
        return isinstance(value, frozenset) and node.values[0] in value
    return (value in node.values) is not (node.operator == "!=")


def _compare_numbers(node: NumberTest, value: Value) -> bool:
    # Compilation has checked the type; an unchecked tree on a wrong value must not look true.
    if not isinstance(value, Decimal):
        return False
    match node.operator:
        case "<":
            return value < node.number
        case "<=":
            return value <= node.number
        case ">":
            return value > node.number
        case ">=":
            return value >= node.number
        case "==":
            return value == node.number
        case _:
            return value != node.number


def _truth_of_programme(node: ProgrammeTest, programme: str | None) -> Truth:
    if programme is None:
        return None
    return (programme in node.values) is not (node.operator == "!=")
