"""What changed between two states of a questionnaire, or of an edition: drafts as well as published ones.

Nothing that differs is left unsaid: the later state can be written from the earlier one and its differences.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from questionnaires.engine.conditions import ConditionError, parse
from questionnaires.engine.definitions import (
    Choice,
    Edition,
    Flag,
    Outcome,
    Part,
    Question,
    Questionnaire,
    Theme,
    Threshold,
)
from questionnaires.engine.phrases import Vocabulary, in_french
from questionnaires.engine.sequences import longest_rise
from questionnaires.engine.words import word_differences

T = TypeVar("T")

# What an item is known by, and which of those that bear this name it is: a draft may name two things alike.
Identity = tuple[Hashable, int]

_CONDITIONS = {"applies_when", "condition", "when"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an item stands: its rank from 1, and for a question the theme that it is counted in."""

    rank: int
    theme: str = ""
    # Which of the themes of this code: always the first in what may be published.
    theme_repeat: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field that says something else. `readings`: a condition before and after in French, "" where unreadable."""

    name: str
    before: Any
    after: Any
    readings: tuple[str, str] | None = None

    @property
    def is_text(self) -> bool:
        return type(self.before) is str and type(self.after) is str and self.readings is None

    def words(self) -> list[tuple[str, str]]:
        """A text word by word: see `word_differences`. Empty for anything else."""
        return list(word_differences(self.before, self.after)) if self.is_text else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference(Generic[T]):
    """One item that was added, removed, moved, changed, or moved and changed.

    `was` is None for what was added and `now` for what was removed. What is not moved stands as it stood relatively
    to the others, whatever its rank. `choices` and `thresholds` are those of a question.
    """

    code: str
    before: T | None
    after: T | None
    was: Place | None
    now: Place | None
    is_moved: bool = False
    changes: tuple[Change, ...] = ()
    choices: tuple["Difference[Choice]", ...] = ()
    thresholds: tuple["Difference[Threshold]", ...] = ()

    @property
    def is_added(self) -> bool:
        return self.before is None

    @property
    def is_removed(self) -> bool:
        return self.after is None

    @property
    def is_changed(self) -> bool:
        """Whether what it says changed, wherever it stands."""
        return bool(self.changes or self.choices or self.thresholds)

    def __bool__(self) -> bool:
        return self.is_added or self.is_removed or self.is_moved or self.is_changed


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionnaireDifferences:
    """What changed in one questionnaire: what is said of it, then its items in the order of the later state."""

    before: Questionnaire
    after: Questionnaire
    changes: tuple[Change, ...] = ()
    parts: tuple[Difference[Part], ...] = ()
    themes: tuple[Difference[Theme], ...] = ()
    questions: tuple[Difference[Question], ...] = ()
    outcomes: tuple[Difference[Outcome], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes or self.parts or self.themes or self.questions or self.outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionDifferences:
    """What changed in an edition. `questionnaires` are those that came, left or moved; `inside`, what changed in those
    that stayed, where something did."""

    changes: tuple[Change, ...] = ()
    flags: tuple[Difference[Flag], ...] = ()
    questionnaires: tuple[Difference[Questionnaire], ...] = ()
    inside: tuple[QuestionnaireDifferences, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes or self.flags or self.questionnaires or self.inside)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    questions: Mapping[str, Question]
    flags: Mapping[str, Flag]


def names_of(*questionnaires: Questionnaire, flags: Iterable[Flag] = ()) -> Vocabulary:
    """What gives French names to the keys and flags that conditions read; repeated names keep their first bearer."""
    questions = [question for each in questionnaires for question in each.questions()]
    return _Names(
        questions={each.key: each for each in reversed(questions)},
        flags={each.name: each for each in reversed(list(flags))},
    )


def compare_editions(before: Edition, after: Edition) -> EditionDifferences:
    """What changed from one edition to another. A question that went to another questionnaire left and came."""
    names = tuple(names_of(*each.questionnaires, flags=each.flags) for each in (before, after))
    pairs = _paired(before.questionnaires, after.questionnaires, lambda each: each.code)
    inside = (compare_questionnaires(one.before, one.after, names=names) for one in pairs if one.before and one.after)
    return EditionDifferences(
        changes=_changes(before, after, "code title disclaimer", names),
        flags=_with_changes(_paired(before.flags, after.flags, lambda each: each.name), "meaning condition", names),
        questionnaires=tuple(one for one in pairs if one),
        inside=tuple(each for each in inside if each),
    )


def compare_questionnaires(
    before: Questionnaire, after: Questionnaire, *, names: tuple[Vocabulary, ...] = ()
) -> QuestionnaireDifferences:
    """What changed from one state to another. `names`: what conditions read before and after, where that is more than
    the questionnaire itself."""
    names = names or (names_of(before), names_of(after))
    return QuestionnaireDifferences(
        before=before,
        after=after,
        changes=_changes(before, after, "code slug kind version title description", names),
        parts=_with_changes(
            _paired(before.parts, after.parts, lambda each: each.code), "slug title description", names
        ),
        themes=_with_changes(
            _paired(before.themes, after.themes, lambda each: each.code), "slug title description part", names
        ),
        questions=_questions(before, after, names),
        outcomes=_with_changes(
            _paired(before.outcomes, after.outcomes, lambda each: each.outcome),
            "when title reason next_steps",
            names,
        ),
    )


def compare_questions(before: Question, after: Question, names: tuple[Vocabulary, ...]) -> Difference[Question]:
    """What changed between two states of one question, wherever it stands."""
    place = Place(rank=1)
    return _told(Difference(code=after.key, before=before, after=after, was=place, now=place), names)


_QUESTION_FIELDS = " ".join(each.name for each in fields(Question) if each.name not in {"key", "choices", "thresholds"})


def _told(pair: Difference[Question], names: tuple[Vocabulary, ...]) -> Difference[Question]:
    if pair.before is None or pair.after is None:
        return pair
    choices = _paired(pair.before.choices, pair.after.choices, lambda each: each.value)
    return Difference(
        code=pair.code,
        before=pair.before,
        after=pair.after,
        was=pair.was,
        now=pair.now,
        is_moved=pair.is_moved,
        changes=_changes(pair.before, pair.after, _QUESTION_FIELDS, names),
        choices=_with_changes(choices, "label score rule", names),
        thresholds=_thresholds(pair.before.thresholds, pair.after.thresholds, names),
    )


def _thresholds(
    before: Sequence[Threshold], after: Sequence[Threshold], names: tuple[Vocabulary, ...]
) -> tuple[Difference[Threshold], ...]:
    """Steps of the same bounds are the same step; what remains is matched by its comparison."""

    def exact(each: Threshold) -> Hashable:
        return each.operator, each.low, each.high

    there, here = {exact(each) for each in before}, {exact(each) for each in after}
    kept = there & here

    def name(each: Threshold) -> Hashable:
        return exact(each) if exact(each) in kept else each.operator

    return _with_changes(_paired(before, after, name), "low high score", names)


def _with_changes(
    pairs: Iterable[Difference[T]], names_of_fields: str, names: tuple[Vocabulary, ...]
) -> tuple[Difference[T], ...]:
    """The pairs that differ, each with its fields."""
    told = (
        Difference(
            code=pair.code,
            before=pair.before,
            after=pair.after,
            was=pair.was,
            now=pair.now,
            is_moved=pair.is_moved,
            changes=_changes(pair.before, pair.after, names_of_fields, names) if pair.before and pair.after else (),
        )
        for pair in pairs
    )
    return tuple(each for each in told if each)


def _changes(before: object, after: object, names_of_fields: str, names: tuple[Vocabulary, ...]) -> tuple[Change, ...]:
    return tuple(
        Change(name=name, before=was, after=now, readings=_readings(name, was, now, names))
        for name in names_of_fields.split()
        if (was := getattr(before, name)) != (now := getattr(after, name))
    )


def _readings(name: str, was: Any, now: Any, names: tuple[Vocabulary, ...]) -> tuple[str, str] | None:
    if name not in _CONDITIONS:
        return None
    return _reading(was, names[0]), _reading(now, names[-1])


def _reading(condition: str, names: Vocabulary) -> str:
    try:
        return in_french(parse(condition), names)
    except ConditionError:
        return ""


# -- who is who, and who moved ------------------------------------------------------------------------------------


def _identities(items: Sequence[T], name: Callable[[T], Hashable]) -> list[Identity]:
    seen: Counter[Hashable] = Counter()
    found = []
    for item in items:
        called = name(item)
        found.append((called, seen[called]))
        seen[called] += 1
    return found


def _paired(before: Sequence[T], after: Sequence[T], name: Callable[[T], Hashable]) -> list[Difference[T]]:
    """Every item of the later list in its order, each removed one after what it followed. Fields are not compared."""
    there = {each: Place(rank=rank) for rank, each in enumerate(_identities(before, name), start=1)}
    here = {each: Place(rank=rank) for rank, each in enumerate(_identities(after, name), start=1)}
    return _matched(dict(zip(there, before, strict=True)), dict(zip(here, after, strict=True)), there, here)


def _questions(
    before: Questionnaire, after: Questionnaire, names: tuple[Vocabulary, ...]
) -> tuple[Difference[Question], ...]:
    (items, there), (later, here) = _placed(before), _placed(after)
    told = (_told(pair, names) for pair in _matched(items, later, there, here))
    return tuple(each for each in told if each)


def _placed(questionnaire: Questionnaire) -> tuple[dict[Identity, Question], dict[Identity, Place]]:
    """Questions by identity, and where each stands in its theme."""
    questions = list(questionnaire.questions())
    identities = _identities(questions, lambda each: each.key)
    themes = _identities(questionnaire.themes, lambda each: each.code)
    places = [
        Place(rank=rank, theme=str(code), theme_repeat=repeat)
        for (code, repeat), theme in zip(themes, questionnaire.themes, strict=True)
        for rank in range(1, len(theme.questions) + 1)
    ]
    return dict(zip(identities, questions, strict=True)), dict(zip(identities, places, strict=True))


def _matched(
    before: Mapping[Identity, T],
    after: Mapping[Identity, T],
    there: Mapping[Identity, Place],
    here: Mapping[Identity, Place],
) -> list[Difference[T]]:
    moved = _moved(there, here)
    return [
        Difference(
            code=_code(identity),
            before=before.get(identity),
            after=after.get(identity),
            was=there.get(identity),
            now=here.get(identity),
            is_moved=identity in moved,
        )
        for identity in _woven(list(before), list(after))
    ]


def _code(identity: Identity) -> str:
    called = identity[0]
    return str(called[0] if isinstance(called, tuple) else called)


def _moved(there: Mapping[Identity, Place], here: Mapping[Identity, Place]) -> set[Identity]:
    """The fewest items whose moving explains the new order: those of another theme, then those of a theme that are
    not on its longest common subsequence."""
    common = [each for each in here if each in there]
    moved = {each for each in common if _theme(there[each]) != _theme(here[each])}
    by_theme: dict[object, list[Identity]] = {}
    for each in common:
        if each not in moved:
            by_theme.setdefault(_theme(here[each]), []).append(each)
    for stayed in by_theme.values():
        ranks = [there[each].rank for each in stayed]
        kept = longest_rise(ranks)
        moved |= {each for place, each in enumerate(stayed) if place not in kept}
    return moved


def _theme(place: Place) -> tuple[str, int]:
    return place.theme, place.theme_repeat


def _woven(before: list[Identity], after: list[Identity]) -> list[Identity]:
    """The later order, with what was removed after what it followed."""
    here = set(after)
    followers: dict[Identity | None, list[Identity]] = {}
    last: Identity | None = None
    for each in before:
        if each in here:
            last = each
        else:
            followers.setdefault(last, []).append(each)
    woven = followers.get(None, [])[:]
    for each in after:
        woven += [each, *followers.get(each, [])]
    return woven
