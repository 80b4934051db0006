"""One requirement in plain French: who must answer it, how it is scored, what became of it from edition to edition."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questionnaires import engine
from questionnaires.french import CONFIDENCES, ROLES, fraction, threshold_in_words, value_in_words
from questionnaires.library import Entry, Library
from ui.formats import number_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRead:
    """A flag that a condition reads: what it means, and when it is raised."""

    meaning: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRead:
    """One choice: what it says, its score and its rule, blank where it has none."""

    label: str
    score: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the page of a requirement says beside the texts of the question. `when` is blank where everybody answers."""

    when: str
    flags: tuple[FlagRead, ...]
    answered_by: str
    answer_type: str
    limits: tuple[str, ...]
    scoring: tuple[str, ...]
    choices: tuple[ChoiceRead, ...]
    confidence: str


def reading_of(entry: Entry, definition: engine.Definition) -> Reading:
    """Everything that takes a sentence."""
    question = entry.question
    return Reading(
        when=when_in_french(question, definition),
        flags=tuple(
            FlagRead(
                meaning=definition.flags[name].meaning or name,
                when=definition.flag_conditions[name].french,
            )
            for name in entry.flags
        ),
        answered_by=str(ROLES.get(question.answered_by, question.answered_by)),
        answer_type=value_in_words("type", question.type),
        limits=tuple(_limits(question)),
        scoring=tuple(_scoring(entry)),
        choices=tuple(_choice(each, question) for each in question.choices),
        confidence=str(CONFIDENCES.get(question.reference_confidence, "")),
    )


def _choice(choice: engine.Choice, question: engine.Question) -> ChoiceRead:
    score = choice.score
    if score is None and question.type is engine.QuestionType.YES_NO:
        score = Decimal(choice.value == "oui")  # rule 1: what the engine gives where no fraction is
    is_free = choice.rule is engine.ChoiceRule.FREE
    return ChoiceRead(
        label=choice.label or choice.value,
        score=fraction(score) if score is not None and question.scored else "",
        rule="" if is_free else value_in_words("rule", choice.rule),
    )


def when_in_french(question: engine.Question, definition: engine.Definition) -> str:
    """« le service comporte une fonction d’intelligence artificielle »; blank where every service answers."""
    return "" if question.applies_when.strip() == "always" else definition.conditions[question.key].french


def _limits(question: engine.Question) -> Iterator[str]:
    bounds = {"low": question.minimum, "high": question.maximum}
    said = {name: number_in_words(bound, question.unit) for name, bound in bounds.items() if bound is not None}
    if len(said) == 2:
        yield _("De %(low)s à %(high)s.") % said
    elif "low" in said:
        yield _("Au moins %(low)s.") % said
    elif "high" in said:
        yield _("Au plus %(high)s.") % said
    yield from _lengths(question)
    if question.not_after_today:
        yield _("La date ne peut pas être à venir.")
    if question.not_before_today:
        yield _("La date ne peut pas être passée.")
    yield from _files(question)


def _lengths(question: engine.Question) -> Iterator[str]:
    if question.min_length:
        yield ngettext("Au moins %d caractère.", "Au moins %d caractères.", question.min_length) % question.min_length
    if question.max_length:
        yield ngettext("Au plus %d caractère.", "Au plus %d caractères.", question.max_length) % question.max_length


def _files(question: engine.Question) -> Iterator[str]:
    if question.formats:
        yield _("Formats acceptés : %s.") % ", ".join(question.formats)
    if question.min_files and question.min_files > 1:
        yield _("Au moins %d fichiers.") % question.min_files
    if question.max_files:
        yield ngettext("Au plus %d fichier.", "Au plus %d fichiers.", question.max_files) % question.max_files


def _scoring(entry: Entry) -> Iterator[str]:
    question = entry.question
    if not question.scored:
        yield _("Cette question n’est pas notée.")
        return
    yield from _HOW[question.type](question)
    if question.pass_score is not None and question.pass_score < 1:
        yield _("L’exigence est satisfaite à partir de %s.") % fraction(question.pass_score)
    else:
        yield _("L’exigence est satisfaite avec le score entier.")
    whole = sum((each.weight for each in entry.theme.questions if each.scored), Decimal(0))
    yield _("Elle pèse %(weight)s sur %(whole)s dans le score de son thème, quand tout le thème s’applique.") % {
        "weight": number_in_words(question.weight),
        "whole": number_in_words(whole),
    }


def _one_choice(question: engine.Question) -> Iterator[str]:
    yield _("Le choix fait donne le score indiqué en face de lui.")


def _several_choices(question: engine.Question) -> Iterator[str]:
    yield {
        engine.Scoring.SUM: _("Les scores des choix cochés s’additionnent, jusqu’au score entier."),
        engine.Scoring.MAX: _("Le meilleur des choix cochés donne le score."),
        engine.Scoring.MIN: _("Le moins bon des choix cochés donne le score."),
        engine.Scoring.RULES_ONLY: _("Le score est entier quand les choix cochés respectent la règle."),
    }[question.scoring]
    rules = {choice.rule for choice in question.choices}
    if engine.ChoiceRule.REQUIRED in rules:
        yield _("Un choix indispensable qui n’est pas coché rend le score nul.")
    if engine.ChoiceRule.REQUIRED_ANY in rules:
        yield _("Sans aucun des choix dont un au moins est attendu, le score est nul.")
    if engine.ChoiceRule.FORBIDDEN in rules:
        yield _("Un choix rédhibitoire qui est coché rend le score nul.")


def _number(question: engine.Question) -> Iterator[str]:
    if not question.thresholds:
        yield _("Tout nombre dans les limites donne le score entier.")
        return
    steps = " ; ".join(threshold_in_words(each, question.unit) for each in question.thresholds)
    yield _("Le premier palier atteint donne le score : %s.") % steps


def _date(question: engine.Question) -> Iterator[str]:
    if question.max_age_months is None:
        yield _("Une date valable donne %s.") % fraction(question.score_ok)
        return
    yield _("Une date de moins de %(months)d mois donne %(ok)s, une date plus ancienne %(old)s.") % {
        "months": question.max_age_months,
        "ok": fraction(question.score_ok),
        "old": fraction(question.score_old),
    }


def _text(question: engine.Question) -> Iterator[str]:
    yield _("Un texte de la longueur attendue donne le score entier.")


def _file(question: engine.Question) -> Iterator[str]:
    yield _("Un fichier joint donne le score entier.")


_HOW: Mapping[engine.QuestionType, Callable[[engine.Question], Iterator[str]]] = {
    engine.QuestionType.YES_NO: _one_choice,
    engine.QuestionType.SINGLE_CHOICE: _one_choice,
    engine.QuestionType.MULTIPLE_CHOICE: _several_choices,
    engine.QuestionType.NUMBER: _number,
    engine.QuestionType.DATE: _date,
    engine.QuestionType.TEXT: _text,
    engine.QuestionType.FILE: _file,
}


def changes_between(key: str, before: Library, after: Library) -> engine.Difference[engine.Question] | None:
    """What a requirement says otherwise in another edition; None when it is not in one of both."""
    then, now = before.entries.get(key), after.entries.get(key)
    if then is None or now is None:
        return None
    names = tuple(
        engine.names_of(*each.definition.edition.questionnaires, flags=each.definition.edition.flags)
        for each in (before, after)
    )
    return engine.compare_questions(then.question, now.question, names)
