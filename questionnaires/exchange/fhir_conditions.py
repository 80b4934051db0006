"""When a question is shown, as `enableWhen` of FHIR R4 can say it: all of some tests, or any of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from questionnaires import engine
from questionnaires.engine.conditions import (
    AllOf,
    Always,
    AnyOf,
    ConditionError,
    FlagRaised,
    Node,
    Not,
    NumberTest,
    ProgrammeTest,
    WordTest,
    parse,
)
from questionnaires.exchange.fhir_values import coding, is_boolean, json_number

_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


class NotSayable(Exception):
    """`enableWhen` cannot say it: an « and » inside an « or », a démarche, an answer to another questionnaire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What conditions cite: the questions of the whole edition, and its flags. `here`: those of this questionnaire."""

    questions: Mapping[str, engine.Question]
    flags: Mapping[str, engine.Flag]
    here: frozenset[str]


def enabling(condition: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """The fields of an item that say its condition; none when it is always shown. NotSayable."""
    try:
        node = _positive(_without_flags(parse(condition), vocabulary, frozenset()))
    except ConditionError as error:
        raise NotSayable from error
    if isinstance(node, Always):
        return {}
    if isinstance(node, AnyOf):
        return _fields("any", [_only(_tests(part, vocabulary)) for part in node.parts])
    parts = node.parts if isinstance(node, AllOf) else (node,)
    return _fields("all", [test for part in parts for test in _tests(part, vocabulary)])


def _only(tests: list[dict[str, Any]]) -> dict[str, Any]:
    if len(tests) != 1:
        raise NotSayable
    return tests[0]


def _fields(behaviour: str, tests: list[dict[str, Any]]) -> dict[str, Any]:
    return {"enableWhen": tests, **({"enableBehavior": behaviour} if len(tests) > 1 else {})}


# --- The condition, without flags nor negations ---------------------------------------------------


def _without_flags(node: Node, vocabulary: Vocabulary, opened: frozenset[str]) -> Node:
    match node:
        case FlagRaised():
            flag = vocabulary.flags.get(node.name)
            if flag is None or node.name in opened:
                raise NotSayable
            return _without_flags(parse(flag.condition), vocabulary, opened | {node.name})
        case Not():
            return Not(part=_without_flags(node.part, vocabulary, opened))
        case AllOf() | AnyOf():
            return type(node)(parts=tuple(_without_flags(part, vocabulary, opened) for part in node.parts))
    return node


def _positive(node: Node) -> Node:
    """The same, negations brought down to the tests, « and » and « or » flat, `in` as an « or »."""
    match node:
        case Not():
            return _positive(_opposite(node.part))
        case AllOf() | AnyOf():
            return _flat(type(node), tuple(_positive(part) for part in node.parts))
        case WordTest(operator="in"):
            tests = tuple(WordTest(key=node.key, operator="==", values=(value,)) for value in node.values)
            return tests[0] if len(tests) == 1 else AnyOf(parts=tests)
    return node


def _opposite(node: Node) -> Node:
    match node:
        case Not():
            return node.part
        case AllOf():
            return AnyOf(parts=tuple(Not(part=part) for part in node.parts))
        case AnyOf():
            return AllOf(parts=tuple(Not(part=part) for part in node.parts))
        case NumberTest():
            return NumberTest(key=node.key, operator=_OPPOSITES[node.operator], number=node.number)
        case WordTest():
            if node.operator == "!=":
                return WordTest(key=node.key, operator="==", values=node.values)
            parts = tuple(WordTest(key=node.key, operator="!=", values=(value,)) for value in node.values)
            return parts[0] if len(parts) == 1 else AllOf(parts=parts)
    raise NotSayable  # never shown, or a démarche


def _flat(kind: type[AllOf] | type[AnyOf], parts: tuple[Node, ...]) -> Node:
    found: list[Node] = []
    for part in parts:
        if isinstance(part, Always):
            if kind is AnyOf:
                return part
        elif isinstance(part, kind):
            found.extend(part.parts)
        else:
            found.append(part)
    if not found:
        return Always()
    return found[0] if len(found) == 1 else kind(parts=tuple(found))


# --- Tests --------------------------------------------------------------------------------------


def _tests(node: Node, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """One test; two for « is not », which FHIR finds true of an absent answer, and the portal does not."""
    if isinstance(node, ProgrammeTest) or not isinstance(node, WordTest | NumberTest):
        raise NotSayable
    if node.key not in vocabulary.here:
        raise NotSayable
    operator = {"==": "=", "contains": "="}.get(node.operator, node.operator)
    test = {"question": node.key, "operator": operator, **_compared(node, vocabulary.questions[node.key])}
    if operator != "!=":
        return [test]
    return [{"question": node.key, "operator": "exists", "answerBoolean": True}, test]


def _compared(node: WordTest | NumberTest, question: engine.Question) -> dict[str, Any]:
    if isinstance(node, NumberTest):
        return {"answerDecimal": json_number(node.number)}
    (value,) = node.values
    if is_boolean(question):
        return {"answerBoolean": value == "oui"}
    return {"answerCoding": coding(question, value)}
