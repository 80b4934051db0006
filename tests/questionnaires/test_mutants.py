"""The properties can fail: each mistake, planted in the engine, is caught by the property that names it."""

import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType, ModuleType
from typing import Any

import pytest

from questionnaires.engine import answers, compilation, conditions, evaluation, scoring
from tests.questionnaires import properties
from tests.questionnaires.strategies import Dossier, small_dossier

TRIES = 400

_Run = evaluation._Run

MUTANTS: list[tuple[str, ModuleType, Any, str, str, Callable[[Dossier], None]]] = [
    (
        "N/A stays in the denominator",
        evaluation,
        evaluation._group,
        "if result.state is not State.NOT_APPLICABLE",
        "",
        properties.groups_are_means_over_what_applies,
    ),
    (
        "hidden questions count",
        evaluation,
        evaluation._group,
        "shown = [result for result in results if result.shown]",
        "shown = results",
        properties.groups_are_means_over_what_applies,
    ),
    (
        "weights are ignored",
        evaluation,
        evaluation._weighted_mean,
        "weight * result.score",
        "result.score",
        properties.groups_are_means_over_what_applies,
    ),
    (
        "unanswered questions leave the mean",
        evaluation,
        evaluation._weighted_mean,
        "if result.score is not None",
        "if result.score",
        properties.groups_are_means_over_what_applies,
    ),
    (
        "« true and unknown » is true",
        conditions,
        conditions.all_of,
        "result = None",
        "pass",
        properties.a_question_is_shown_when_its_condition_is_true,
    ),
    (
        "« false or unknown » is false",
        conditions,
        conditions.any_of,
        "result = None",
        "pass",
        properties.a_question_is_shown_when_its_condition_is_true,
    ),
    (
        "« not unknown » is true",
        conditions,
        conditions.opposite,
        "None if truth is None else not truth",
        "not truth",
        properties.a_question_is_shown_when_its_condition_is_true,
    ),
    (
        "unknown shows the question",
        evaluation,
        _Run._question,
        "why.truth is not True",
        "why.truth is False",
        properties.a_question_is_shown_when_its_condition_is_true,
    ),
    (
        "a given flag does not win",
        evaluation,
        _Run._flag,
        "if given is not None",
        "if given",
        properties.a_question_is_shown_when_its_condition_is_true,
    ),
    (
        "conditions read what is hidden or N/A",
        evaluation,
        _Run.judge,
        "if result.state is not State.ANSWERED",
        "if name not in self.values",
        properties.not_applicable_is_marked_by_a_reason_and_says_nothing_to_conditions,
    ),
    (
        "a blank reason marks N/A",
        evaluation,
        _Run._is_not_applicable,
        ".strip()",
        "",
        properties.not_applicable_is_marked_by_a_reason_and_says_nothing_to_conditions,
    ),
    (
        "a refused N/A stays marked",
        evaluation,
        _Run._is_not_applicable,
        "(ruling and ruling.not_applicable_refused)",
        "False",
        properties.not_applicable_is_marked_by_a_reason_and_says_nothing_to_conditions,
    ),
    (
        "refused evidence counts as present",
        evaluation,
        _Run._has_evidence,
        "and not (ruling and ruling.evidence_refused)",
        "",
        properties.blockers_are_the_incomplete_and_the_unmet,
    ),
    (
        "a score at the pass score is a gap",
        evaluation,
        _Run._question,
        "score < (ONE",
        "score <= (ONE",
        properties.blockers_are_the_incomplete_and_the_unmet,
    ),
    (
        "missing evidence blocks what is recommended",
        evaluation,
        _Run._question,
        "incomplete=question.is_mandatory and (",
        "incomplete=(",
        properties.blockers_are_the_incomplete_and_the_unmet,
    ),
    (
        "rulings are ignored",
        evaluation,
        _Run._ruled,
        "return ruling.score",
        "return computed",
        properties.a_score_ruling_is_the_score,
    ),
    (
        "the sum of ticks has no cap",
        scoring,
        scoring._combined,
        "min(sum(fractions, ZERO), ONE)",
        "sum(fractions, ZERO)",
        properties.scores_are_fractions_and_missing_exactly_when_they_must_be,
    ),
    (
        "an empty answer is an answer",
        answers,
        answers._choices,
        " or None",
        "",
        properties.absent_and_empty_are_alike,
    ),
    (
        "means round as the caller does",
        evaluation,
        evaluation.evaluate,
        "localcontext(EXACT)",
        "localcontext()",
        properties.the_decimal_context_of_the_caller_changes_nothing,
    ),
    (
        "a part is judged without what it reads",
        evaluation,
        evaluation.needed,
        ".union(*(definition.reads[key] for key in keys))",
        "",
        properties.a_part_is_judged_as_in_the_whole,
    ),
    (
        "a condition reads no further than its own words",
        compilation,
        compilation._closed,
        "direct.union(*(reads[each] for each in direct))",
        "direct",
        properties.an_answer_changes_nothing_but_itself_and_what_reads_it,
    ),
]


@contextmanager
def planted(module: ModuleType, function: FunctionType, right: str, wrong: str) -> Iterator[None]:
    """Swap the code of one function in place, so that every module that imported it runs the mistake."""
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(right) == 1, f"« {right} » stands {source.count(right)} times in {function.__name__}"
    scope: dict[str, Any] = {}
    exec(compile(source.replace(right, wrong), function.__name__, "exec"), vars(module).copy(), scope)  # noqa: S102
    healthy = function.__code__
    function.__code__ = scope[function.__name__].__code__
    try:
        yield
    finally:
        function.__code__ = healthy


def check_many(holds: Callable[[Dossier], None]) -> None:
    """The same random dossiers each time: what a mutant fails, the healthy engine must pass."""
    for seed in range(TRIES):
        holds(small_dossier(seed))


@pytest.mark.parametrize(
    ("module", "function", "right", "wrong", "holds"),
    [mutant[1:] for mutant in MUTANTS],
    ids=[mutant[0] for mutant in MUTANTS],
)
def test_the_mistake_is_caught(
    module: ModuleType, function: FunctionType, right: str, wrong: str, holds: Callable[[Dossier], None]
) -> None:
    with planted(module, function, right, wrong), pytest.raises(AssertionError):
        check_many(holds)


@pytest.mark.parametrize("holds", dict.fromkeys(mutant[-1] for mutant in MUTANTS), ids=lambda each: each.__name__)
def test_the_healthy_engine_passes_the_same_dossiers(holds: Callable[[Dossier], None]) -> None:
    check_many(holds)
