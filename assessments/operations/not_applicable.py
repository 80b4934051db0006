"""Declare the questions of a theme not applicable, all at once and for one reason; and take it back."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from assessments import policies
from assessments.filing import Filing
from assessments.models import AnswerRevision, Dossier
from assessments.operations.answers import Entry, lock_dossier, store
from audit.operations import record
from questionnaires import engine


class NoReason(Exception):
    """An exigence is set aside for a reason, or not at all."""


@transaction.atomic
def set_aside(*, dossier: Dossier, bases: Mapping[str, int], reason: str, by: User) -> tuple[str, ...]:
    """Declare these questions not applicable; what they held is kept under it. Returns the keys that were.

    `bases` gives by key the revision that the person had before them: a question that somebody answered since is left
    as it is, like one that is not open, or takes no N/A. Raises NoReason.
    """
    if not reason.strip():
        raise NoReason
    dossier = lock_dossier(dossier)
    filing = Filing(dossier)
    may = {question.key for question in questions_to_set_aside(filing, policies.open_keys(filing))}
    done = tuple(key for key in bases if key in may and filing.working.state(key).revision == bases[key])
    # One date for all of them: it is what « annuler » goes by.
    at = timezone.now()
    for key in done:
        state = filing.working.state(key)
        entry = Entry(value=state.value, not_applicable=True, reason=reason.strip(), comment=state.comment)
        filing, _revision = store(filing, key=key, entry=entry, by=by, at=at)
    if done:
        record(
            "answers.set_aside",
            dossier,
            by=by,
            publisher=dossier.publisher_id,
            dossier=dossier.number,
            questions=list(done),
        )
    return done


def questions_to_set_aside(filing: Filing, open_keys: Iterable[str]) -> list[engine.Question]:
    """The questions that may become not applicable, in the order of the edition. Pure."""
    questions = filing.working.definition.questions
    return [
        question
        for key, question in questions.items()
        if key in open_keys and question.allows_not_applicable and not filing.working.state(key).not_applicable
    ]


def last_set_aside(filing: Filing, theme: engine.Theme, by: User) -> tuple[datetime, tuple[str, ...]] | None:
    """When this person last declared questions of the theme not applicable, and which still are as they left them.
    No query."""
    states = {question.key: filing.working.state(question.key) for question in theme.questions}
    theirs = {
        key: state.saved_at
        for key, state in states.items()
        if state.not_applicable and state.saved_at and state.saved_by_id == by.pk
    }
    if not theirs:
        return None
    at = max(theirs.values())
    return at, tuple(key for key, saved_at in theirs.items() if saved_at == at)


@transaction.atomic
def take_back(*, dossier: Dossier, theme: engine.Theme, at: datetime, by: User) -> tuple[str, ...]:
    """Give the questions that this person set aside at that moment what they held before. Returns their keys.

    What was changed since stays as it is. Taking back twice is taking back once.
    """
    dossier = lock_dossier(dossier)
    filing = Filing(dossier)
    last = last_set_aside(filing, theme, by)
    if last is None or last[0] != at:
        return ()
    open_keys = policies.open_keys(filing)
    done = tuple(key for key in last[1] if key in open_keys)
    earlier = AnswerRevision.objects.filter(
        answer__assessment__dossier=dossier,
        answer__assessment__replaced_by=None,
        answer__question__key__in=done,
        number=F("answer__revision") - 1,
    ).values_list("answer__question__key", "value", "not_applicable", "reason", "comment")
    held = {
        key: Entry(value=value, not_applicable=was, reason=reason, comment=comment)
        for key, value, was, reason, comment in earlier
    }
    now = timezone.now()
    for key in done:
        filing, _revision = store(filing, key=key, entry=held.get(key, Entry()), by=by, at=now)
    if done:
        record(
            "answers.taken_back",
            dossier,
            by=by,
            publisher=dossier.publisher_id,
            dossier=dossier.number,
            questions=list(done),
        )
    return done
