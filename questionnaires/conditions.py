"""A condition as an editor writes it: whether it can be read, what it says in French, what it may be made of."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questionnaires import engine
from questionnaires.desk import Vocabulary, replace_question, vocabulary_of

# What completion writes beside names; the caret goes between the brackets, or between the quotes.
WORDS = {
    "answer()": gettext_lazy("la réponse à une question"),
    "programme == ''": gettext_lazy("la démarche du dossier"),
    "and": gettext_lazy("et"),
    "or": gettext_lazy("ou"),
    "not": gettext_lazy("non"),
    "always": gettext_lazy("toujours"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`french`: a clause, blank where the condition cannot be read. `problems`: sentences without a stop."""

    french: str = ""
    problems: tuple[str, ...] = ()


def in_french(text: str, vocabulary: Vocabulary) -> str:
    """The condition as a clause; blank where it cannot be read."""
    try:
        return engine.in_french(engine.parse(text), vocabulary)
    except engine.ConditionError:
        return ""


def read_condition(edition: engine.Edition, where: str, text: str) -> Reading:
    """What a condition says, and all that forbids it, in its edition. `where`: the key of a question, or a flag's
    name.
    """
    try:
        node = engine.parse(text)
    except engine.ConditionError as error:
        return Reading(problems=(str(error),))
    changed = _with_condition(edition, where, text)
    french = engine.in_french(node, vocabulary_of(changed))
    places = {where, f"drapeau {where}"}
    # Whether a map is missing says nothing of a condition.
    found = [each for each in engine.examine(changed, {}).errors if each.where in places]
    # What is wrong with the rest of the question is said elsewhere.
    before = {each.reason for each in engine.examine(_with_condition(edition, where, "always"), {}).errors}
    return Reading(french=french, problems=tuple(each.reason for each in found if each.reason not in before))


def _with_condition(edition: engine.Edition, where: str, text: str) -> engine.Edition:
    flags = tuple(replace(flag, condition=text) if flag.name == where else flag for flag in edition.flags)
    question = vocabulary_of(edition).questions.get(where)
    if question is not None:
        edition = replace_question(edition, replace(question, applies_when=text))
    return replace(edition, flags=flags)


def words_of(vocabulary: Vocabulary) -> dict[str, Any]:
    """What completion proposes: flags, questions that conditions may read, and the choices of each."""
    return {
        "title": _("Mots proposés"),
        "words": [{"value": word, "label": str(label)} for word, label in WORDS.items()],
        "flags": [{"value": flag.name, "label": flag.meaning} for flag in vocabulary.flags.values()],
        "questions": list(_questions(vocabulary)),
        "programmes": [
            {"value": code, "label": engine.in_french(engine.parse(f"programme == '{code}'"), vocabulary)}
            for code in engine.PROGRAMMES
        ],
    }


def _questions(vocabulary: Vocabulary) -> Iterator[dict[str, Any]]:
    for question in vocabulary.questions.values():
        if question.choices or question.type is engine.QuestionType.NUMBER:
            yield {
                "value": question.key,
                "label": question.title,
                "type": question.type.value,
                "choices": [{"value": choice.value, "label": choice.label} for choice in question.choices],
            }
