"""Definitions as the fields that our YAML files hold, in the order in which they hold them; what is not given is left
out. A field added to the definitions is added here, and to the reading in `source_files`."""

from decimal import Decimal
from typing import Any

from questionnaires import engine
from questionnaires.engine import QuestionType, Scoring, ThresholdOperator

Fields = dict[str, Any]

# The lists whose items are blocks of their own, and the field that tells one item from another.
IDENTITIES = {"parts": "code", "themes": "code", "questions": "key", "outcomes": "when", "flags": "name"}

_NO_QUESTION = engine.Question(key="", type=QuestionType.TEXT)


def questionnaire_fields(content: engine.Questionnaire) -> Fields:
    """One version of a questionnaire."""
    return {
        "schema": "convergence/questionnaire@1",
        "questionnaire": content.code,
        "kind": content.kind.value,
        "version": content.version,
        "slug": content.slug,
        "title": content.title,
        **_given(description=content.description),
        **_given(parts=[_part(part) for part in content.parts]),
        "themes": [_theme(theme) for theme in content.themes],
        **_given(outcomes=[_outcome(outcome) for outcome in content.outcomes]),
        **_given(migration=content.migration and _migration(content.migration)),
    }


def edition_fields(content: engine.Edition) -> Fields:
    """An edition; its versions are named."""
    return {
        "schema": "convergence/edition@1",
        "edition": content.code,
        "title": content.title,
        **_given(disclaimer=content.disclaimer),
        **_given(effective_on=content.effective_on and content.effective_on.isoformat()),
        "questionnaires": [f"{each.code}@{each.version}" for each in content.questionnaires],
        "flags": [{"name": flag.name, "meaning": flag.meaning, "condition": flag.condition} for flag in content.flags],
    }


def _part(part: engine.Part) -> Fields:
    return {"code": part.code, "slug": part.slug, "title": part.title, **_given(description=part.description)}


def _theme(theme: engine.Theme) -> Fields:
    return {
        "code": theme.code,
        "slug": theme.slug,
        # None is no part; a part without a name is a mistake, and stays one.
        **({} if theme.part is None else {"part": theme.part}),
        "title": theme.title,
        **_given(description=theme.description),
        "questions": [_question(question) for question in theme.questions],
    }


def _outcome(outcome: engine.Outcome) -> Fields:
    return {
        "outcome": outcome.outcome,
        "when": outcome.when,
        "title": outcome.title,
        "reason": outcome.reason,
        "next_steps": list(outcome.next_steps),
    }


def _question(asked: engine.Question) -> Fields:
    several = asked.type is QuestionType.MULTIPLE_CHOICE
    return {
        "key": asked.key,
        "type": asked.type.value,
        "title": asked.title,
        "wording": asked.wording,
        **_texts(asked, "asked why help accepted_example refused_example evidence answered_by"),
        **_given(minutes=asked.minutes),
        "level": asked.level.value,
        "scored": asked.scored,
        "weight": asked.weight,
        **({} if asked.pass_score is None else {"pass_score": asked.pass_score}),
        "applies_when": asked.applies_when,
        "not_applicable": "allowed" if asked.allows_not_applicable else "refused",
        **({"scoring": asked.scoring.value} if several or asked.scoring is not Scoring.SUM else {}),
        **_given(rule=_rule(asked)),
        **_given(choices=[_choice(choice) for choice in asked.choices]),
        **_texts(asked, "reference reference_confidence verification source tier editor_note"),
    }


def _rule(asked: engine.Question) -> Fields:
    """What makes an answer acceptable. The scores of a date are written beside the rules that they go with, even when
    they go without saying."""
    told = {
        **_given(unit=asked.unit),
        **_numbers(min=asked.minimum, max=asked.maximum),
        **_given(thresholds=[_threshold(threshold) for threshold in asked.thresholds]),
        **_given(not_after_today=asked.not_after_today, not_before_today=asked.not_before_today),
        **_numbers(max_age_months=asked.max_age_months),
        **_numbers(min_length=asked.min_length, max_length=asked.max_length),
        **_given(formats=list(asked.formats)),
        **_numbers(min_files=asked.min_files, max_files=asked.max_files),
    }
    dated = asked.type is QuestionType.DATE and asked.scored and bool(told)
    if dated or asked.score_ok != _NO_QUESTION.score_ok:
        told["score_ok"] = asked.score_ok
    if (dated and told.keys() & {"max_age_months", "not_before_today"}) or asked.score_old != _NO_QUESTION.score_old:
        told["score_old"] = asked.score_old
    return told


def _choice(choice: engine.Choice) -> Fields:
    rule = {} if choice.rule is engine.ChoiceRule.FREE else {"rule": choice.rule.value}
    return {"value": choice.value, "label": choice.label, **_numbers(score=choice.score), **rule}


def _threshold(step: engine.Threshold) -> Fields:
    bound: Any = step.low
    if step.operator is ThresholdOperator.BETWEEN:
        bound = [step.low, step.high]
    elif step.operator is ThresholdOperator.OTHERWISE:
        bound = True
    return {step.operator.value: bound, "score": step.score}


def _migration(migration: engine.Migration) -> Fields:
    """One line for the neighbours that are kept, as our files write them."""
    lines: list[Fields] = []
    for move in migration.moves:
        if _is_simply_kept(move) and lines and "to" not in lines[-1] and "keep" in lines[-1]:
            lines[-1]["keep"].append(move.sources[0])
        elif _is_simply_kept(move):
            lines.append({"keep": [move.sources[0]]})
        else:
            lines.append(_move(move))
    return {"from": migration.from_version, "grace_days": migration.grace_days, "map": lines}


def _is_simply_kept(move: engine.Move) -> bool:
    return move.operation is engine.Operation.KEEP and move.sources == move.targets and not (move.choices or move.why)


def _move(move: engine.Move) -> Fields:
    """`to` goes without saying where a question keeps its key."""
    moved = move.operation is not engine.Operation.DROP and move.targets != move.sources
    chosen: dict[str, dict[str, str | None]] = {}
    for each in move.choices:
        chosen.setdefault(each.target if len(move.targets) > 1 else each.source, {})[each.old] = each.new
    return {
        move.operation.value: _one_or_more(move.sources),
        **_given(to=_one_or_more(move.targets) if moved else None, choices=chosen, why=move.why),
    }


def _one_or_more(keys: tuple[str, ...]) -> str | list[str]:
    return keys[0] if len(keys) == 1 else list(keys)


def _texts(source: object, names: str) -> Fields:
    return _given(**{name: getattr(source, name) for name in names.split()})


def _given(**fields: Any) -> Fields:
    return {name: value for name, value in fields.items() if value}


def _numbers(**fields: Decimal | int | None) -> Fields:
    """Zero is a number that was given."""
    return {name: value for name, value in fields.items() if value is not None}
