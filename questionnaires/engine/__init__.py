"""The pure questionnaire engine: definitions, conditions, scores. No Django, no clock, no disk."""

from questionnaires.engine.answers import InvalidAnswer, Objection, parse_value, why_unacceptable
from questionnaires.engine.checking import Problem
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
from questionnaires.engine.merging import Merged, changed_fields, merge_questions
from questionnaires.engine.paths import Path, Reach, Step, shortest_path
from questionnaires.engine.phrases import in_french, why_in_french
from questionnaires.engine.plain import question_as_plain, question_from_plain
from questionnaires.engine.publication import Findings, examine
from questionnaires.engine.reaching import TooLong, Witness, witness_for
from questionnaires.engine.satisfying import asked_score, satisfying_answers
from questionnaires.engine.scoring import Reason, months_before, score_answer

__all__ = [
    "PROGRAMMES",
    "Choice",
    "ChoiceRule",
    "CompiledDiagnostic",
    "ConditionError",
    "Definition",
    "DefinitionErrors",
    "Edition",
    "Evaluation",
    "Facts",
    "Findings",
    "Flag",
    "Group",
    "GroupResult",
    "InvalidAnswer",
    "InvalidInput",
    "Kind",
    "Level",
    "Merged",
    "Objection",
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
    "TooLong",
    "Trace",
    "Truth",
    "Value",
    "Witness",
    "asked_score",
    "changed_fields",
    "compile_diagnostic",
    "compile_edition",
    "content_hash",
    "diagnose",
    "evaluate",
    "examine",
    "in_french",
    "merge_questions",
    "months_before",
    "needed",
    "parse",
    "parse_value",
    "question_as_plain",
    "question_from_plain",
    "questionnaire_hash",
    "satisfying_answers",
    "score_answer",
    "shortest_path",
    "why_in_french",
    "why_unacceptable",
    "witness_for",
]
