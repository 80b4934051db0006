"""What must hold, beyond compiling, before an edition is published; and what deserves a second look."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from questionnaires.engine.checking import Problem, check_content
from questionnaires.engine.compilation import Definition, DefinitionErrors, compile_edition, sources
from questionnaires.engine.definitions import Edition, Kind, Level, Question, Questionnaire, QuestionType
from questionnaires.engine.reaching import TooLong, witness_for
from questionnaires.engine.satisfying import asked_score, satisfying_answers
from questionnaires.engine.scales import uncovered, unreached
from questionnaires.engine.succession import check_succession

# What nobody can answer well without: in the order of the form that edits a question.
WORDS = {
    "reference": "la référence juridique",
    "accepted_example": "un exemple accepté",
    "refused_example": "un exemple refusé",
}
# Any day does: an answer of today satisfies a date, or none does.
SOME_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """`errors` forbid the publication; `warnings` do not. Both in the order of the screen."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def examine(edition: Edition, predecessors: Mapping[str, Questionnaire]) -> Findings:
    """Everything that can be said of an edition before it is published, at once.

    `predecessors` are what is published of its questionnaires, by « SEC@2026.1 », in the order of their publication.
    """
    errors, warnings = list[Problem](), list[Problem]()
    # What does not hold by itself cannot be asked what it scores.
    broken = {problem.where for problem in check_content(edition)}
    for questionnaire in edition.questionnaires:
        for question in questionnaire.questions():
            if question.key not in broken:
                errors += [Problem(where=question.key, reason=reason) for reason in _errors_of(question)]
            if questionnaire.kind is Kind.EVALUATION:
                (errors if question.level is Level.MANDATORY else warnings).extend(_missing_words(question))
                warnings += _doubts_of(question)
    try:
        definition = compile_edition(edition)
    except DefinitionErrors as error:
        errors += error.problems
    else:
        _examine_conditions(definition, errors, warnings)
    succession = check_succession(edition, predecessors)
    errors += succession.errors
    warnings += succession.warnings
    return Findings(errors=_in_order(edition, errors), warnings=_in_order(edition, warnings))


def _errors_of(question: Question) -> Iterator[str]:
    if question.type is QuestionType.NUMBER:
        for place in unreached(question):
            yield f"le seuil n° {place + 1} ne peut jamais être atteint"
        number = uncovered(question)
        if number is not None:
            yield f"aucun seuil ne couvre {number:f} : ajoutez-en un, ou terminez par « sinon »"
    if question.scored and question.type is not QuestionType.FILE and not satisfying_answers(question, SOME_DAY):
        yield f"aucune réponse n’atteint le score attendu, {asked_score(question):f}"


def _missing_words(question: Question) -> Iterator[Problem]:
    missing = [french for name, french in WORDS.items() if not getattr(question, name).strip()]
    if missing:
        yield Problem(where=question.key, reason=f"il manque {', '.join(missing)}")


def _doubts_of(question: Question) -> Iterator[Problem]:
    if question.reference_confidence not in {"", "high"}:
        yield Problem(where=question.key, reason="la référence juridique est à vérifier")
    if not question.answered_by:
        yield Problem(where=question.key, reason="rien ne dit qui répond d’habitude")


def _examine_conditions(definition: Definition, errors: list[Problem], warnings: list[Problem]) -> None:
    known: dict[int, str] = {}
    for key, condition in definition.conditions.items():
        # Questions that share a condition share its tree.
        if id(condition) not in known:
            known[id(condition)] = _reach(definition, key)
        if known[id(condition)] == "never":
            errors.append(Problem(where=key, reason="sa condition ne peut jamais être vraie : personne ne la verra"))
        elif known[id(condition)] == "unknown":
            warnings.append(Problem(where=key, reason="condition trop longue pour prouver que quelqu’un la verra"))
    warnings += _unread(definition)


def _reach(definition: Definition, key: str) -> str:
    try:
        return "never" if witness_for(definition, key) is None else "sometimes"
    except TooLong:
        return "unknown"


def _unread(definition: Definition) -> Iterator[Problem]:
    nodes = (*definition.conditions.values(), *definition.flag_conditions.values())
    read = {name for node in nodes for name in sources(node)}
    for name in definition.flags:
        if name not in read:
            yield Problem(where=f"drapeau {name}", reason="aucune condition ne le lit")


def _in_order(edition: Edition, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """As they come on the screen; what is about no question first."""
    places = {question.key: place for place, question in enumerate(_questions(edition))}
    return tuple(sorted(dict.fromkeys(problems), key=lambda each: places.get(each.where, -1)))


def _questions(edition: Edition) -> Iterator[Question]:
    for questionnaire in edition.questionnaires:
        yield from questionnaire.questions()
