"""What Hypothesis draws: small random editions, and dossiers for them and for the real one."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from questionnaires.engine import (
    Definition,
    Evaluation,
    Facts,
    Level,
    Question,
    QuestionType,
    Ruling,
    Scoring,
    evaluate,
)
from tests.questionnaires.builders import TODAY, choices, compiled, question, threshold

FRACTIONS = ("0", "0.25", "0.3", "0.6", "1")
REASONS = ("", " ", "Sans objet ici")


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """A definition, answers to it and facts about it."""

    definition: Definition
    answers: Mapping[str, Any]
    facts: Facts

    def evaluated(self, **changes: Any) -> Evaluation:
        """Evaluate, with other answers or facts where given."""
        values = {"answers": self.answers, "facts": self.facts, **changes}
        return evaluate(self.definition, **values)


def random_answer(draw: random.Random, asked: Question) -> Any:
    """A raw answer, often acceptable, sometimes breaking its rule, sometimes missing."""
    if asked.type is QuestionType.FILE or draw.random() < 0.2:
        return None
    match asked.type:
        case QuestionType.YES_NO | QuestionType.SINGLE_CHOICE:
            return draw.choice(asked.choices).value
        case QuestionType.MULTIPLE_CHOICE:
            return [choice.value for choice in asked.choices if draw.random() < 0.5]
        case QuestionType.NUMBER:
            return draw.choice([-1, 0, 3, "7.5", 10, 50, 99, 100, 1000])
        case QuestionType.DATE:
            return (TODAY + timedelta(days=draw.randint(-1500, 30))).isoformat()
        case _:
            return "x" * draw.choice([0, 1, 30, 300, 5000])


def random_dossier(definition: Definition, draw: random.Random) -> Dossier:
    """A dossier for a definition; keys in a random order."""
    keys = list(definition.questions)
    draw.shuffle(keys)
    rulings = (
        Ruling(score=Decimal(draw.choice(FRACTIONS))),
        Ruling(evidence_refused=True),
        Ruling(not_applicable_refused=True),
    )
    facts = Facts(
        programme=draw.choice(["with_exchange", "without_exchange", None]),
        today=draw.choice([TODAY, date(2026, 3, 31), date(2028, 2, 29)]),
        flags={name: draw.random() < 0.6 for name in definition.flags if draw.random() < 0.4},
        evidence=frozenset(key for key in keys if draw.random() < 0.5),
        not_applicable={key: draw.choice(REASONS) for key in keys if draw.random() < 0.25},
        rulings={key: draw.choice(rulings) for key in keys if draw.random() < 0.15},
    )
    answers = {key: random_answer(draw, definition.questions[key]) for key in keys}
    return Dossier(definition=definition, answers=answers, facts=facts)


_SHAPES: tuple[dict[str, Any], ...] = (
    {"kind": "yes_no"},
    {"kind": "single_choice", "choices": choices(("a", "0.3"), ("b", "1"))},
    {"kind": "multiple_choice", "choices": choices(("a", "0.6"), ("b", "0.6"), ("c", "0", "forbidden"))},
    {"kind": "multiple_choice", "choices": choices(("a", "0.3", "required"), ("b", "1")), "scoring": Scoring.MAX},
    {
        "kind": "number",
        "maximum": Decimal(100),
        "thresholds": (threshold("gte", "0.6", "10"), threshold("otherwise", "0")),
    },
    {"kind": "date", "not_after_today": True, "max_age_months": 12, "score_old": Decimal("0.3")},
    {"kind": "text", "min_length": 30, "max_length": 300},
    {"kind": "file"},
)


def _atom(draw: random.Random, earlier: list[Question], flags: tuple[str, ...] = ("f",)) -> str:
    readable = [asked for asked in earlier if asked.choices or asked.type is QuestionType.NUMBER]
    if not readable or draw.random() < 0.2:
        return draw.choice(["always", "programme == 'with_exchange'", *flags])
    asked = draw.choice(readable)
    if asked.type is QuestionType.NUMBER:
        return f"answer({asked.key}) {draw.choice(['<', '<=', '>', '>=', '==', '!='])} 10"
    value = draw.choice(asked.choices).value
    if asked.type is QuestionType.MULTIPLE_CHOICE:
        return f"answer({asked.key}) contains '{value}'"
    return f"answer({asked.key}) {draw.choice(['==', '!='])} '{value}'"


def _condition(draw: random.Random, earlier: list[Question], depth: int = 2) -> str:
    if depth == 0 or draw.random() < 0.3:
        return _atom(draw, earlier)
    if draw.random() < 0.3:
        return f"not ({_condition(draw, earlier, depth - 1)})"
    parts = [_condition(draw, earlier, depth - 1) for _ in range(2)]
    return f"({parts[0]} {draw.choice(['and', 'or'])} {parts[1]})"


def random_definition(draw: random.Random) -> Definition:
    """Two to eight questions of all types, whose conditions read those before, and two flags."""
    asked: list[Question] = []
    for number in range(draw.randint(2, 8)):
        asked.append(
            question(
                f"K-{number}",
                **draw.choice(_SHAPES),
                level=draw.choice(list(Level)),
                scored=draw.random() < 0.8,
                weight=Decimal(draw.choice(["1", "2", "3", "0.5"])),
                pass_score=draw.choice([None, Decimal("0.3"), Decimal("0.6")]),
                evidence=draw.choice(["", "Une pièce"]),
                allows_not_applicable=draw.random() < 0.8,
                applies_when="always" if not asked or draw.random() < 0.3 else _condition(draw, asked),
            )
        )
    free = [each for each in asked if each.applies_when == "always"]
    return compiled(*asked, flags={"f": "g or programme == 'with_exchange'", "g": _atom(draw, free, flags=())})


def small_dossiers() -> st.SearchStrategy[Dossier]:
    """Dossiers of random small editions."""
    return st.integers(0, 2**32).map(small_dossier)


def small_dossier(seed: int) -> Dossier:
    """The same dossier of the same small edition for the same seed."""
    draw = seeded(seed)
    return random_dossier(random_definition(draw), draw)


def seeded(seed: int) -> random.Random:
    """A source of repeatable draws: quicker than Hypothesis drawing each of two hundred answers."""
    return random.Random(seed)  # noqa: S311
