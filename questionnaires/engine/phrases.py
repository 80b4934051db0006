"""Conditions in plain French: what the screen, the report and the command say about « why »."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Protocol

from questionnaires.engine.conditions import (
    AllOf,
    Always,
    AnyOf,
    FlagRaised,
    Node,
    Not,
    NumberTest,
    ProgrammeTest,
    Trace,
    WordTest,
)
from questionnaires.engine.definitions import Flag, Question

NARROW_SPACE = "\u202f"  # no-break, between a figure and its unit

_PROGRAMMES = {
    "with_exchange": "avec échange de données",
    "without_exchange": "sans échange de données",
}
_COMPARISONS = {
    "==": "est égale à",
    "!=": "est différente de",
    "<": "est inférieure à",
    "<=": "est inférieure ou égale à",
    ">": "est supérieure à",
    ">=": "est supérieure ou égale à",
}


class Vocabulary(Protocol):
    """What gives names to keys and flags; a compiled definition is one."""

    @property
    def questions(self) -> Mapping[str, Question]: ...

    @property
    def flags(self) -> Mapping[str, Flag]: ...


def in_french(node: Node, vocabulary: Vocabulary) -> str:
    """A condition as a French clause, without capital or final stop."""
    match node:
        case FlagRaised():
            flag = vocabulary.flags.get(node.name)
            return as_clause(flag.meaning) if flag and flag.meaning else f"le drapeau « {node.name} » est levé"
        case ProgrammeTest():
            return _programme_in_french(node)
        case WordTest():
            return _words_in_french(node, vocabulary)
        case NumberTest():
            return _number_in_french(node, vocabulary)
        case Not():
            return f"il est faux {_that(in_french(node.part, vocabulary))}"
        case AllOf():
            return " et ".join(_grouped(part, vocabulary) for part in node.parts)
        case AnyOf():
            return " ou ".join(_grouped(part, vocabulary) for part in node.parts)
        case _:
            return "elle concerne tous les services"


def phrased(node: Node, vocabulary: Vocabulary) -> Node:
    """The same tree with `french` filled in at every level."""
    match node:
        case AllOf() | AnyOf():
            node = replace(node, parts=tuple(phrased(part, vocabulary) for part in node.parts))
        case Not():
            node = replace(node, part=phrased(node.part, vocabulary))
        case Always() | FlagRaised() | ProgrammeTest() | WordTest() | NumberTest():
            pass
    return replace(node, french=in_french(node, vocabulary))


def why_in_french(trace: Trace) -> str:
    """One French sentence that says why a question is shown, or why it is not."""
    if trace.truth is True:
        return f"Exigence affichée, car {trace.text}."
    if trace.truth is False:
        return f"Exigence masquée : elle ne s’affiche que {_if(trace.text)}."
    awaited = dict.fromkeys(leaf.key for leaf in trace.leaves() if leaf.truth is None and leaf.key)
    if not awaited:
        return f"Exigence masquée pour l’instant : elle s’affichera {_if(trace.text)}."
    return (
        f"Exigence masquée pour l’instant : elle s’affichera {_if(trace.text)} ; "
        f"sans réponse utilisable : {', '.join(str(key) for key in awaited)}."
    )


def as_clause(sentence: str) -> str:
    """« Le service … » → « le service … », fit to follow « car » or « si »; acronyms keep their capitals."""
    sentence = sentence.strip().removesuffix(".")
    starts_with_acronym = len(sentence) > 1 and sentence[1].isupper()
    return sentence if starts_with_acronym else sentence[:1].lower() + sentence[1:]


def _grouped(part: Node, vocabulary: Vocabulary) -> str:
    text = in_french(part, vocabulary)
    return f"({text})" if isinstance(part, AllOf | AnyOf) else text


def _that(clause: str) -> str:
    return f"qu’{clause}" if clause[:1].lower() in "aeiouyàâéèêëîïôû" else f"que {clause}"


def _if(clause: str) -> str:
    return f"s’{clause}" if clause.startswith(("il ", "ils ")) else f"si {clause}"


def _programme_in_french(node: ProgrammeTest) -> str:
    names = [_PROGRAMMES.get(value, f"« {value} »") for value in node.values]
    verb = "n’est pas" if node.operator == "!=" else "est"
    return f"la démarche {verb} {' ou '.join(names)}"


def _words_in_french(node: WordTest, vocabulary: Vocabulary) -> str:
    question = vocabulary.questions.get(node.key)
    labels = {choice.value: choice.label for choice in question.choices} if question else {}
    texts = " ou ".join(f"« {labels.get(value) or value} »" for value in node.values)
    verb = {"!=": "n’est pas", "contains": "comprend"}.get(node.operator, "est")
    return f"{_answer(node.key, question)} {verb} {texts}"


def _number_in_french(node: NumberTest, vocabulary: Vocabulary) -> str:
    question = vocabulary.questions.get(node.key)
    unit = f"{NARROW_SPACE}{question.unit}" if question and question.unit else ""
    return f"{_answer(node.key, question)} {_COMPARISONS[node.operator]} {_number(node.number)}{unit}"


def _answer(key: str, question: Question | None) -> str:
    return f"la réponse à « {question.title} » ({key})" if question and question.title else f"la réponse à {key}"


def _number(number: Decimal) -> str:
    return format(number, "f").replace(".", ",")
