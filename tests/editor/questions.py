"""Any question, for properties."""

from typing import Any

from hypothesis import strategies as st

from questionnaires import engine

TEXTS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]) | st.sampled_from("\n\t"), max_size=12)
FRACTIONS = st.decimals(0, 1, places=3)
BOUNDS = st.none() | st.decimals(-1000, 1000, places=4)
COUNTS = st.none() | st.integers(0, 30_000)

CHOICES = st.builds(
    engine.Choice, value=TEXTS, label=TEXTS, score=st.none() | FRACTIONS, rule=st.sampled_from(engine.ChoiceRule)
)
THRESHOLDS = st.builds(
    engine.Threshold, operator=st.sampled_from(engine.ThresholdOperator), score=FRACTIONS, low=BOUNDS, high=BOUNDS
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from(engine.QuestionType),
    **dict.fromkeys(["title", "wording", "asked", "why", "help", "accepted_example", "refused_example"], TEXTS),
    **dict.fromkeys(["evidence", "answered_by", "applies_when", "unit", "reference", "reference_confidence"], TEXTS),
    **dict.fromkeys(["verification", "source", "tier", "editor_note"], TEXTS),
    **dict.fromkeys(["scored", "allows_not_applicable", "not_after_today", "not_before_today"], st.booleans()),
    **dict.fromkeys(["max_age_months", "min_length", "max_length", "min_files", "max_files"], COUNTS),
    **dict.fromkeys(["score_ok", "score_old"], FRACTIONS),
    **dict.fromkeys(["minimum", "maximum"], BOUNDS),
    "minutes": st.integers(0, 600),
    "level": st.sampled_from(engine.Level),
    "weight": st.decimals("0.01", 100, places=2),
    "pass_score": st.none() | FRACTIONS,
    "choices": st.lists(CHOICES, max_size=3).map(tuple),
    "scoring": st.sampled_from(engine.Scoring),
    "thresholds": st.lists(THRESHOLDS, max_size=3).map(tuple),
    "formats": st.lists(st.sampled_from(["pdf", "png", "xlsx"]), max_size=2).map(tuple),
}


def any_question() -> st.SearchStrategy[engine.Question]:
    """Each of its fields of any value that its column may hold."""
    return st.builds(engine.Question, key=st.just("Q-A-01"), **FIELDS)


@st.composite
def three_of_one(draw: st.DrawFn) -> tuple[engine.Question, engine.Question, engine.Question]:
    """A question, and two others that each came of it by some changes, often of the same fields."""
    base = draw(any_question())
    return base, draw(_changed(base)), draw(_changed(base))


@st.composite
def _changed(draw: st.DrawFn, base: engine.Question) -> engine.Question:
    names = draw(st.lists(st.sampled_from(["title", "help", "choices", "weight", "scored", "type"]), unique=True))
    # Few values, so that two people often make the same change.
    few = {"title": st.sampled_from(["a", "b", base.title]), "help": st.sampled_from(["", "x"])}
    values = {name: draw(few.get(name, FIELDS[name])) for name in names}
    made = {field: getattr(base, field) for field in FIELDS} | values
    return engine.Question(key=base.key, **made)
