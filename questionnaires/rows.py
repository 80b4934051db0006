"""Between database rows and the engine's dataclasses, both ways, without loss."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from questionnaires import engine, models
from questionnaires.migration_rows import read_migration, write_migration

# Fields that a question row and a question dataclass share by name and by meaning.
SHARED = (
    "key",
    "title",
    "wording",
    "asked",
    "why",
    "help",
    "accepted_example",
    "refused_example",
    "evidence",
    "answered_by",
    "minutes",
    "scored",
    "weight",
    "pass_score",
    "applies_when",
    "allows_not_applicable",
    "unit",
    "minimum",
    "maximum",
    "not_after_today",
    "not_before_today",
    "max_age_months",
    "score_ok",
    "score_old",
    "min_length",
    "max_length",
    "min_files",
    "max_files",
    "reference",
    "reference_confidence",
    "verification",
    "source",
    "tier",
    "editor_note",
)


# All that a version holds: one query each, for however many versions.
INSIDE = (
    "parts",
    "themes__part",
    "themes__questions__choices",
    "themes__questions__thresholds",
    "outcomes",
    "migration_map__moves__sources",
    "migration_map__moves__targets",
    "migration_map__moves__choices",
)


def read_version(version: models.Version) -> engine.Questionnaire:
    """Read a whole version, as the database has it now, in a dozen queries at most, whatever its size."""
    return read_versions([version])[0]


def read_versions(versions: Sequence[models.Version]) -> list[engine.Questionnaire]:
    """Read whole versions, in that order, in as many queries as one of them takes."""
    rows = models.Version.objects.select_related("questionnaire").prefetch_related(*INSIDE)
    found = rows.in_bulk([version.pk for version in versions])
    return [_read_version(found[version.pk]) for version in versions]


def _read_version(version: models.Version) -> engine.Questionnaire:
    return engine.Questionnaire(
        code=version.questionnaire.code,
        slug=version.questionnaire.slug,
        kind=engine.Kind(version.questionnaire.kind),
        version=version.number,
        title=version.title,
        description=version.description,
        parts=tuple(
            engine.Part(code=part.code, slug=part.slug, title=part.title, description=part.description)
            for part in version.parts.all()
        ),
        themes=tuple(_read_theme(theme) for theme in version.themes.all()),
        outcomes=tuple(_read_outcome(outcome) for outcome in version.outcomes.all()),
        migration=read_migration(version),
    )


def _read_theme(theme: models.Theme) -> engine.Theme:
    return engine.Theme(
        code=theme.code,
        slug=theme.slug,
        title=theme.title,
        description=theme.description,
        part=theme.part.code if theme.part else None,
        questions=tuple(read_question(question) for question in theme.questions.all()),
    )


def read_question(row: models.Question) -> engine.Question:
    """One question, in two queries unless its choices and thresholds were prefetched."""
    return engine.Question(
        **{name: getattr(row, name) for name in SHARED},
        type=engine.QuestionType(row.type),
        level=engine.Level(row.level),
        scoring=engine.Scoring(row.scoring),
        formats=tuple(row.formats.split()),
        choices=tuple(
            engine.Choice(value=c.value, label=c.label, score=c.score, rule=engine.ChoiceRule(c.rule))
            for c in row.choices.all()
        ),
        thresholds=tuple(
            engine.Threshold(operator=engine.ThresholdOperator(t.operator), low=t.low, high=t.high, score=t.score)
            for t in row.thresholds.all()
        ),
    )


def _read_outcome(row: models.Outcome) -> engine.Outcome:
    return engine.Outcome(
        outcome=row.outcome,
        when=row.condition,
        title=row.title,
        reason=row.reason,
        next_steps=tuple(row.next_steps.split("\n")) if row.next_steps else (),
    )


def write_version(version: models.Version, content: engine.Questionnaire) -> None:
    """Replace all the rows of a draft version by `content`."""
    version.themes.all().delete()
    version.parts.all().delete()
    version.outcomes.all().delete()
    parts = {
        part.code: version.parts.create(position=position, **_texts(part, "code slug title description"))
        for position, part in enumerate(content.parts, start=1)
    }
    for position, theme in enumerate(content.themes, start=1):
        row = version.themes.create(
            position=position,
            part=parts[theme.part] if theme.part else None,
            **_texts(theme, "code slug title description"),
        )
        _write_questions(row, theme)
    for position, outcome in enumerate(content.outcomes, start=1):
        version.outcomes.create(
            position=position,
            condition=outcome.when,
            next_steps="\n".join(outcome.next_steps),
            **_texts(outcome, "outcome title reason"),
        )
    write_migration(version, content.migration)


def _write_questions(theme_row: models.Theme, theme: engine.Theme) -> None:
    rows = models.Question.objects.bulk_create(
        models.Question(theme=theme_row, position=position, **_columns(question))
        for position, question in enumerate(theme.questions, start=1)
    )
    _write_scales(zip(rows, theme.questions, strict=True))


def create_question(theme: models.Theme, position: int, content: engine.Question) -> models.Question:
    """Write a question that its version does not have yet."""
    row = models.Question.objects.create(theme=theme, position=position, **_columns(content))
    _write_scales([(row, content)])
    return row


def write_question(row: models.Question, content: engine.Question) -> None:
    """Replace all that a question of a draft says. Where it stands is left as it is."""
    for name, value in _columns(content).items():
        setattr(row, name, value)
    row.save()
    row.choices.all().delete()
    row.thresholds.all().delete()
    _write_scales([(row, content)])


def _columns(question: engine.Question) -> dict[str, Any]:
    return {
        **{name: getattr(question, name) for name in SHARED},
        "type": question.type,
        "level": question.level,
        "scoring": question.scoring,
        "formats": " ".join(question.formats),
    }


def _write_scales(questions: Iterable[tuple[models.Question, engine.Question]]) -> None:
    pairs = list(questions)
    models.Choice.objects.bulk_create(
        models.Choice(question=row, position=position, **_all_fields(choice))
        for row, question in pairs
        for position, choice in enumerate(question.choices, start=1)
    )
    models.Threshold.objects.bulk_create(
        models.Threshold(question=row, position=position, **_all_fields(threshold))
        for row, question in pairs
        for position, threshold in enumerate(question.thresholds, start=1)
    )


def _texts(source: object, names: str) -> dict[str, Any]:
    return {name: getattr(source, name) for name in names.split()}


def _all_fields(source: engine.Choice | engine.Threshold) -> dict[str, Any]:
    return {field.name: getattr(source, field.name) for field in fields(source)}
