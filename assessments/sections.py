"""How an edition is cut on the screen: each questionnaire, or each of its parts, is one section."""

from dataclasses import dataclass

from questionnaires import engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """An entry of the dossier with its own progress and score. `code` is a questionnaire's or a part's."""

    code: str
    slug: str
    title: str
    description: str
    themes: tuple[engine.Theme, ...]
    # The questionnaire that the section is a part of; blank where it is the whole.
    part_of: str = ""

    def result(self, evaluation: engine.Evaluation) -> engine.GroupResult:
        if self.code in evaluation.parts:
            return evaluation.parts[self.code]
        return evaluation.questionnaires[self.code]


def sections_of(definition: engine.Definition) -> tuple[Section, ...]:
    """The sections to fill, in order; the orientation is not one of them."""
    sections: list[Section] = []
    for questionnaire in definition.edition.questionnaires:
        if questionnaire.kind is not engine.Kind.EVALUATION:
            continue
        for part in questionnaire.parts or (None,):
            source = part or questionnaire
            themes = tuple(t for t in questionnaire.themes if part is None or t.part == part.code)
            sections.append(
                Section(
                    code=source.code,
                    slug=source.slug,
                    title=source.title,
                    description=source.description,
                    themes=themes,
                    part_of=questionnaire.title if part else "",
                )
            )
    return tuple(sections)


def orientation_of(definition: engine.Definition) -> engine.Questionnaire:
    """The orientation questionnaire. Every edition has one."""
    return next(q for q in definition.edition.questionnaires if q.kind is engine.Kind.ORIENTATION)


def section_of_key(definition: engine.Definition, key: str) -> tuple[Section, engine.Theme] | None:
    """Where a question stands on the screen; None for an orientation question."""
    for section in sections_of(definition):
        for theme in section.themes:
            if any(question.key == key for question in theme.questions):
                return section, theme
    return None
