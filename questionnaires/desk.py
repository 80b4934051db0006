"""A version as its editors have it before them: what it says, in its edition, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from questionnaires import engine
from questionnaires.models import Edition, Version
from questionnaires.policies import is_draft
from questionnaires.queries import edition_around, predecessors, read_edition
from questionnaires.rows import read_version


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """What gives names to the keys and flags of conditions, whether the edition compiles or not."""

    questions: Mapping[str, engine.Question]
    flags: Mapping[str, engine.Flag]


class Desk:
    """Reads its edition once, in a dozen queries whatever its size."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.edition = edition_around(version)

    @property
    def is_open(self) -> bool:
        """Whether the version may be written."""
        return is_draft(self.version)

    @cached_property
    def context(self) -> engine.Edition:
        """The edition that conditions are read in: without any, the version alone."""
        if self.edition is not None:
            return read_edition(self.edition)
        return engine.Edition(code="", questionnaires=(read_version(self.version),))

    @cached_property
    def content(self) -> engine.Questionnaire:
        code = self.version.questionnaire.code
        return next(each for each in self.context.questionnaires if each.code == code)

    @cached_property
    def questions(self) -> Mapping[str, engine.Question]:
        return {question.key: question for question in self.content.questions()}

    @cached_property
    def theme_of(self) -> Mapping[str, engine.Theme]:
        return {question.key: theme for theme in self.content.themes for question in theme.questions}

    @cached_property
    def predecessors(self) -> Mapping[str, engine.Questionnaire]:
        """What is published of these questionnaires. Without an edition nothing follows anything."""
        return predecessors(self.edition) if self.edition is not None else {}

    @cached_property
    def findings(self) -> engine.Findings:
        return engine.examine(self.context, self.predecessors)

    @cached_property
    def errors(self) -> Mapping[str, tuple[str, ...]]:
        """What forbids the publication, by where it is."""
        return reasons_by_place(self.findings.errors)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return vocabulary_of(self.context)

    def with_question(self, question: engine.Question) -> engine.Edition:
        """The edition, had the question been saved."""
        return replace_question(self.context, question)


def vocabulary_of(edition: engine.Edition) -> Vocabulary:
    """The last one wins where a key is given twice: the examination says so."""
    return Vocabulary(
        questions={question.key: question for each in edition.questionnaires for question in each.questions()},
        flags={flag.name: flag for flag in edition.flags},
    )


def reasons_by_place(problems: Sequence[engine.Problem]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for problem in problems:
        found[problem.where] = (*found.get(problem.where, ()), problem.reason)
    return found


def replace_question(edition: engine.Edition, question: engine.Question) -> engine.Edition:
    """The same edition, one question otherwise."""
    questionnaires = tuple(
        replace(
            each,
            themes=tuple(
                replace(
                    theme,
                    questions=tuple(question if old.key == question.key else old for old in theme.questions),
                )
                for theme in each.themes
            ),
        )
        for each in edition.questionnaires
    )
    return replace(edition, questionnaires=questionnaires)


def versions_of(edition: Edition) -> list[Version]:
    """In the order of the screen."""
    entries = edition.entries.select_related("version__questionnaire")
    return [entry.version for entry in entries]
