"""The anonymous diagnostic: a questionnaire alone, whose first true outcome is the conclusion."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from questionnaires.engine.answers import parse_value
from questionnaires.engine.checking import Problem, check_conditions
from questionnaires.engine.compilation import Definition, DefinitionErrors, compile_edition
from questionnaires.engine.conditions import ConditionError, Node, Situation, parse
from questionnaires.engine.conditions import evaluate as truth_of
from questionnaires.engine.definitions import Edition, Kind, Outcome, Questionnaire
from questionnaires.engine.evaluation import Facts, State, evaluate


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledDiagnostic:
    """A checked diagnostic: its questions as a definition, and its outcomes with their conditions."""

    questionnaire: Questionnaire
    definition: Definition
    outcomes: tuple[tuple[Outcome, Node], ...]


def compile_diagnostic(questionnaire: Questionnaire) -> CompiledDiagnostic:
    """Check a diagnostic; DefinitionErrors with all problems."""
    problems: list[Problem] = []
    definition = None
    # An edition of its own, seen as an ordinary questionnaire: the same checks, no flag to cite.
    alone = Edition(code=questionnaire.code, questionnaires=(replace(questionnaire, kind=Kind.EVALUATION),))
    try:
        definition = compile_edition(alone)
    except DefinitionErrors as error:
        problems.extend(error.problems)
    outcomes = tuple(_read_outcomes(questionnaire, problems))
    if problems or definition is None:
        raise DefinitionErrors(problems)
    return CompiledDiagnostic(questionnaire=questionnaire, definition=definition, outcomes=outcomes)


def diagnose(compiled: CompiledDiagnostic, answers: Mapping[str, object]) -> Outcome | None:
    """The first outcome whose condition is true, None while no conclusion can be drawn.

    Raises InvalidInput on an unknown question or choice.
    """
    # No condition reads a date: any day gives the same states.
    evaluation = evaluate(compiled.definition, answers, Facts(programme=None, today=date.min))
    usable = {}
    for key, result in evaluation.questions.items():
        value = parse_value(compiled.definition.questions[key], answers.get(key))
        if result.state is State.ANSWERED and value is not None:
            usable[key] = value
    situation = Situation(answers=usable)
    return next((outcome for outcome, node in compiled.outcomes if truth_of(node, situation) is True), None)


def _read_outcomes(questionnaire: Questionnaire, problems: list[Problem]) -> list[tuple[Outcome, Node]]:
    if not questionnaire.outcomes:
        problems.append(Problem(where=f"questionnaire {questionnaire.code}", reason="n’a aucune conclusion"))
    questions = {question.key: question for question in questionnaire.questions()}
    outcomes = []
    for outcome in questionnaire.outcomes:
        where = f"conclusion {outcome.outcome}"
        try:
            node = parse(outcome.when)
        except ConditionError as error:
            problems.append(Problem(where=where, reason=f"condition illisible, {error}"))
            continue
        problems.extend(check_conditions({outcome.outcome: node}, questions, {}, prefix="conclusion "))
        outcomes.append((outcome, node))
    return outcomes
