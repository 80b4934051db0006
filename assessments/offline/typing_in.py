"""From what somebody wrote in a cell, or in JSON, to what is stored: by the very form of the question's page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from assessments.forms.answers import AnswerForm
from assessments.offline.proposals import FIELDS, Edit
from assessments.offline.returned import Unreadable
from questionnaires import engine
from questionnaires.engine import QuestionType

# Of what could not be read, enough to know it again.
MAX_QUOTED = 200


@dataclass(kw_only=True)
class Row:
    """What was written for one question. `typed` holds, by field, what a browser would post; None is left empty."""

    key: str
    base: int
    places: Mapping[str, str]
    typed: dict[str, Any] = field(default_factory=dict)
    # What the form is not even asked about, by field: what was written, and why it is no answer.
    problems: dict[str, tuple[str, str]] = field(default_factory=dict)


def read_row(question: engine.Question, row: Row) -> tuple[Edit, list[Unreadable]]:
    """The fields that are answers, and those that are none. What a question does not take is left out."""
    form = AnswerForm(question, _posted(question, row))
    form.is_valid()
    for name, errors in form.errors.items():
        if name in FIELDS:
            row.problems.setdefault(str(name), (str(row.typed.get(str(name), "")), " ".join(map(str, errors))))
    fields = {
        name: getattr(_entry(form), name)
        for name in FIELDS
        if name in row.typed and name in form.fields and name not in row.problems
    }
    problems = {**row.problems, **_not_taken(question, row)}
    unreadable = [
        Unreadable(key=question.key, place=row.places.get(name, question.key), text=text[:MAX_QUOTED], problem=problem)
        for name, (text, problem) in problems.items()
    ]
    return Edit(key=question.key, base=row.base, fields=fields, places=dict(row.places)), unreadable


def _posted(question: engine.Question, row: Row) -> dict[str, Any]:
    given = {f"{question.key}-{name}": value for name, value in row.typed.items() if value not in (None, False)}
    return {**given, f"{question.key}-revision": str(row.base)}


def _entry(form: AnswerForm) -> Any:
    form.cleaned_data.setdefault("comment", "")
    return form.entry


def _not_taken(question: engine.Question, row: Row) -> dict[str, tuple[str, str]]:
    """« Oui » where no question can be declared not applicable: said, and not dropped."""
    if question.allows_not_applicable or not row.typed.get("not_applicable"):
        return {}
    return {
        "not_applicable": (
            _("oui"),
            _("Cette exigence ne peut pas être déclarée non applicable : retirez cette déclaration, et répondez."),
        )
    }


def choose(question: engine.Question, written: list[str]) -> tuple[list[str], list[str]]:
    """The values of the choices that were written, by label or by value, and what is no choice."""
    known = {_plain(choice.value): choice.value for choice in question.choices}
    known |= {_plain(choice.label): choice.value for choice in question.choices}
    found, unknown = [], []
    for each in written:
        if _plain(each) in known:
            found.append(known[_plain(each)])
        else:
            unknown.append(each)
    return found, unknown


def expected_choices(question: engine.Question) -> str:
    labels = " ; ".join(choice.label for choice in question.choices)
    if question.type is QuestionType.MULTIPLE_CHOICE:
        return _("Écrivez une ou plusieurs de ces réponses : %(labels)s.") % {"labels": labels}
    return _("Écrivez l’une de ces réponses : %(labels)s.") % {"labels": labels}


def _plain(text: str) -> str:
    """Programs change apostrophes and spaces; people, capitals."""
    return " ".join(text.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ").casefold().split())
