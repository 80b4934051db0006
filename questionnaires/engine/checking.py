"""What must hold before an edition can be compiled: keys, choices, weights, and what conditions cite."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from questionnaires.engine.conditions import (
    KEYWORDS,
    PROGRAMMES,
    AllOf,
    AnyOf,
    FlagRaised,
    Node,
    Not,
    NumberTest,
    ProgrammeTest,
    WordTest,
)
from questionnaires.engine.definitions import (
    Choice,
    ChoiceRule,
    Edition,
    Flag,
    Kind,
    Level,
    Question,
    Questionnaire,
    QuestionType,
    Scoring,
    Theme,
    Threshold,
    ThresholdOperator,
)

_CHOICE_TYPES = {QuestionType.YES_NO, QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE}
_ONE_CHOICE_TYPES = {QuestionType.YES_NO, QuestionType.SINGLE_CHOICE}
_TYPE_NAMES = {
    QuestionType.YES_NO: "oui/non",
    QuestionType.SINGLE_CHOICE: "choix unique",
    QuestionType.MULTIPLE_CHOICE: "choix multiple",
    QuestionType.NUMBER: "nombre",
    QuestionType.DATE: "date",
    QuestionType.TEXT: "texte",
    QuestionType.FILE: "fichier",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, and where: a key, « thème X », « drapeau y » … `reason` is in French."""

    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where} : {self.reason}"


def check_content(edition: Edition) -> Iterator[Problem]:
    """Everything but conditions: repeated names, choices, scores, weights, bounds."""
    yield from _repeated("questionnaire ", (each.code for each in edition.questionnaires))
    yield from _repeated("drapeau ", (flag.name for flag in edition.flags))
    yield from _repeated("partie ", (part.code for each in edition.questionnaires for part in each.parts))
    yield from _repeated("thème ", (theme.code for each in edition.questionnaires for theme in each.themes))
    yield from _repeated("", (question.key for each in edition.questionnaires for question in each.questions()))
    for flag in edition.flags:
        if flag.name in KEYWORDS:
            yield Problem(where=f"drapeau {flag.name}", reason="ce mot appartient au langage des conditions")
    for questionnaire in edition.questionnaires:
        yield from _check_questionnaire(questionnaire)


def check_conditions(
    nodes: Mapping[str, Node], questions: Mapping[str, Question], flags: Mapping[str, Flag], *, prefix: str = ""
) -> Iterator[Problem]:
    """What conditions cite: unknown names and choices, comparisons that make no sense for the type."""
    for name, node in nodes.items():
        for reason in _objections(node, questions, flags):
            yield Problem(where=f"{prefix}{name}", reason=reason)


def _repeated(prefix: str, names: Iterable[str]) -> Iterator[Problem]:
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(where=f"{prefix}{name}", reason=f"est défini {count} fois")


def _check_questionnaire(questionnaire: Questionnaire) -> Iterator[Problem]:
    where = f"questionnaire {questionnaire.code}"
    if questionnaire.kind is Kind.DIAGNOSTIC:
        yield Problem(where=where, reason="un diagnostic n’entre dans aucune édition")
    parts = {part.code for part in questionnaire.parts}
    for theme in questionnaire.themes:
        if theme.part is not None and theme.part not in parts:
            yield Problem(where=f"thème {theme.code}", reason=f"la partie {theme.part} n’existe pas")
        yield from _check_theme(theme)
    if questionnaire.kind is Kind.ORIENTATION:
        for question in questionnaire.questions():
            yield from _check_orientation(question)


def _check_orientation(question: Question) -> Iterator[Problem]:
    # Flags are read there: a gap would leave whole themes hidden, a score would mean nothing.
    if question.scored:
        yield Problem(where=question.key, reason="une question d’orientation n’est pas notée")
    if question.level is not Level.MANDATORY:
        yield Problem(where=question.key, reason="une question d’orientation est obligatoire")


def _check_theme(theme: Theme) -> Iterator[Problem]:
    scored = [question.weight for question in theme.questions if question.scored]
    if scored and sum(scored) == 0:
        yield Problem(where=f"thème {theme.code}", reason="les poids de ses questions notées ont une somme nulle")
    for question in theme.questions:
        yield from (Problem(where=question.key, reason=reason) for reason in _check_question(question))


def _check_question(question: Question) -> Iterator[str]:
    if question.weight <= 0:
        yield f"le poids {question.weight} n’est pas positif"
    if question.pass_score is not None and not _is_fraction(question.pass_score):
        yield f"le score attendu {question.pass_score} n’est pas entre 0 et 1"
    if question.type in _CHOICE_TYPES:
        yield from _check_choices(question)
    elif question.choices:
        yield f"une question de type {_TYPE_NAMES[question.type]} n’a pas de choix"
    yield from _check_bounds(question)
    for threshold in question.thresholds:
        yield from _check_threshold(threshold)


def _check_choices(question: Question) -> Iterator[str]:
    if not question.choices:
        yield "une question à choix n’a aucun choix"
    values = [choice.value for choice in question.choices]
    for value, count in Counter(values).items():
        if count > 1:
            yield f"le choix « {value} » est défini {count} fois"
    if question.type is QuestionType.YES_NO and set(values) != {"oui", "non"}:
        yield "une question oui/non a pour choix « oui » et « non », rien d’autre"
    for choice in question.choices:
        yield from _check_choice(question, choice)


def _check_choice(question: Question, choice: Choice) -> Iterator[str]:
    if choice.score is not None and not _is_fraction(choice.score):
        yield f"le score {choice.score} du choix « {choice.value} » n’est pas entre 0 et 1"
    is_multiple = question.type is QuestionType.MULTIPLE_CHOICE
    if choice.rule is not ChoiceRule.FREE and not is_multiple:
        yield f"le choix « {choice.value} » a une règle de choix multiple"
    needs_no_score = question.type is QuestionType.YES_NO or (is_multiple and question.scoring is Scoring.RULES_ONLY)
    if question.scored and choice.score is None and not needs_no_score:
        yield f"le choix « {choice.value} » n’a pas de score"


def _check_bounds(question: Question) -> Iterator[str]:
    pairs = (
        (question.minimum, question.maximum),
        (question.min_length, question.max_length),
        (question.min_files, question.max_files),
    )
    for low, high in pairs:
        if low is not None and high is not None and low > high:
            yield f"le minimum {low} dépasse le maximum {high}"
    if question.max_age_months is not None and question.max_age_months <= 0:
        yield "l’âge maximal en mois n’est pas positif"
    for score in (question.score_ok, question.score_old):
        if not _is_fraction(score):
            yield f"le score de date {score} n’est pas entre 0 et 1"


def _check_threshold(threshold: Threshold) -> Iterator[str]:
    operator = threshold.operator
    if not _is_fraction(threshold.score):
        yield f"le score de seuil {threshold.score} n’est pas entre 0 et 1"
    if operator is not ThresholdOperator.OTHERWISE and threshold.low is None:
        yield f"le seuil « {operator} » n’a pas de borne"
    if operator is ThresholdOperator.BETWEEN and threshold.high is None:
        yield "le seuil « between » n’a pas de borne haute"


def _is_fraction(number: Decimal) -> bool:
    return 0 <= number <= 1


def _objections(node: Node, questions: Mapping[str, Question], flags: Mapping[str, Flag]) -> Iterator[str]:
    match node:
        case FlagRaised() if node.name not in flags:
            yield f"le drapeau « {node.name} » n’existe pas"
        case ProgrammeTest():
            yield from (f"la démarche « {value} » n’existe pas" for value in node.values if value not in PROGRAMMES)
        case WordTest() | NumberTest() if node.key not in questions:
            yield f"la question {node.key} n’existe pas"
        case WordTest():
            yield from _word_objections(node, questions[node.key])
        case NumberTest():
            yield from _number_objections(node, questions[node.key])
        case Not() | AllOf() | AnyOf():
            for part in node.parts if isinstance(node, AllOf | AnyOf) else (node.part,):
                yield from _objections(part, questions, flags)


def _number_objections(node: NumberTest, question: Question) -> Iterator[str]:
    if question.type is not QuestionType.NUMBER:
        yield f"{node.key} ({_TYPE_NAMES[question.type]}) ne se compare pas à un nombre"


def _word_objections(node: WordTest, question: Question) -> Iterator[str]:
    wanted = {QuestionType.MULTIPLE_CHOICE} if node.operator == "contains" else _ONE_CHOICE_TYPES
    if question.type not in wanted:
        yield f"« {node.operator} » ne s’applique pas à {node.key} ({_TYPE_NAMES[question.type]})"
        return
    values = {choice.value for choice in question.choices}
    for value in node.values:
        if value not in values:
            yield f"« {value} » n’est pas un choix de {node.key}"
