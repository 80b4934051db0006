"""Run the diagnostic, and let its author keep it."""

import uuid
from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from assessments.models import Diagnostic, DiagnosticAnswer
from audit.operations import record
from questionnaires import engine
from questionnaires.models import Choice, Outcome
from questionnaires.queries import PublishedDiagnostic


class Inconclusive(Exception):
    """The answers lead to no conclusion: one is missing, or the conclusions leave a gap."""


@transaction.atomic
def run_diagnostic(*, published: PublishedDiagnostic, answers: Mapping[str, str], by: User | None = None) -> Diagnostic:
    """Store one run and its conclusion. `answers`: choice values by question key.

    Nothing that could tell who answered is stored, unless they are signed in (`by`).
    Raises Inconclusive, and engine.InvalidInput on an unknown question or choice.
    """
    conclusion = engine.diagnose(published.compiled, answers)
    if conclusion is None:
        raise Inconclusive
    # The first of its condition is the one the engine told.
    outcome = Outcome.objects.filter(version_id=published.version_id, condition=conclusion.when).earliest("position")
    diagnostic = Diagnostic.objects.create(outcome=outcome, user=by)
    choices = Choice.objects.filter(
        question__theme__version_id=published.version_id, question__key__in=answers
    ).select_related("question")
    DiagnosticAnswer.objects.bulk_create(
        DiagnosticAnswer(diagnostic=diagnostic, question=choice.question, choice=choice)
        for choice in choices
        if answers[choice.question.key] == choice.value
    )
    return diagnostic


@transaction.atomic
def claim_diagnostic(token: uuid.UUID, user: User) -> bool:
    """Give an anonymous diagnostic to the person who opened an account from it. True when it is theirs.

    The first to claim it keeps it: a shared link hands over nothing that belongs to somebody.
    """
    diagnostic = Diagnostic.objects.select_for_update(of=("self",)).filter(token=token).first()
    if diagnostic is None or diagnostic.user_id not in (None, user.pk):
        return False
    if diagnostic.user_id is None:
        diagnostic.user = user
        diagnostic.save(update_fields=["user"])
        record("diagnostic.claimed", diagnostic, by=user)
    return True
