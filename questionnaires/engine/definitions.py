"""The plain data of an edition: questionnaires, themes, questions, flags. Not yet checked: see `compilation`."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from questionnaires.engine.migration import Migration


class QuestionType(StrEnum):
    """What kind of answer a question takes."""

    YES_NO = "yes_no"
    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    FILE = "file"


class Level(StrEnum):
    """Whether a gap blocks (`mandatory`) or only costs points (`recommended`)."""

    MANDATORY = "mandatory"
    RECOMMENDED = "recommended"


class Scoring(StrEnum):
    """How the ticked fractions of a multiple choice make one score (rule 7)."""

    SUM = "sum"
    MAX = "max"
    MIN = "min"
    RULES_ONLY = "rules_only"


class ChoiceRule(StrEnum):
    """What ticking, or not ticking, one choice does to the score of the whole answer (rule 7)."""

    FREE = "free"
    REQUIRED = "required"
    REQUIRED_ANY = "required_any"
    FORBIDDEN = "forbidden"


class ThresholdOperator(StrEnum):
    """How a number is compared with the bounds of a threshold; `between` includes both bounds."""

    GTE = "gte"
    LTE = "lte"
    GT = "gt"
    LT = "lt"
    BETWEEN = "between"
    OTHERWISE = "otherwise"


class Kind(StrEnum):
    """What a questionnaire is for: only `evaluation` is scored, `diagnostic` belongs to no edition."""

    EVALUATION = "evaluation"
    ORIENTATION = "orientation"
    DIAGNOSTIC = "diagnostic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One possible answer. `score` is a fraction from 0 to 1; None where the facts give none."""

    value: str
    label: str
    score: Decimal | None = None
    rule: ChoiceRule = ChoiceRule.FREE


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One step of a number's scale. Operators with a single bound use `low`; `otherwise` uses none."""

    operator: ThresholdOperator
    score: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One requirement. Texts default to "" and bounds to None, which mean « not given »."""

    key: str
    type: QuestionType
    title: str = ""
    wording: str = ""
    asked: str = ""
    why: str = ""
    help: str = ""
    accepted_example: str = ""
    refused_example: str = ""
    evidence: str = ""
    answered_by: str = ""
    minutes: int = 0
    level: Level = Level.MANDATORY
    scored: bool = True
    weight: Decimal = Decimal(1)
    pass_score: Decimal | None = None  # None: 1, the whole score (rule 13)
    applies_when: str = "always"
    allows_not_applicable: bool = True
    choices: tuple[Choice, ...] = ()
    scoring: Scoring = Scoring.SUM
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    thresholds: tuple[Threshold, ...] = ()
    not_after_today: bool = False
    not_before_today: bool = False
    max_age_months: int | None = None
    score_ok: Decimal = Decimal(1)
    score_old: Decimal = Decimal(0)
    min_length: int | None = None
    max_length: int | None = None
    formats: tuple[str, ...] = ()
    min_files: int | None = None
    max_files: int | None = None
    reference: str = ""
    reference_confidence: str = ""
    verification: str = ""
    source: str = ""
    tier: str = ""
    editor_note: str = ""

    @property
    def requires_evidence(self) -> bool:
        """Rule 2: a question asks for a proof when it says which."""
        return bool(self.evidence)

    @property
    def is_mandatory(self) -> bool:
        """Whether the question can block."""
        return self.level is Level.MANDATORY


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A half of a questionnaire with a progress of its own, such as RGPD and ETH in RGE (rule 16)."""

    code: str
    slug: str = ""
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A page of questions. `part` is the code of its part, None where the questionnaire has none."""

    code: str
    slug: str = ""
    title: str = ""
    description: str = ""
    part: str | None = None
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the diagnostic concludes when its condition `when` is the first true one."""

    outcome: str
    when: str
    title: str = ""
    reason: str = ""
    next_steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """One version of one questionnaire."""

    code: str
    slug: str = ""
    kind: Kind = Kind.EVALUATION
    version: str = ""
    title: str = ""
    description: str = ""
    parts: tuple[Part, ...] = ()
    themes: tuple[Theme, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    # None: no version comes before this one.
    migration: Migration | None = None

    @property
    def name(self) -> str:
        """« SEC@2026.1 »."""
        return f"{self.code}@{self.version}"

    def questions(self) -> Iterator[Question]:
        """Every question, in the order of the screen."""
        for theme in self.themes:
            yield from theme.questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A named condition. `meaning` is a French sentence without a final stop."""

    name: str
    meaning: str = ""
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The versions that are compiled, checked and evaluated together, and their flags (rule 14)."""

    code: str
    title: str = ""
    disclaimer: str = ""
    questionnaires: tuple[Questionnaire, ...] = ()
    flags: tuple[Flag, ...] = ()
    # None: from its publication on.
    effective_on: date | None = None


def content_hash(edition: Edition) -> str:
    """SHA-256, in hexadecimal, of everything the edition says: equal content, equal hash, in any process.

    The day from which it applies is no part of that.
    """
    return _digest(edition)


def questionnaire_hash(questionnaire: Questionnaire) -> str:
    """SHA-256, in hexadecimal, of everything one questionnaire version says."""
    return _digest(questionnaire)


def _digest(value: object) -> str:
    text = json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> Any:
    if is_dataclass(value):
        return {
            field.name: _plain(getattr(value, field.name)) for field in fields(value) if _is_said(value, field.name)
        }
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return _canonical(value)
    return value


def _is_said(value: object, name: str) -> bool:
    """A version without a map says nothing of one: those published before there were maps keep their hash."""
    if isinstance(value, Questionnaire) and name == "migration":
        return value.migration is not None
    return not (isinstance(value, Edition) and name == "effective_on")


def _canonical(number: Decimal) -> str:
    """1, 1.0 and 1.00 are one number: a database column with two decimals must not change the hash."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
