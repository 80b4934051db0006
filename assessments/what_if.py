"""What a dossier would become under another démarche, or with other answers to its orientation. Nothing is stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from assessments.answer_states import Copy
from assessments.filing import Filing
from assessments.models import Programme
from assessments.overviews import places_of
from assessments.remaining_time import RemainingTime, time_to_answer
from assessments.sections import Section, orientation_of, sections_of
from questionnaires import engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A question that would appear or vanish. `was_answered`: its answer stands and would be kept."""

    key: str
    title: str
    url: str
    is_mandatory: bool
    was_answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeMoves:
    """The questions of one theme that would move together."""

    section: str
    theme: str
    questions: tuple[Moved, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionChange:
    """One section now, and as it would be."""

    section: Section
    before: engine.GroupResult
    after: engine.GroupResult

    @property
    def asked(self) -> tuple[int, int]:
        """How many questions apply, before and after."""
        return _asked(self.before), _asked(self.after)

    @property
    def to_answer(self) -> tuple[int, int]:
        """How many of them have no answer, before and after."""
        return _asked(self.before) - self.before.answered, _asked(self.after) - self.after.answered


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The simulation as its page shows it. `changed`: what differs from the working copy, in words."""

    changed: tuple[str, ...]
    appear: tuple[ThemeMoves, ...]
    vanish: tuple[ThemeMoves, ...]
    sections: tuple[SectionChange, ...]
    time_before: RemainingTime
    time_after: RemainingTime
    blockers: tuple[int, int]

    @property
    def appear_count(self) -> int:
        return sum(len(moves.questions) for moves in self.appear)

    @property
    def vanish_count(self) -> int:
        return sum(len(moves.questions) for moves in self.vanish)

    @property
    def to_answer(self) -> tuple[int, int]:
        """How many questions have no answer, before and after, all sections together."""
        counts = [section.to_answer for section in self.sections]
        return sum(before for before, _after in counts), sum(after for _before, after in counts)


def yes_no_questions(definition: engine.Definition) -> list[tuple[engine.Theme, list[engine.Question]]]:
    """What the simulation lets change: the orientation's yes and no, by theme."""
    return [
        (theme, questions)
        for theme in orientation_of(definition).themes
        if (questions := [each for each in theme.questions if each.type is engine.QuestionType.YES_NO])
    ]


def what_if(filing: Filing, *, programme: str, answers: Mapping[str, str]) -> WhatIf:
    """Two evaluations of the working copy, one of them changed. No query, no write.

    `answers`: « oui » or « non » by key of the orientation; a key that is left out keeps the answer that stands.
    """
    copy = filing.working
    other = _changed(copy, programme, answers)
    before, after = filing.evaluation, other.evaluate(filing.today)
    moved = {key: (before.questions[key].shown, after.questions[key].shown) for key in after.questions}
    sections = sections_of(copy.definition)
    return WhatIf(
        changed=tuple(_differences(copy, other)),
        appear=_moves(filing, sections, {key for key, shown in moved.items() if shown == (False, True)}),
        vanish=_moves(filing, sections, {key for key, shown in moved.items() if shown == (True, False)}),
        sections=tuple(
            SectionChange(section=section, before=section.result(before), after=section.result(after))
            for section in sections
        ),
        time_before=time_to_answer(copy.definition, before),
        time_after=time_to_answer(copy.definition, after),
        blockers=(len(_blockers(before)), len(_blockers(after))),
    )


def _changed(copy: Copy, programme: str, answers: Mapping[str, str]) -> Copy:
    states = dict(copy.states)
    for key, value in answers.items():
        if value != copy.state(key).value or copy.state(key).not_applicable:
            states[key] = replace(copy.state(key), value=value, not_applicable=False, reason="")
    return replace(copy, programme=programme, states=states)


def _differences(copy: Copy, other: Copy) -> Iterable[str]:
    if other.programme != copy.programme:
        yield str(Programme(other.programme).label)
    for key, state in other.states.items():
        if state != copy.state(key):
            question = copy.definition.questions[key]
            label = next(choice.label for choice in question.choices if choice.value == state.value)
            yield f"{question.title}\N{NO-BREAK SPACE}: {label}"


def _moves(filing: Filing, sections: Iterable[Section], keys: set[str]) -> tuple[ThemeMoves, ...]:
    places = places_of(filing.dossier, filing.working)
    found = [
        (section.title, theme.title, question)
        for section in sections
        for theme in section.themes
        for question in theme.questions
        if question.key in keys
    ]
    return tuple(
        ThemeMoves(
            section=section,
            theme=theme,
            questions=tuple(_moved(filing, question, places) for _section, _theme, question in questions),
        )
        for (section, theme), questions in groupby(found, key=lambda each: each[:2])
    )


def _moved(filing: Filing, question: engine.Question, places: Mapping[str, str]) -> Moved:
    state = filing.working.state(question.key)
    return Moved(
        key=question.key,
        title=question.title,
        url=places[question.key],
        is_mandatory=question.is_mandatory,
        was_answered=state.value not in (None, "", []) or bool(state.files),
    )


def _asked(result: engine.GroupResult) -> int:
    return result.shown - result.not_applicable


def _blockers(evaluation: engine.Evaluation) -> set[str]:
    return {*evaluation.incomplete, *evaluation.unmet}
