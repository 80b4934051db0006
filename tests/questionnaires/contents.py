"""Contents of every shape that a file may say, texts as hostile as people and machines make them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from questionnaires.engine import (
    Choice,
    ChoiceMove,
    ChoiceRule,
    Edition,
    Flag,
    Kind,
    Level,
    Migration,
    Move,
    Operation,
    Outcome,
    Part,
    Question,
    Questionnaire,
    QuestionType,
    Scoring,
    Theme,
    Threshold,
    ThresholdOperator,
)

# Contents are large: drawing them takes time on a busy machine.
STEADY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

HOSTILE = (
    *("oui", "Non", "yes", "null", "~", "1", "1.50", "-3e5", "0x1F", "12:30:00", "2026-01-01", "true", ".inf"),
    *("---", "...", "- une liste", "clé: valeur", "# pas un commentaire", "a # b", "deux-points :", "« fini » :"),
    *("'simple'", '"double"', 'un \\ et un "', "&ancre", "*alias", "!marque", "%ordre", "@nom", "`code`", "|", ">"),
    *("[a, b]", "{a: b}", "a, b", "? a", " devant", "derrière ", "\tdevant", "à\tl’intérieur", "deux  espaces"),
    *("fin\n", "fin\n\n", "\ndevant", "un\ndeux", "un\n\ndeux", "un\n  deux\n trois", "un \ndeux", "un\n\tdeux"),
    *("espace\xa0insécable", "fine\u202finsécable", "ligne\u2028suivante", "suite\x85", "\ufeffmarque", "\x7f\x1b[0m"),
    *("👩‍⚕️ santé", "e\u0301", "=1+1", "@SOMME(A1)", "+33", "_x000D_", "retour\r\nligne", "mot " * 60, "m" * 130),
    *("mot " * 30 + "\n" + "autre " * 30 + "fin", "https://exemple.fr/#" + "a" * 100 + " suite " + "b" * 95),
)
# PostgreSQL keeps no NUL, and half a character is no text.
CHARACTERS = st.characters(codec="utf-8", exclude_characters="\x00")
WORDS = st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=3).map(" ".join)
TEXTS = st.one_of(st.just(""), st.sampled_from(HOSTILE), WORDS, st.text(CHARACTERS, max_size=60))
# What the schema asks of a title: something that is seen.
SEEN = TEXTS.map(lambda text: text if any(c.isascii() and c.isalnum() for c in text) else f"{text}z")
CODES = st.from_regex(r"[A-Z][A-Z0-9]{0,3}(-[A-Z0-9]{1,3}){0,2}", fullmatch=True)
SLUGS = st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
FRACTIONS = st.decimals(0, 1, places=3)
NUMBERS = st.decimals(-(10**6), 10**6, places=4)
COUNTS = st.integers(1, 999)
VALUES = st.from_regex(r"[A-Za-z0-9_]{1,8}", fullmatch=True)


def perhaps(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


choices = st.builds(
    Choice,
    value=VALUES,
    label=SEEN,
    score=perhaps(FRACTIONS),
    rule=st.sampled_from(ChoiceRule),
)


@st.composite
def thresholds(draw: st.DrawFn) -> Threshold:
    operator = draw(st.sampled_from(ThresholdOperator))
    return Threshold(
        operator=operator,
        score=draw(FRACTIONS),
        low=None if operator is ThresholdOperator.OTHERWISE else draw(NUMBERS),
        high=draw(NUMBERS) if operator is ThresholdOperator.BETWEEN else None,
    )


TEXT_FIELDS = ("asked", "why", "help", "accepted_example", "refused_example", "evidence", "reference", "source")
BY_TYPE: dict[QuestionType, dict[str, st.SearchStrategy[Any]]] = {
    QuestionType.YES_NO: {"choices": st.lists(choices, min_size=1, max_size=3).map(tuple)},
    QuestionType.SINGLE_CHOICE: {"choices": st.lists(choices, min_size=1, max_size=3).map(tuple)},
    QuestionType.MULTIPLE_CHOICE: {
        "choices": st.lists(choices, min_size=1, max_size=3).map(tuple),
        "scoring": st.sampled_from(Scoring),
    },
    QuestionType.NUMBER: {
        "unit": TEXTS,
        "minimum": perhaps(NUMBERS),
        "maximum": perhaps(NUMBERS),
        "thresholds": st.lists(thresholds(), max_size=3).map(tuple),
    },
    QuestionType.DATE: {
        "not_after_today": st.booleans(),
        "not_before_today": st.booleans(),
        "max_age_months": perhaps(COUNTS),
        "score_ok": FRACTIONS | st.just(Decimal(1)),
        "score_old": FRACTIONS | st.just(Decimal(0)),
    },
    QuestionType.TEXT: {"min_length": perhaps(COUNTS), "max_length": perhaps(COUNTS)},
    QuestionType.FILE: {
        "formats": st.lists(st.sampled_from(("pdf", "odt", "png", "7z")), unique=True, max_size=3).map(tuple),
        "min_files": perhaps(COUNTS),
        "max_files": perhaps(COUNTS),
    },
}


@st.composite
def questions(draw: st.DrawFn, key: str) -> Question:
    kind = draw(st.sampled_from(QuestionType))
    told = draw(st.sets(st.sampled_from(TEXT_FIELDS), max_size=4))
    texts: dict[str, Any] = {name: draw(TEXTS) for name in TEXT_FIELDS if name in told}
    return Question(
        key=key,
        type=kind,
        title=draw(SEEN),
        wording=draw(SEEN),
        **texts,
        answered_by=draw(st.sampled_from(("", "dpo", "product"))),
        minutes=draw(st.integers(0, 60)),
        level=draw(st.sampled_from(Level)),
        scored=draw(st.booleans()),
        weight=draw(st.decimals("0.01", 999, places=2)),
        pass_score=draw(perhaps(FRACTIONS)),
        applies_when=draw(st.sampled_from(("always", "ai and not web", "answer(A-1) == 'oui'", *HOSTILE))),
        allows_not_applicable=draw(st.booleans()),
        reference_confidence=draw(st.sampled_from(("", "high", "medium"))),
        verification=draw(st.sampled_from(("", "read_excerpt", "partly_read", "memory"))),
        tier=draw(st.sampled_from(("", "core", "extra"))),
        editor_note=draw(TEXTS),
        **{name: draw(values) for name, values in BY_TYPE[kind].items()},
    )


KEYS = st.from_regex(r"[A-Z]{1,3}-[0-9]{1,2}", fullmatch=True)
REASONS = SEEN.map(str.strip)


@st.composite
def moves(draw: st.DrawFn) -> Move:
    """Of the shapes that files know: what several questions go to, or one, and the choices of whichever is several."""
    operation = draw(st.sampled_from(Operation))
    several = st.lists(KEYS, min_size=2, max_size=3, unique=True).map(tuple)
    sources = draw(several if operation is Operation.MERGE else KEYS.map(lambda key: (key,)))
    targets: tuple[str, ...] = ()
    if operation is not Operation.DROP:
        targets = draw(several if operation is Operation.SPLIT else KEYS.map(lambda key: (key,)))
    pairs = [(source, target) for source in sources for target in targets]
    chosen = {pair: draw(st.dictionaries(VALUES, perhaps(VALUES), max_size=2)) for pair in pairs}
    return Move(
        operation=operation,
        sources=sources,
        targets=targets,
        choices=tuple(
            ChoiceMove(source=source, target=target, old=old, new=new)
            for (source, target), named in chosen.items()
            for old, new in named.items()
        ),
        why=draw(REASONS) if operation in {Operation.RECONFIRM, Operation.DROP} else draw(st.just("") | REASONS),
    )


def _apart(drawn: list[Move]) -> tuple[Move, ...]:
    """An old question goes once, a new one is reached once."""
    kept: list[Move] = []
    gone, reached = set[str](), set[str]()
    for move in drawn:
        if not (gone.intersection(move.sources) or reached.intersection(move.targets)):
            kept.append(move)
            gone.update(move.sources)
            reached.update(move.targets)
    return tuple(kept)


migrations = st.builds(
    Migration,
    from_version=st.sampled_from(("DOC@2026.1", "A@1")),
    grace_days=st.integers(0, 900),
    moves=st.lists(moves(), min_size=1, max_size=4).map(_apart),
)
outcomes = st.builds(
    Outcome,
    outcome=st.sampled_from(("eligible", "eligible_later", "not_eligible")),
    when=st.sampled_from(("always", "answer(A-1) == 'oui'")),
    title=SEEN,
    reason=TEXTS,
    next_steps=st.lists(SEEN, max_size=3).map(tuple),
)


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    kind = draw(st.sampled_from(Kind))
    parts = draw(st.lists(CODES, max_size=2, unique=True))
    codes = draw(st.lists(CODES, min_size=1, max_size=3, unique=True))
    keys = draw(st.lists(CODES, min_size=len(codes), max_size=6, unique=True))
    themes = [
        Theme(
            code=code,
            slug=draw(SLUGS),
            title=draw(SEEN),
            description=draw(TEXTS),
            part=draw(st.sampled_from((None, *parts))),
            questions=tuple(draw(questions(key)) for key in keys[rank :: len(codes)]),
        )
        for rank, code in enumerate(codes)
    ]
    return Questionnaire(
        code=draw(CODES),
        slug=draw(SLUGS),
        kind=kind,
        version=draw(st.sampled_from(("1", "2026.1", "2026.10", "1e3", "no"))),
        title=draw(SEEN),
        description=draw(TEXTS),
        parts=tuple(Part(code=code, slug=draw(SLUGS), title=draw(SEEN), description=draw(TEXTS)) for code in parts),
        themes=tuple(themes),
        outcomes=draw(st.lists(outcomes, min_size=1, max_size=3).map(tuple)) if kind is Kind.DIAGNOSTIC else (),
        migration=draw(perhaps(migrations)) if kind is not Kind.DIAGNOSTIC else None,
    )


@st.composite
def edited(draw: st.DrawFn, content: Questionnaire) -> Questionnaire:
    """The same after some work: questions rewritten, moved, added and removed, themes in another order."""
    asked = list(draw(st.permutations(list(content.questions()))))[: draw(st.integers(1, 9))]
    asked = [replace(each, help=draw(TEXTS)) if draw(st.booleans()) else each for each in asked]
    taken = {each.key for each in asked}
    asked += draw(st.lists(CODES.filter(lambda key: key not in taken), max_size=1).flatmap(_asked))
    themes = list(draw(st.permutations(content.themes)))[: draw(st.integers(1, len(asked)))]
    return replace(
        content,
        title=draw(st.sampled_from((content.title, "Un autre titre"))),
        description=draw(st.sampled_from((content.description, "Une autre description."))),
        themes=tuple(
            replace(
                theme, title=draw(st.sampled_from((theme.title, "Thème"))), questions=tuple(asked[rank :: len(themes)])
            )
            for rank, theme in enumerate(themes)
        ),
    )


def _asked(keys: list[str]) -> st.SearchStrategy[list[Question]]:
    return st.tuples(*(questions(key) for key in keys)).map(list)


editions = st.builds(
    Edition,
    code=st.sampled_from(("2026", "1e3", "E1")),
    title=SEEN,
    disclaimer=TEXTS,
    questionnaires=st.just((Questionnaire(code="DOC", version="1"), Questionnaire(code="SEC", version="2.0"))),
    flags=st.lists(
        st.builds(Flag, name=st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), meaning=SEEN, condition=SEEN),
        max_size=3,
    ).map(tuple),
)
