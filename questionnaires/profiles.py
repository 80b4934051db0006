"""Which requirements apply to a service of some profile, before anybody answers anything. Pure: it asks the engine."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from questionnaires import engine
from questionnaires.engine.conditions import WordTest
from questionnaires.library import Entry, Library

# Conditions read no date.
_SOME_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applies:
    """One requirement for the profile. `is_certain` False: an answer of the dossier decides; `when` says which."""

    entry: Entry
    is_certain: bool
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One questionnaire for the profile, with all that it holds beside."""

    questionnaire: engine.Questionnaire
    total: int
    applies: tuple[Applies, ...]

    @property
    def certain(self) -> int:
        return sum(each.is_certain for each in self.applies)

    @property
    def depends(self) -> int:
        return len(self.applies) - self.certain


def flags_to_tick(definition: engine.Definition) -> tuple[engine.Flag, ...]:
    """Those that say something of the service: the others follow from the démarche alone."""
    return tuple(flag for flag in definition.edition.flags if definition.reads[flag.name] & definition.questions.keys())


def applying(library: Library, programme: str, ticked: Collection[str]) -> tuple[Group, ...]:
    """What applies in each questionnaire that is scored. What is not ticked is not so, unless implied."""
    definition = library.definition
    raised = {name: True for name in definition.flags if name in ticked}
    implied = engine.evaluate(definition, {}, engine.Facts(programme=programme, today=_SOME_DAY, flags=raised)).flags
    flags = {name: truth is True for name, truth in implied.items()}
    facts = engine.Facts(programme=programme, today=_SOME_DAY, flags=flags)
    results = engine.evaluate(definition, _answers(definition, flags), facts).questions
    possible = _possible(definition, results)
    groups = []
    for questionnaire in definition.edition.questionnaires:
        if questionnaire.kind is not engine.Kind.EVALUATION:
            continue
        keys = [question.key for question in questionnaire.questions()]
        applies = tuple(
            Applies(
                entry=library.entries[key],
                is_certain=results[key].shown,
                when=definition.conditions[key].french,
            )
            for key in keys
            if key in possible
        )
        groups.append(Group(questionnaire=questionnaire, total=len(keys), applies=applies))
    return tuple(groups)


def _answers(definition: engine.Definition, flags: Mapping[str, bool]) -> dict[str, str]:
    """What the profile answers already: a flag that only reads a yes or a no says which it is."""
    answers = {}
    for name, node in definition.flag_conditions.items():
        if not isinstance(node, WordTest) or node.operator != "==":
            continue
        question = definition.questions[node.key]
        if question.type is engine.QuestionType.YES_NO:
            raised = frozenset(node.values)
            answers[node.key] = next(each.value for each in question.choices if (each.value in raised) is flags[name])
    return answers


def _possible(definition: engine.Definition, results: Mapping[str, engine.QuestionResult]) -> frozenset[str]:
    """What is shown, and what an answer to something possible may still show."""
    possible: set[str] = set()
    for key in (name for name in definition.order if name in results):
        why = results[key].why
        awaited = {leaf.key for leaf in why.leaves() if leaf.truth is None}
        if why.truth is True or (why.truth is None and awaited & possible):
            possible.add(key)
    return frozenset(possible)
