"""What is true of every evaluation: one function per property, each failing with an AssertionError.

They are told here once, drawn in `test_properties`, and proved able to fail in `test_mutants`.
The expected values are computed in another way than the engine's: fractions, and the numbers
0, ½ and 1 for false, unknown and true.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TypeVar

from questionnaires.engine import Evaluation, GroupResult, QuestionResult, QuestionType, Ruling, State, needed
from questionnaires.engine.conditions import AllOf, AnyOf, FlagRaised, Node, Not, NumberTest, ProgrammeTest, WordTest
from tests.questionnaires.strategies import Dossier

HALF = Fraction(1, 2)
GRADES = {True: Fraction(1), None: HALF, False: Fraction(0)}


def absent_and_empty_are_alike(dossier: Dossier) -> None:
    given = {key: raw for key, raw in dossier.answers.items() if raw not in (None, "", [])}
    emptied = {key: _empty(asked.type) for key, asked in dossier.definition.questions.items()} | given

    assert dossier.evaluated(answers=given) == dossier.evaluated(answers=emptied)


def the_order_of_the_input_changes_nothing(dossier: Dossier) -> None:
    facts = dossier.facts
    turned = replace(
        facts,
        flags=_reversed(facts.flags),
        not_applicable=_reversed(facts.not_applicable),
        rulings=_reversed(facts.rulings),
    )

    found = dossier.evaluated()
    again = dossier.evaluated(answers=_reversed(dossier.answers), facts=turned)

    assert found == again
    assert list(found.questions) == list(again.questions) == list(dossier.definition.questions)


def what_is_hidden_never_counts(dossier: Dossier) -> None:
    found = dossier.evaluated()
    hidden = {key for key, result in found.questions.items() if result.state is State.HIDDEN}
    facts = replace(
        dossier.facts,
        evidence=dossier.facts.evidence - hidden,
        not_applicable=_without(dossier.facts.not_applicable, hidden),
        rulings=_without(dossier.facts.rulings, hidden),
    )

    assert dossier.evaluated(answers=_without(dossier.answers, hidden), facts=facts) == found


def a_question_is_shown_when_its_condition_is_true(dossier: Dossier) -> None:
    found = dossier.evaluated()

    for key, result in found.questions.items():
        grade = _grade(dossier, found, dossier.definition.conditions[key])
        assert result.shown is (grade == 1), key
        assert GRADES[result.why.truth] == grade, key
    for name, truth in found.flags.items():
        given = dossier.facts.flags.get(name)
        derived = _grade(dossier, found, dossier.definition.flag_conditions[name])
        assert GRADES[truth] == (derived if given is None else GRADES[given]), name


def scores_are_fractions_and_missing_exactly_when_they_must_be(dossier: Dossier) -> None:
    found = dossier.evaluated()

    for key, result in found.questions.items():
        scored = dossier.definition.questions[key].scored and result.state in {State.ANSWERED, State.UNANSWERED}
        assert (result.score is not None) is scored, key
        assert result.score is None or 0 <= result.score <= 1, key
    for group in _groups(found):
        assert group.score is None or 0 <= group.score <= 1
        assert group.completeness is None or 0 <= group.completeness <= 1


def unanswered_is_worth_nothing_but_for_a_ruling(dossier: Dossier) -> None:
    for key, result in dossier.evaluated().questions.items():
        if result.state is State.UNANSWERED and result.score is not None:
            ruling = dossier.facts.rulings.get(key, Ruling())
            assert result.score == (ruling.score or 0), key


def groups_are_means_over_what_applies(dossier: Dossier) -> None:
    found = dossier.evaluated()

    for kept, results in (
        (dossier.definition.themes, found.themes),
        (dossier.definition.questionnaires, found.questionnaires),
    ):
        for group in kept:
            members = [found.questions[key] for key in group.keys]
            assert results[group.code].completeness == _rounded(_completeness(members)), group.code
            assert results[group.code].score == _rounded(_mean(dossier, members)), group.code


def not_applicable_is_marked_by_a_reason_and_says_nothing_to_conditions(dossier: Dossier) -> None:
    found = dossier.evaluated()

    for key, result in found.questions.items():
        refused = dossier.facts.rulings.get(key, Ruling()).not_applicable_refused
        marked = dossier.facts.not_applicable.get(key, "").strip() != "" and not refused
        marked = marked and dossier.definition.questions[key].allows_not_applicable
        assert (result.state is State.NOT_APPLICABLE) is (result.shown and marked), key
    for result in found.questions.values():
        for leaf in result.why.leaves():
            if leaf.key and found.questions[leaf.key].state is not State.ANSWERED:
                assert leaf.truth is None, result.key


def blockers_are_the_incomplete_and_the_unmet(dossier: Dossier) -> None:
    found = dossier.evaluated()

    for key, result in found.questions.items():
        asked = dossier.definition.questions[key]
        counts = asked.is_mandatory and result.state in {State.ANSWERED, State.UNANSWERED}
        has_evidence = key in dossier.facts.evidence and not dossier.facts.rulings.get(key, Ruling()).evidence_refused
        lacks_evidence = asked.scored and asked.requires_evidence and not has_evidence
        is_below = result.score is not None and result.score < (1 if asked.pass_score is None else asked.pass_score)
        assert result.incomplete is (counts and (result.state is State.UNANSWERED or lacks_evidence)), key
        assert result.unmet is (counts and result.state is State.ANSWERED and is_below), key
    assert found.can_be_submitted is (not any(result.incomplete for result in found.questions.values()))


def evidence_and_rulings_complete_nothing_but_files(dossier: Dossier) -> None:
    bare = replace(dossier.facts, evidence=frozenset(), rulings={})
    before, after = (
        dossier.evaluated(facts=bare),
        dossier.evaluated(facts=replace(bare, evidence=dossier.facts.evidence)),
    )
    scores = {key: Ruling(score=Decimal(1)) for key in dossier.definition.questions}
    ruled = dossier.evaluated(facts=replace(bare, rulings=scores))

    for key, asked in dossier.definition.questions.items():
        assert ruled.questions[key].state is before.questions[key].state, key
        if asked.type is not QuestionType.FILE:
            assert after.questions[key].state is before.questions[key].state, key


def a_score_ruling_is_the_score(dossier: Dossier) -> None:
    found = dossier.evaluated()

    for key, ruling in dossier.facts.rulings.items():
        if ruling.score is not None and found.questions[key].score is not None:
            assert found.questions[key].score == ruling.score, key


def the_decimal_context_of_the_caller_changes_nothing(dossier: Dossier) -> None:
    found = dossier.evaluated()

    with localcontext(prec=2):
        assert dossier.evaluated() == found


def a_part_is_judged_as_in_the_whole(dossier: Dossier) -> None:
    """With the answers and facts that it needs, and no other."""
    whole = dossier.evaluated()
    for key in _some_keys(dossier):
        asked = {key} | dossier.definition.read_by[key]
        names = needed(dossier.definition, asked)
        facts = replace(
            dossier.facts,
            evidence=dossier.facts.evidence & names,
            not_applicable=_only(dossier.facts.not_applicable, names),
            rulings=_only(dossier.facts.rulings, names),
        )

        part = dossier.evaluated(answers=_only(dossier.answers, names), facts=facts, keys=asked)

        assert part.questions.keys() >= asked
        assert part.questions == _only(whole.questions, part.questions)
        for found, among in [(part.themes, whole.themes), (part.questionnaires, whole.questionnaires)]:
            assert found == _only(among, found)


def an_answer_changes_nothing_but_itself_and_what_reads_it(dossier: Dossier) -> None:
    whole = dossier.evaluated()
    for key in _some_keys(dossier):
        without = dossier.evaluated(answers=_without(dossier.answers, {key}))

        changed = {other for other, result in whole.questions.items() if result != without.questions[other]}

        assert changed <= {key} | dossier.definition.read_by[key]


PROPERTIES = (
    a_part_is_judged_as_in_the_whole,
    an_answer_changes_nothing_but_itself_and_what_reads_it,
    absent_and_empty_are_alike,
    the_order_of_the_input_changes_nothing,
    what_is_hidden_never_counts,
    a_question_is_shown_when_its_condition_is_true,
    scores_are_fractions_and_missing_exactly_when_they_must_be,
    unanswered_is_worth_nothing_but_for_a_ruling,
    groups_are_means_over_what_applies,
    not_applicable_is_marked_by_a_reason_and_says_nothing_to_conditions,
    blockers_are_the_incomplete_and_the_unmet,
    evidence_and_rulings_complete_nothing_but_files,
    a_score_ruling_is_the_score,
    the_decimal_context_of_the_caller_changes_nothing,
)


T = TypeVar("T")


def _reversed(mapping: Mapping[str, T]) -> dict[str, T]:
    return dict(reversed(list(mapping.items())))


def _empty(kind: QuestionType) -> object:
    return {QuestionType.FILE: None, QuestionType.MULTIPLE_CHOICE: []}.get(kind, " ")


def _without(mapping: Mapping[str, T], keys: set[str]) -> dict[str, T]:
    return {key: value for key, value in mapping.items() if key not in keys}


def _some_keys(dossier: Dossier) -> list[str]:
    """All those of a small edition, a dozen of the real one."""
    keys = list(dossier.definition.questions)
    return keys[:: max(1, len(keys) // 12)]


def _only(mapping: Mapping[str, T], keys: Collection[str]) -> dict[str, T]:
    return {key: value for key, value in mapping.items() if key in keys}


def _groups(found: Evaluation) -> Iterable[GroupResult]:
    return [*found.themes.values(), *found.parts.values(), *found.questionnaires.values()]


def _applicable(results: Iterable[QuestionResult]) -> list[QuestionResult]:
    return [result for result in results if result.state in {State.ANSWERED, State.UNANSWERED}]


def _completeness(results: Iterable[QuestionResult]) -> Fraction | None:
    applicable = _applicable(results)
    answered = [result for result in applicable if result.state is State.ANSWERED]
    return Fraction(len(answered), len(applicable)) if applicable else None


def _mean(dossier: Dossier, results: Iterable[QuestionResult]) -> Fraction | None:
    scored = [(dossier.definition.questions[each.key], each) for each in _applicable(results)]
    pairs = [(Fraction(asked.weight), Fraction(each.score or 0)) for asked, each in scored if asked.scored]
    weights = sum(weight for weight, _ in pairs)
    return sum((weight * score for weight, score in pairs), Fraction(0)) / weights if pairs else None


def _rounded(fraction: Fraction | None) -> Decimal | None:
    if fraction is None:
        return None
    with localcontext(prec=50):
        return Decimal(fraction.numerator) / Decimal(fraction.denominator)


def _grade(dossier: Dossier, found: Evaluation, node: Node) -> Fraction:
    """The truth of a condition as a number: « and » is the least, « or » the greatest, « not » the complement."""
    match node:
        case AllOf():
            return min(_grade(dossier, found, part) for part in node.parts)
        case AnyOf():
            return max(_grade(dossier, found, part) for part in node.parts)
        case Not():
            return 1 - _grade(dossier, found, node.part)
        case FlagRaised():
            return GRADES[found.flags[node.name]]
        case ProgrammeTest():
            programme = dossier.facts.programme
            return HALF if programme is None else GRADES[(programme in node.values) is (node.operator != "!=")]
        case WordTest() | NumberTest():
            return _grade_of_answer(dossier, found, node)
        case _:
            return Fraction(1)


def _grade_of_answer(dossier: Dossier, found: Evaluation, node: WordTest | NumberTest) -> Fraction:
    if found.questions[node.key].state is not State.ANSWERED:
        return HALF
    raw = dossier.answers[node.key]
    if isinstance(node, WordTest):
        holds = node.values[0] in raw if node.operator == "contains" else raw in node.values
        return GRADES[holds is (node.operator != "!=")]
    difference = Fraction(raw) - Fraction(node.number)
    signs = {"<": [-1], "<=": [-1, 0], ">": [1], ">=": [0, 1], "==": [0], "!=": [-1, 1]}
    return GRADES[((difference > 0) - (difference < 0)) in signs[node.operator]]
