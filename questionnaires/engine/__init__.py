"""The pure questionnaire engine: definitions, conditions, scores. No Django, no clock, no disk."""

from questionnaires.engine.answers import InvalidAnswer, Objection, parse_value, why_unacceptable
from questionnaires.engine.carrying import Carried, CarriedAnswer, Fate, Held, LeftBehind, carry, carry_through
from questionnaires.engine.checking import Problem
from questionnaires.engine.comparing import what_changed
from questionnaires.engine.compilation import Definition, DefinitionErrors, Group, compile_edition
from questionnaires.engine.conditions import PROGRAMMES, ConditionError, Trace, Truth, Value, parse
from questionnaires.engine.definitions import (
    Choice,
    ChoiceRule,
    Edition,
    Flag,
    Kind,
    Level,
    Outcome,
    Part,
    Question,
    Questionnaire,
    QuestionType,
    Scoring,
    Theme,
    Threshold,
    ThresholdOperator,
    content_hash,
    questionnaire_hash,
)
from questionnaires.engine.diagnostic import CompiledDiagnostic, compile_diagnostic, diagnose
from questionnaires.engine.evaluation import (
    Evaluation,
    Facts,
    GroupResult,
    InvalidInput,
    QuestionResult,
    Ruling,
    State,
    evaluate,
    needed,
)
from questionnaires.engine.migration import ChoiceMove, Migration, Move, Operation
from questionnaires.engine.paths import Path, Reach, Step, shortest_path
from questionnaires.engine.phrases import in_french, why_in_french
from questionnaires.engine.publication import Findings, examine
from questionnaires.engine.satisfying import asked_score, satisfying_answers
from questionnaires.engine.scoring import Reason, months_before, score_answer
from questionnaires.engine.succession import proposed_migration

__all__ = [
    "PROGRAMMES",
    "Carried",
    "CarriedAnswer",
    "Choice",
    "ChoiceMove",
    "ChoiceRule",
    "CompiledDiagnostic",
    "ConditionError",
    "Definition",
    "DefinitionErrors",
    "Edition",
    "Evaluation",
    "Facts",
    "Fate",
    "Findings",
    "Flag",
    "Group",
    "GroupResult",
    "Held",
    "InvalidAnswer",
    "InvalidInput",
    "Kind",
    "LeftBehind",
    "Level",
    "Migration",
    "Move",
    "Objection",
    "Operation",
    "Outcome",
    "Part",
    "Path",
    "Problem",
    "Question",
    "QuestionResult",
    "QuestionType",
    "Questionnaire",
    "Reach",
    "Reason",
    "Ruling",
    "Scoring",
    "State",
    "Step",
    "Theme",
    "Threshold",
    "ThresholdOperator",
    "Trace",
    "Truth",
    "Value",
    "asked_score",
    "carry",
    "carry_through",
    "compile_diagnostic",
    "compile_edition",
    "content_hash",
    "diagnose",
    "evaluate",
    "examine",
    "in_french",
    "months_before",
    "needed",
    "parse",
    "parse_value",
    "proposed_migration",
    "questionnaire_hash",
    "satisfying_answers",
    "score_answer",
    "shortest_path",
    "what_changed",
    "why_in_french",
    "why_unacceptable",
]
