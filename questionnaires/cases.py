"""Cases of `manage.py evaluate`: from a JSON document to the engine's input, and from its result to JSON."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from questionnaires.engine import (
    PROGRAMMES,
    Definition,
    Evaluation,
    Facts,
    GroupResult,
    InvalidAnswer,
    InvalidInput,
    Kind,
    Question,
    QuestionType,
    Ruling,
    evaluate,
    parse_value,
    why_in_french,
)

_FIELDS = {"programme", "today", "flags", "answers", "not_applicable", "evidence", "rulings"}
_RULING_FIELDS = {"score", "evidence", "not_applicable"}


class CaseError(ValueError):
    """A document that holds no evaluable case; `problems` are French lines, each naming what is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def evaluate_document(definition: Definition, text: str, today: date) -> list[Evaluation] | Evaluation:
    """Evaluate the case, or each of the cases, of a JSON document. `today` serves where a case gives none.

    Raises CaseError with the problems of every case.
    """
    document = _read_json(text)
    if not isinstance(document, list):
        return _evaluate_case(definition, document, today)
    evaluations: list[Evaluation] = []
    problems: list[str] = []
    for position, case in enumerate(document, start=1):
        try:
            evaluations.append(_evaluate_case(definition, case, today))
        except CaseError as error:
            problems.extend(f"cas {position}, {problem}" for problem in error.problems)
    if problems:
        raise CaseError(problems)
    return evaluations


def as_json(definition: Definition, evaluation: Evaluation) -> dict[str, Any]:
    """What the command prints: evaluation questionnaires only, numbers from 0 to 1 or None."""
    evaluated = [each for each in definition.edition.questionnaires if each.kind is Kind.EVALUATION]
    keys = [question.key for each in evaluated for question in each.questions()]
    themes = [theme.code for each in evaluated for theme in each.themes]
    parts = [part.code for each in evaluated for part in each.parts]
    return {
        "questions": {key: _question_as_json(evaluation, key) for key in keys},
        "themes": {code: _group_as_json(evaluation.themes[code]) for code in themes},
        "parts": {code: _group_as_json(evaluation.parts[code]) for code in parts},
        "questionnaires": {each.code: _group_as_json(evaluation.questionnaires[each.code]) for each in evaluated},
    }


def _question_as_json(evaluation: Evaluation, key: str) -> dict[str, Any]:
    result = evaluation.questions[key]
    return {
        "state": result.state.value,
        "shown": result.shown,
        "why": why_in_french(result.why),
        "score": _as_number(result.score),
    }


def _group_as_json(group: GroupResult) -> dict[str, Any]:
    return {
        "score": _as_number(group.score),
        "completeness": _as_number(group.completeness),
        "blockers": list(group.blockers),
        "incomplete": list(group.incomplete),
    }


def _as_number(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def _read_json(text: str) -> Any:
    try:
        return json.loads(
            text, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_without_repeats
        )
    except json.JSONDecodeError as error:
        place = f"ligne {error.lineno}, colonne {error.colno}"
        raise CaseError([f"le fichier n’est pas du JSON ({place} : {error.msg})"]) from None
    except (InvalidOperation, RecursionError, ValueError) as error:
        if isinstance(error, CaseError):
            raise
        raise CaseError(["le fichier contient un nombre ou une imbrication démesurés"]) from None


def _refuse_constant(name: str) -> NoReturn:
    raise CaseError([f"{name} n’est pas un nombre"])


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise CaseError([f"{key} : cette clé est donnée deux fois"])
        found[key] = value
    return found


def _evaluate_case(definition: Definition, case: object, today: date) -> Evaluation:
    if not isinstance(case, dict):
        raise CaseError(["un cas est un objet JSON"])
    if problems := list(_shape_problems(case)) or list(_entry_problems(case)):
        raise CaseError(problems)
    problems = list(_text_for_numbers(definition, case))
    try:
        evaluation = evaluate(definition, case.get("answers", {}), _facts(case, today))
    except InvalidInput as error:
        raise CaseError([*problems, *(str(problem) for problem in error.problems)]) from None
    if problems:
        raise CaseError(problems)
    return evaluation


def _facts(case: Mapping[str, Any], today: date) -> Facts:
    return Facts(
        programme=case["programme"],
        today=date.fromisoformat(case["today"]) if "today" in case else today,
        flags=case.get("flags", {}),
        evidence=frozenset(case.get("evidence", [])),
        not_applicable=case.get("not_applicable", {}),
        rulings={key: _ruling(ruling) for key, ruling in case.get("rulings", {}).items()},
    )


def _ruling(source: Mapping[str, Any]) -> Ruling:
    return Ruling(
        score=Decimal(source["score"]) if "score" in source else None,
        evidence_refused="evidence" in source,
        not_applicable_refused="not_applicable" in source,
    )


def _shape_problems(case: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{name} : ce champ n’existe pas" for name in case if name not in _FIELDS)
    for name in ("flags", "answers", "not_applicable", "rulings"):
        if not isinstance(case.get(name, {}), dict):
            yield f"{name} : un objet JSON est attendu"
    evidence = case.get("evidence", [])
    if not isinstance(evidence, list) or not all(isinstance(key, str) for key in evidence):
        yield "evidence : une liste de clés est attendue"
    if "programme" not in case:
        yield "programme : ce champ manque"
    elif case["programme"] not in PROGRAMMES:
        yield f"programme : {' ou '.join(PROGRAMMES)} est attendu"
    if "today" in case and not _is_date(case["today"]):
        yield "today : une date AAAA-MM-JJ est attendue"


def _entry_problems(case: Mapping[str, Any]) -> Iterator[str]:
    for name, raised in case.get("flags", {}).items():
        if not isinstance(raised, bool):
            yield f"{name} : un drapeau vaut true ou false"
    for key, reason in case.get("not_applicable", {}).items():
        if not isinstance(reason, str):
            yield f"{key} : la raison du « non applicable » est un texte"
    for key, ruling in case.get("rulings", {}).items():
        yield from (f"{key} : {reason}" for reason in _ruling_problems(ruling))


def _text_for_numbers(definition: Definition, case: Mapping[str, Any]) -> Iterator[str]:
    """Storage keeps numbers as text to keep them exact; this document has numbers of its own."""
    for key, raw in case.get("answers", {}).items():
        question = definition.questions.get(key)
        if question and question.type is QuestionType.NUMBER and isinstance(raw, str) and raw.strip():
            yield f"{key} : la réponse doit être un nombre"


def _ruling_problems(ruling: object) -> Iterator[str]:
    if not isinstance(ruling, dict) or not ruling or ruling.keys() - _RULING_FIELDS:
        yield 'une décision est {"score": x}, {"evidence": "refused"} ou {"not_applicable": "refused"}'
        return
    score = ruling.get("score", 0)
    if isinstance(score, bool) or not isinstance(score, int | Decimal) or not 0 <= score <= 1:
        yield "le score d’une décision est un nombre de 0 à 1"
    for name in ("evidence", "not_applicable"):
        if ruling.get(name, "refused") != "refused":
            yield f"« {name} » d’une décision ne peut valoir que « refused »"


def _is_date(raw: object) -> bool:
    try:
        return isinstance(raw, str) and parse_value(_ANY_DAY, raw) is not None
    except InvalidAnswer:
        return False


_ANY_DAY = Question(key="today", type=QuestionType.DATE)
