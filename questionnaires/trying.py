"""Try one question before anybody is asked it: what it reads is answered, and what shows and scores is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from questionnaires import engine


class CannotBeTried(Exception):
    """The edition does not compile; `problems` says why."""

    def __init__(self, problems: tuple[engine.Problem, ...]) -> None:
        super().__init__(", ".join(str(each) for each in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A dossier made up for the trial. `answers`: raw values by key, as stored. `proved`: the question has a proof."""

    programme: str
    answers: Mapping[str, object]
    proved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of it. `asked`: the questions to answer, in the order of the screen, the tried one last."""

    question: engine.Question
    asked: tuple[engine.Question, ...]
    situation: Situation
    result: engine.QuestionResult
    why: str
    # What is wrong with the values that were given, by key.
    refused: Mapping[str, str]
    # The questions that this one may show or hide, and whether each is shown.
    opens: tuple[tuple[engine.Question, bool], ...]

    @property
    def asks_score(self) -> Decimal:
        """The fraction from which it is satisfied."""
        return engine.asked_score(self.question)


def try_question(edition: engine.Edition, key: str, situation: Situation, today: date) -> Trial:
    """Evaluate the edition in that situation. Values that are no answer are told and left out. Raises CannotBeTried."""
    definition = _compiled(edition)
    question = definition.questions[key]
    asked = (*_read_by_condition(definition, key), question)
    answers, refused = _usable(asked, situation.answers)
    facts = engine.Facts(
        programme=situation.programme,
        today=today,
        evidence=frozenset({key}) if situation.proved else frozenset(),
    )
    evaluation = engine.evaluate(definition, answers, facts)
    result = evaluation.questions[key]
    return Trial(
        question=question,
        asked=asked,
        situation=situation,
        result=result,
        why=engine.why_in_french(result.why),
        refused=refused,
        opens=tuple(
            (definition.questions[other], evaluation.questions[other].shown)
            for other in definition.questions
            if other in definition.read_by[key]
        ),
    )


def situation_that_shows(edition: engine.Edition, key: str) -> Situation | None:
    """A dossier in which the question is asked; None where there can be none, or none was found in time.

    Raises CannotBeTried.
    """
    try:
        witness = engine.witness_for(_compiled(edition), key)
    except engine.TooLong:
        return None
    return Situation(programme=witness.programme, answers=witness.answers) if witness else None


def _compiled(edition: engine.Edition) -> engine.Definition:
    try:
        return engine.compile_edition(edition)
    except engine.DefinitionErrors as error:
        raise CannotBeTried(tuple(error.problems)) from None


def _read_by_condition(definition: engine.Definition, key: str) -> tuple[engine.Question, ...]:
    read = definition.reads[key]
    return tuple(question for other, question in definition.questions.items() if other in read)


def _usable(
    asked: tuple[engine.Question, ...], raw: Mapping[str, object]
) -> tuple[dict[str, object], Mapping[str, str]]:
    answers: dict[str, object] = {}
    refused: dict[str, str] = {}
    for question in asked:
        if question.type is engine.QuestionType.FILE or question.key not in raw:
            continue
        try:
            if engine.parse_value(question, raw[question.key]) is not None:
                answers[question.key] = raw[question.key]
        except engine.InvalidAnswer as error:
            refused[question.key] = error.reason
    return answers, refused
