"""The questionnaire that the rows of a workbook say."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from questionnaires import engine
from questionnaires.exchange.reading import NotRead
from questionnaires.exchange.workbook_layout import (
    CHOICES,
    MIGRATION,
    MOVED_CHOICES,
    MOVES,
    OUTCOMES_SHEET,
    PARTS,
    QUESTIONNAIRE,
    QUESTIONS,
    STEPS,
    THEMES,
    THRESHOLDS,
)
from questionnaires.exchange.workbook_reading import Errors, Row, read_rows
from questionnaires.exchange.yaml_text import questionnaire_yaml
from questionnaires.source_files import SourceError, parse_questionnaire

Thing = TypeVar("Thing")
Rows = Mapping[str, list[Row]]


def read_workbook(data: bytes, file: str) -> engine.Questionnaire:
    """The version that the workbook holds, exactly as it was written. NotRead, with every mistake and its cell."""
    errors = Errors()
    rows = read_rows(data, file, errors)
    _same_names(rows, errors)
    errors.stop(file)
    content = _questionnaire(rows)
    try:
        # What a cell alone does not show: a choice question without choices, a text where none belongs.
        parse_questionnaire(questionnaire_yaml(content), file)
    except SourceError as error:
        raise NotRead(*(_told(content, problem.path, problem.reason, file) for problem in error.problems)) from error
    return content


def _told(content: engine.Questionnaire, path: str, reason: str, file: str) -> str:
    """A problem of the schema, by the name of what it is about: « themes/0/questions/2/choices »."""
    steps = path.split("/")
    if steps[0] == "themes" and len(steps) > 1:
        theme = content.themes[int(steps[1])]
        key = theme.questions[int(steps[3])].key if len(steps) > 3 and theme.questions else theme.code
        return f"{file}, {key} : {reason}"
    return f"{file} : {reason}"


def _same_names(rows: Rows, errors: Errors) -> None:
    """Names that are given twice, or that nothing has."""
    if len(rows[QUESTIONNAIRE.title]) != 1:
        errors.add(f"feuille « {QUESTIONNAIRE.title} »", _("une ligne, et une seule, dit ce qu’est le questionnaire."))
    parts = _named(rows[PARTS.title], "code", errors)
    themes = _named(rows[THEMES.title], "code", errors)
    keys = _named(rows[QUESTIONS.title], "key", errors)
    numbers = _named(rows[OUTCOMES_SHEET.title], "number", errors)
    moves = _named(rows[MOVES.title], "number", errors)
    if rows[MOVES.title] and len(rows[MIGRATION.title]) != 1:
        errors.add(f"feuille « {MIGRATION.title} »", _("une ligne, et une seule, dit quelle version précède."))
    for title, code, known in (
        (THEMES.title, "part", parts),
        (QUESTIONS.title, "theme", themes),
        (CHOICES.title, "question", keys),
        (THRESHOLDS.title, "question", keys),
        (STEPS.title, "outcome", numbers),
        (MOVED_CHOICES.title, "move", moves),
    ):
        for row in rows[title]:
            if code in row.fields and row.fields[code] not in known:
                reason = _("« %(name)s » n’existe pas dans la feuille où il est défini.")
                errors.add(row.place(code), reason % {"name": row.fields[code]})


def _named(rows: list[Row], code: str, errors: Errors) -> set[Any]:
    names: set[Any] = set()
    for row in rows:
        if code in row.fields and row.fields[code] in names:
            errors.add(row.place(code), _("« %(name)s » est déjà pris plus haut.") % {"name": row.fields[code]})
        names.add(row.fields.get(code))
    return names


def _questionnaire(rows: Rows) -> engine.Questionnaire:
    choices = _by(rows[CHOICES.title], "question")
    thresholds = _by(rows[THRESHOLDS.title], "question")
    steps = _by(rows[STEPS.title], "outcome")
    questions: dict[Any, list[engine.Question]] = defaultdict(list)
    for row in rows[QUESTIONS.title]:
        questions[row.fields["theme"]].append(_question(row.fields, choices, thresholds))
    (head,) = rows[QUESTIONNAIRE.title]
    return engine.Questionnaire(
        **{**head.fields, "kind": engine.Kind(head.fields["kind"])},
        parts=tuple(engine.Part(**row.fields) for row in rows[PARTS.title]),
        themes=tuple(
            engine.Theme(**row.fields, questions=tuple(questions[row.fields["code"]])) for row in rows[THEMES.title]
        ),
        outcomes=tuple(
            engine.Outcome(
                **_without(row.fields, "number"),
                next_steps=tuple(step["text"] for step in steps[row.fields["number"]]),
            )
            for row in rows[OUTCOMES_SHEET.title]
        ),
        migration=_migration(rows),
    )


def _migration(rows: Rows) -> engine.Migration | None:
    choices = _by(rows[MOVED_CHOICES.title], "move")
    for head in rows[MIGRATION.title]:
        return engine.Migration(
            **head.fields,
            moves=tuple(_move(row.fields, choices[row.fields["number"]]) for row in rows[MOVES.title]),
        )
    return None


def _move(fields: Mapping[str, Any], choices: list[Mapping[str, Any]]) -> engine.Move:
    told = {"sources": (), **_without(fields, "number")}
    told["operation"] = engine.Operation(told["operation"])
    moved = (engine.ChoiceMove(**{"new": None, **_without(choice, "move")}) for choice in choices)
    return engine.Move(**told, choices=tuple(moved))


def _question(
    fields: Mapping[str, Any],
    choices: Mapping[Any, list[Mapping[str, Any]]],
    thresholds: Mapping[Any, list[Mapping[str, Any]]],
) -> engine.Question:
    told = _without(fields, "theme")
    told["type"], told["level"] = engine.QuestionType(told["type"]), engine.Level(told["level"])
    if "scoring" in told:
        told["scoring"] = engine.Scoring(told["scoring"])
    return engine.Question(
        **told,
        choices=tuple(_choice(choice) for choice in choices[told["key"]]),
        thresholds=tuple(_threshold(step) for step in thresholds[told["key"]]),
    )


def _choice(fields: Mapping[str, Any]) -> engine.Choice:
    rule = engine.ChoiceRule(fields.get("rule", engine.ChoiceRule.FREE))
    return engine.Choice(**{**_without(fields, "question"), "rule": rule})


def _threshold(fields: Mapping[str, Any]) -> engine.Threshold:
    operator = engine.ThresholdOperator(fields["operator"])
    return engine.Threshold(**{**_without(fields, "question"), "operator": operator})


def _by(rows: list[Row], code: str) -> Mapping[Any, list[Mapping[str, Any]]]:
    found: dict[Any, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row.fields[code]].append(row.fields)
    return found


def _without(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {code: value for code, value in fields.items() if code != name}
