"""Small definitions for tests: a question, an edition of a few, an evaluation, each in one line."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from questionnaires.engine import (
    Choice,
    ChoiceRule,
    Definition,
    Edition,
    Evaluation,
    Facts,
    Flag,
    Kind,
    Question,
    Questionnaire,
    QuestionType,
    Theme,
    Threshold,
    ThresholdOperator,
    compile_edition,
    evaluate,
)

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "questionnaires"
TODAY = date(2026, 11, 22)
YES_NO = (Choice(value="oui", label="Oui", score=Decimal(1)), Choice(value="non", label="Non", score=Decimal(0)))

# What a mandatory requirement cannot be published without.
WORDS = {"reference": "RGPD, article 32", "accepted_example": "Ceci.", "refused_example": "Cela.", "answered_by": "DPO"}


def question(key: str, kind: str = "yes_no", **fields: Any) -> Question:
    """A question of one type that may be published, with the two choices of a yes/no unless others are given."""
    if kind == "yes_no":
        fields.setdefault("choices", YES_NO)
    return Question(key=key, type=QuestionType(kind), title=f"Titre de {key}", **{**WORDS, **fields})


def choices(*specs: tuple[str, str | None] | tuple[str, str | None, str]) -> tuple[Choice, ...]:
    """Choices from (value, fraction) or (value, fraction, rule)."""
    return tuple(
        Choice(
            value=value,
            label=value.capitalize(),
            score=None if fraction is None else Decimal(fraction),
            rule=ChoiceRule(*rule) if rule else ChoiceRule.FREE,
        )
        for value, fraction, *rule in specs
    )


def threshold(operator: str, score: str, low: str | None = None, high: str | None = None) -> Threshold:
    """One step of a scale."""
    return Threshold(
        operator=ThresholdOperator(operator),
        score=Decimal(score),
        low=None if low is None else Decimal(low),
        high=None if high is None else Decimal(high),
    )


def edition(*questions: Question, flags: dict[str, str] | None = None, kind: Kind = Kind.EVALUATION) -> Edition:
    """One questionnaire « Q » of one theme « Q-T », and flags given as name: condition."""
    theme = Theme(code="Q-T", title="Thème", questions=questions)
    return Edition(
        code="E",
        questionnaires=(Questionnaire(code="Q", kind=kind, themes=(theme,)),),
        flags=tuple(
            Flag(name=name, meaning=f"Le service a {name}", condition=condition)
            for name, condition in (flags or {}).items()
        ),
    )


def compiled(*questions: Question, flags: dict[str, str] | None = None, kind: Kind = Kind.EVALUATION) -> Definition:
    """The same, compiled."""
    return compile_edition(edition(*questions, flags=flags, kind=kind))


def evaluated(definition: Definition, answers: dict[str, Any] | None = None, **facts: Any) -> Evaluation:
    """An evaluation on TODAY, with exchange, unless the facts say otherwise."""
    facts = {"programme": "with_exchange", "today": TODAY, **facts}
    return evaluate(definition, answers or {}, Facts(**facts))
