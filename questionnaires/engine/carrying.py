"""What becomes of a dossier's answers from one version to the next. Nothing is lost: what has no place is named."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from typing import Any

from questionnaires.engine.definitions import Question, Questionnaire, QuestionType
from questionnaires.engine.migration import Move, Operation


class Fate(StrEnum):
    """What the team has to do with a question of the new version."""

    KEPT = "kept"
    TO_RECONFIRM = "to_reconfirm"  # filled in, to be read again
    TO_ANSWER = "to_answer"  # it was answered, and nothing says that answer any more
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """All that a dossier holds about one question. Not having it, and having it empty, are the same.

    `value` is raw, as stored. Evidence and people are whatever stands for them. `to_reconfirm`: it was carried by an
    earlier map, and nobody has read it since.
    """

    value: Any = None
    not_applicable: bool = False
    reason: str = ""
    comment: str = ""
    evidence: tuple[Hashable, ...] = ()
    assigned_to: tuple[Hashable, ...] = ()
    to_reconfirm: bool = False

    @property
    def states(self) -> bool:
        """Whether it says something, beyond words and files about it."""
        return self.not_applicable or not _is_blank(self.value)


EMPTY = Held()


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedAnswer:
    """What one new question receives. `rivals` are the old keys whose answers said something else, each with it."""

    held: Held = EMPTY
    fate: Fate = Fate.NEW
    sources: tuple[str, ...] = ()
    why: str = ""
    rivals: Mapping[str, Held] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """What of an old question's answer finds no place in the new version, and why, in French."""

    key: str
    version: str
    held: Held
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Every question of the new version, and what was left in the old one."""

    answers: Mapping[str, CarriedAnswer]
    left_behind: tuple[LeftBehind, ...] = ()


NO_MAP = "{new} has no map from {old}"
DROPPED = "cette question n’est plus posée"
UNSAID = "la nouvelle question ne permet plus de le dire"
RIVAL = "une autre réponse, réunie dans la même question, est proposée à sa place"


def new_choice(move: Move, source: str, target: str, value: str) -> str | None:
    """What a choice is called in the new question: as it was, unless the map says otherwise."""
    for each in move.choices:
        if (each.source, each.target, each.old) == (source, target, value):
            return each.new
    return value


def carry(old: Questionnaire, new: Questionnaire, answers: Mapping[str, Held]) -> Carried:
    """Follow the map of `new`, which starts from `old`. A version carries its own answers as they are.

    `answers` are by old key. ValueError when `new` does not start from `old`.
    """
    if old.name == new.name:
        return Carried(answers={question.key: _same(question.key, answers) for question in new.questions()})
    if new.migration is None or new.migration.from_version != old.name:
        raise ValueError(NO_MAP.format(new=new.name, old=old.name))
    questions = {question.key: question for question in new.questions()}
    carried = {key: CarriedAnswer() for key in questions}
    left: list[LeftBehind] = []
    for move in new.migration.moves:
        found, behind = _moved(move, questions, answers)
        carried |= found
        left += (LeftBehind(key=key, version=old.name, held=held, why=why) for key, held, why in behind)
    return Carried(answers=carried, left_behind=tuple(left))


def carry_through(versions: Sequence[Questionnaire], answers: Mapping[str, Held]) -> Carried:
    """Follow the maps of several versions in a row, the first being that of the answers."""
    whole = carry(versions[0], versions[0], answers)
    for old, new in pairwise(versions):
        step = carry(old, new, {key: each.held for key, each in whole.answers.items()})
        whole = Carried(
            answers={key: _after(each, whole.answers) for key, each in step.answers.items()},
            left_behind=whole.left_behind + step.left_behind,
        )
    return whole


def _after(last: CarriedAnswer, earlier: Mapping[str, CarriedAnswer]) -> CarriedAnswer:
    """What the last map did, told from the first version: its keys, and all that happened on the way."""
    before = [earlier[source] for source in last.sources]
    fate = last.fate
    if fate is Fate.KEPT and not last.held.states:
        # What was to be answered still is, and what was new is new to whoever comes from the first version.
        fates = {each.fate for each in before}
        fate = Fate.TO_ANSWER if Fate.TO_ANSWER in fates else Fate.NEW if fates == {Fate.NEW} else fate
    rivals = {origin: held for each in before for origin, held in each.rivals.items()}
    rivals |= {origin: held for source, held in last.rivals.items() for origin in earlier[source].sources}
    return replace(
        last,
        fate=fate,
        sources=tuple(dict.fromkeys(origin for each in before for origin in each.sources)),
        why=_joined([*(each.why for each in before), last.why]),
        rivals=rivals,
    )


def _same(key: str, answers: Mapping[str, Held]) -> CarriedAnswer:
    held = answers.get(key, EMPTY)
    return CarriedAnswer(held=held, fate=Fate.TO_RECONFIRM if held.to_reconfirm else Fate.KEPT, sources=(key,))


def _moved(
    move: Move, questions: Mapping[str, Question], answers: Mapping[str, Held]
) -> tuple[dict[str, CarriedAnswer], list[tuple[str, Held, str]]]:
    """What one line of the map gives to its new questions, and what it leaves behind."""
    before = {key: answers.get(key, EMPTY) for key in move.sources}
    if not move.targets:
        return {}, [(key, held, move.why or DROPPED) for key, held in before.items() if held != EMPTY]
    carried = {target: _gathered(move, questions[target], before) for target in move.targets}
    why = RIVAL if any(each.rivals for each in carried.values()) else UNSAID
    pairs = [(questions[target], each.held) for target, each in carried.items()]
    left = {key: _unsaid(move, key, held, pairs) for key, held in before.items()}
    return carried, [(key, held, why) for key, held in left.items() if held != EMPTY]


def _gathered(move: Move, question: Question, before: Mapping[str, Held]) -> CarriedAnswer:
    """One answer made of those of the sources, and those that it contradicts."""
    told = {key: _told(move, key, question, held) for key, held in before.items()}
    stated = {key: held for key, held in told.items() if held.states}
    # An answer says more than that there is nothing to answer.
    first = min(stated.values(), key=lambda held: held.not_applicable, default=EMPTY)
    alike = [held for held in told.values() if held.not_applicable is first.not_applicable]
    held = Held(
        value=_joined(each.value for each in alike) or None if _adds_up(question) else first.value,
        not_applicable=first.not_applicable,
        reason=_joined(each.reason for each in alike),
        comment=_joined(each.comment for each in told.values()),
        evidence=_united(each.evidence for each in told.values()),
        assigned_to=_united(each.assigned_to for each in told.values()),
    )
    rivals = {key: before[key] for key, each in stated.items() if not _agrees(question, each, first)}
    fate = _fate(move, question, before, held, agreed=len(stated) == len(told) and len(_sayings(told)) == 1)
    held = replace(held, to_reconfirm=fate is Fate.TO_RECONFIRM)
    return CarriedAnswer(held=held, fate=fate, sources=move.sources, why=move.why, rivals=rivals)


def _told(move: Move, source: str, question: Question, held: Held) -> Held:
    """The same in the words of the new question: what it cannot say is absent."""
    if held.not_applicable and not question.allows_not_applicable:
        held = replace(held, not_applicable=False, reason="")
    return replace(held, value=_value(move, source, question, held.value))


def _value(move: Move, source: str, question: Question, value: Any) -> Any:
    if _is_blank(value) or not question.choices:
        return None if _is_blank(value) else value
    said = {new_choice(move, source, question.key, each) for each in _pieces(value)}
    if question.type is QuestionType.MULTIPLE_CHOICE:
        return [choice.value for choice in question.choices if choice.value in said] or None
    return said.pop()


def _adds_up(question: Question) -> bool:
    """Texts are put one after the other; of anything else there is one."""
    return question.type is QuestionType.TEXT


def _agrees(question: Question, held: Held, first: Held) -> bool:
    if held.not_applicable or first.not_applicable:
        return held.not_applicable and first.not_applicable
    return _adds_up(question) or bool(held.value == first.value)


def _sayings(told: Mapping[str, Held]) -> set[str]:
    return {str((held.not_applicable, held.reason if held.not_applicable else held.value)) for held in told.values()}


def _fate(move: Move, question: Question, before: Mapping[str, Held], held: Held, *, agreed: bool) -> Fate:
    has_files = question.type is QuestionType.FILE and bool(held.evidence)
    if not held.states and not has_files:
        return Fate.TO_ANSWER if any(each.states for each in before.values()) else Fate.KEPT
    unchanged = move.operation is Operation.KEEP or (move.operation is Operation.MERGE and agreed)
    waiting = any(each.to_reconfirm for each in before.values())
    return Fate.KEPT if unchanged and not waiting else Fate.TO_RECONFIRM


def _unsaid(move: Move, source: str, held: Held, carried: Sequence[tuple[Question, Held]]) -> Held:
    """What of an old answer none of the new ones says."""
    unsaid = [
        piece
        for piece in _pieces(held.value)
        if not any(_says(move, source, question, new, piece) for question, new in carried)
    ]
    aside = any(new.not_applicable is held.not_applicable for _, new in carried)
    return Held(
        value=(unsaid if isinstance(held.value, list) else unsaid[0]) if unsaid else None,
        not_applicable=held.not_applicable and not aside,
        reason="" if aside else held.reason,
    )


def _says(move: Move, source: str, question: Question, held: Held, piece: Any) -> bool:
    if _adds_up(question):
        # As a paragraph of what was joined: a word may stand inside another.
        return f"\n\n{piece}\n\n" in f"\n\n{held.value}\n\n"
    wanted = new_choice(move, source, question.key, piece) if question.choices else piece
    if wanted is None:
        return False
    return bool(wanted in held.value if isinstance(held.value, list) else held.value == wanted)


def _pieces(value: Any) -> list[Any]:
    """The choices of a list; any other answer is one."""
    return [] if _is_blank(value) else value if isinstance(value, list) else [value]


def _is_blank(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _joined(texts: Iterable[Any]) -> str:
    """Each text once, in order, a blank line between two."""
    return "\n\n".join(dict.fromkeys(text for text in texts if not _is_blank(text)))


def _united(groups: Iterable[tuple[Hashable, ...]]) -> tuple[Hashable, ...]:
    return tuple(dict.fromkeys(each for group in groups for each in group))
