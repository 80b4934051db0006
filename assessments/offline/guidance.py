"""What a row of the workbook says of its question: what is expected, and how its cell is filled."""

from django.utils.translation import gettext as _

from questionnaires import engine
from questionnaires.engine import QuestionType
from ui.formats import number_in_words


def expected_in_words(question: engine.Question) -> str:
    parts = [question.asked]
    if question.evidence:
        parts.append(_("Preuve, à joindre dans le portail : %(evidence)s") % {"evidence": question.evidence})
    return "\n".join(part for part in parts if part)


def how_in_words(question: engine.Question) -> str:
    """« Un nombre, en jours, de 0 à 365 », « Une date, par exemple 22/11/2026 » …"""
    match question.type:
        case QuestionType.YES_NO | QuestionType.SINGLE_CHOICE:
            return "\n".join([_("Une de ces réponses, à choisir dans la liste :"), *_labels(question)])
        case QuestionType.MULTIPLE_CHOICE:
            return "\n".join([_("Une ou plusieurs, séparées par « ; » ou une par ligne :"), *_labels(question)])
        case QuestionType.NUMBER:
            return _number(question)
        case QuestionType.DATE:
            return _("Une date, par exemple 22/11/2026.")
        case QuestionType.FILE:
            return _("Les fichiers se joignent dans le portail.")
    return _text(question)


def _labels(question: engine.Question) -> list[str]:
    return [f"• {choice.label}" for choice in question.choices]


def _number(question: engine.Question) -> str:
    words = _("Un nombre, en %(unit)s") % {"unit": question.unit} if question.unit else _("Un nombre")
    if question.minimum is not None and question.maximum is not None:
        bounds = {"low": number_in_words(question.minimum), "high": number_in_words(question.maximum)}
        return _("%(words)s, de %(low)s à %(high)s.") % {"words": words, **bounds}
    return f"{words}."


def _text(question: engine.Question) -> str:
    if question.min_length:
        return _("Un texte, de %(count)d caractères au moins.") % {"count": question.min_length}
    return _("Un texte.")
