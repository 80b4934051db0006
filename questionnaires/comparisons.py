"""Differences as people read them: what `questionnaires/_differences.html` draws.

Whoever compares, drafts or editions, hands what the engine says to `comparison_of` or `edition_comparison_of`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questionnaires import engine
from questionnaires.french import choice_in_words, field_name, threshold_in_words, value_in_words

# (« same », « out » or « in », words): see engine.word_differences.
Words = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field before and after; blank for nothing. `words`: a text word by word, before and after in one.

    `note`: what the two texts do not show. `code`: the condition as it is written, before and after.
    """

    label: str
    before: str = ""
    after: str = ""
    words: Words = ()
    note: str = ""
    code: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One item that differs. `key`: its code; `where`: the theme of a question; `happened`: (label, tone of badge)."""

    key: str
    title: str
    where: str = ""
    happened: tuple[tuple[str, str], ...] = ()
    move: str = ""
    lines: tuple[Line, ...] = ()
    # What an item that came or left says: folded, it may be long.
    is_folded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What differs in one questionnaire: what is said of it and of its structure, then its questions."""

    code: str
    title: str
    counts: str
    about: tuple[Line, ...] = ()
    structure: tuple[Card, ...] = ()
    questions: tuple[Card, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.about or self.structure or self.questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionComparison:
    """What differs in an edition: what is said of it, its flags, its questionnaires."""

    counts: str
    about: tuple[Line, ...]
    structure: tuple[Card, ...]
    questionnaires: tuple[Comparison, ...]

    def __bool__(self) -> bool:
        return bool(self.about or self.structure or self.questionnaires)


def comparison_of(differences: engine.QuestionnaireDifferences) -> Comparison:
    """One questionnaire's differences, ready to be drawn."""
    titles = {each.code: each.title for state in (differences.before, differences.after) for each in state.themes}
    structure = (
        *(_card(each, engine.Part, _("volet")) for each in differences.parts),
        *(_card(each, engine.Theme, _("thème")) for each in differences.themes),
        *(_card(each, engine.Outcome, _("conclusion")) for each in differences.outcomes),
    )
    return Comparison(
        code=differences.after.code,
        title=differences.after.title or differences.after.code,
        counts=counts_in_words(differences.questions),
        about=tuple(_line(each, engine.Questionnaire) for each in differences.changes),
        structure=structure,
        questions=tuple(question_card(each, titles) for each in differences.questions),
    )


def edition_comparison_of(differences: engine.EditionDifferences) -> EditionComparison:
    """An edition's differences, ready to be drawn."""
    inside = tuple(comparison_of(each) for each in differences.inside)
    questions = [each.questions for each in differences.inside]
    questions += [_as_questions(each) for each in differences.questionnaires]
    return EditionComparison(
        counts=counts_in_words(chain.from_iterable(questions)),
        about=tuple(_line(each, engine.Edition) for each in differences.changes),
        structure=(
            *(_card(each, engine.Flag, _("drapeau")) for each in differences.flags),
            *(_card(each, engine.Questionnaire, _("questionnaire")) for each in differences.questionnaires),
        ),
        questionnaires=inside,
    )


def _as_questions(
    questionnaire: engine.Difference[engine.Questionnaire],
) -> tuple[engine.Difference[engine.Question], ...]:
    """The questions that came or left with their questionnaire."""
    if questionnaire.before and questionnaire.after:
        return ()
    empty = engine.Questionnaire(code=questionnaire.code)
    return engine.compare_questionnaires(questionnaire.before or empty, questionnaire.after or empty).questions


_COUNTS: Sequence[tuple[str, Callable[[int], str]]] = (
    ("is_added", lambda count: ngettext("%d ajoutée", "%d ajoutées", count)),
    ("is_removed", lambda count: ngettext("%d retirée", "%d retirées", count)),
    ("is_moved", lambda count: ngettext("%d déplacée", "%d déplacées", count)),
    ("is_changed", lambda count: ngettext("%d modifiée", "%d modifiées", count)),
)


def counts_in_words(questions: Iterable[engine.Difference[engine.Question]]) -> str:
    """« 3 ajoutées, 1 retirée »; blank without any. A question that is moved and changed counts as both."""
    every = list(questions)
    counted = ((sum(getattr(each, happened) for each in every), words) for happened, words in _COUNTS)
    return ", ".join(words(count) % count for count, words in counted if count)


def question_card(difference: engine.Difference[engine.Question], titles: dict[str, str]) -> Card:
    """One question. `titles`: those of the themes, by code."""
    state = difference.after or difference.before
    place = difference.now or difference.was
    assert state and place  # one of both states is always there
    return Card(
        key=difference.code,
        title=state.title or state.wording or difference.code,
        where=titles.get(place.theme, place.theme),
        happened=tuple(_happened(difference)),
        move=_move(difference, titles),
        lines=tuple(_question_lines(difference)),
        is_folded=difference.is_added or difference.is_removed,
    )


def _happened(difference: engine.Difference[Any]) -> Iterator[tuple[str, str]]:
    if difference.is_added:
        yield _("Ajout"), "success"
    if difference.is_removed:
        yield _("Retrait"), "error"
    if difference.is_moved:
        yield _("Déplacement"), "info"
    if difference.is_changed:
        yield _("Modification"), "new"


def _move(difference: engine.Difference[Any], titles: dict[str, str]) -> str:
    was, now = difference.was, difference.now
    if not (difference.is_moved and was and now):
        return ""
    if (was.theme, was.theme_repeat) == (now.theme, now.theme_repeat):
        return _("Du rang %(before)s au rang %(after)s.") % {"before": was.rank, "after": now.rank}
    places = {"before": titles.get(was.theme, was.theme), "after": titles.get(now.theme, now.theme), "rank": now.rank}
    return _("De « %(before)s » à « %(after)s », au rang %(rank)s.") % places


def _question_lines(difference: engine.Difference[engine.Question]) -> Iterator[Line]:
    if difference.before is None or difference.after is None:
        yield from _whole(difference, engine.Question)
        state = difference.after or difference.before
        assert state  # one of both states is always there
        yield from _whole_list(_("choix"), map(choice_in_words, state.choices), is_added=difference.is_added)
        steps = (threshold_in_words(each, state.unit) for each in state.thresholds)
        yield from _whole_list(_("seuils"), steps, is_added=difference.is_added)
        return
    yield from (_line(each, engine.Question) for each in difference.changes)
    yield from _listed(difference.choices, difference.after.choices)
    yield from _steps(difference)


def _steps(difference: engine.Difference[engine.Question]) -> Iterator[Line]:
    before, after = difference.before, difference.after
    assert before and after  # asked of a question that stayed
    if difference.thresholds:
        then = "\n".join(threshold_in_words(each, before.unit) for each in before.thresholds)
        now = "\n".join(threshold_in_words(each, after.unit) for each in after.thresholds)
        yield Line(label=_("seuils"), before=then, after=now)


def _listed(differences: Sequence[engine.Difference[engine.Choice]], now: Sequence[engine.Choice]) -> Iterator[Line]:
    for each in differences:
        if each.is_added or each.is_removed or each.is_changed:
            then, later = (choice_in_words(state) if state else "" for state in (each.before, each.after))
            label = _("choix « %s »") % each.code
            yield Line(label=label, before=then, after=later, words=_words(then, later))
    if any(each.is_moved for each in differences):
        yield Line(label=_("ordre des choix"), after=", ".join(each.label or each.value for each in now))


def _card(difference: engine.Difference[Any], of: type, kind: str) -> Card:
    state = difference.after or difference.before
    is_whole = difference.is_added or difference.is_removed
    return Card(
        key=difference.code,
        title=_("%(kind)s « %(title)s »") % {"kind": kind, "title": getattr(state, "title", "") or difference.code},
        happened=tuple(_happened(difference)),
        move=_move(difference, {}),
        lines=tuple(_whole(difference, of) if is_whole else (_line(each, of) for each in difference.changes)),
        is_folded=is_whole,
    )


# Told apart, or by the item itself.
_NOT_FIELDS = {"key", "code", "name", "questions", "choices", "thresholds", "parts", "themes", "outcomes"}


def _whole(difference: engine.Difference[Any], of: type) -> Iterator[Line]:
    """All that an item says that came or left, where it is not what goes without saying."""
    state: Any = difference.after or difference.before
    for each in fields(of):
        value = getattr(state, each.name)
        if each.name in _NOT_FIELDS or value == each.default:
            continue
        text = value_in_words(each.name, value)
        yield _one_sided(field_name(of, each.name), text, is_added=difference.is_added)


def _whole_list(label: str, texts: Iterable[str], *, is_added: bool) -> Iterator[Line]:
    if text := "\n".join(texts):
        yield _one_sided(label, text, is_added=is_added)


def _one_sided(label: str, text: str, *, is_added: bool) -> Line:
    return Line(label=label, after=text) if is_added else Line(label=label, before=text)


def _line(change: engine.Change, of: type) -> Line:
    line = partial(Line, label=field_name(of, change.name))
    if change.readings is not None:
        unread = _("condition qui ne se lit pas")
        return line(
            before=change.readings[0] or unread,
            after=change.readings[1] or unread,
            code=(change.before, change.after),
        )
    before, after = (value_in_words(change.name, each) for each in (change.before, change.after))
    if not change.is_text:
        return line(before=before, after=after)
    words = _words(before, after)
    return line(before=before, after=after, words=words, note=_note(words))


def _words(before: str, after: str) -> Words:
    return list(engine.word_differences(before, after)) if before and after else []


def _note(words: Words) -> str:
    if words and all(kind == "same" for kind, _text in words):
        return _("Seuls des espaces ou des retours à la ligne ont changé.")
    return ""
