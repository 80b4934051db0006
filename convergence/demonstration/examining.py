"""Submit a dossier and examine it as its story says, verdict by verdict, through the operations."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from accounts.models import User
from assessments.answer_states import working_copy
from assessments.models import Dossier, Round, SubmissionItem, Verdict
from assessments.operations.answers import Entry, save_answer
from assessments.operations.reviews import give_verdict, send_back, unexamined
from assessments.operations.submissions import submit
from convergence.demonstration.stories import Examination
from questionnaires.queries import published
from results.operations import close_review


def hand_over(dossier: Dossier, *, by: User) -> None:
    """Submit, knowing and accepting every gap."""
    gaps = working_copy(dossier).evaluate(timezone.localdate()).unmet
    submit(dossier=dossier, by=by, acknowledged=frozenset(gaps))


def examine(dossier: Dossier, examination: Examination, *, by: User, lead: User) -> None:
    """Give the verdicts, then send the round back or have the lead close the review, whichever the story says."""
    round = Round.objects.select_related("review", "submission").get(review__dossier=dossier)
    definition = published(dossier.edition).definition
    items = unexamined(round, definition)
    if examination.examined == "half":
        items = items[: len(items) // 2]
    for item in items:
        give_verdict(round=round, item=item, by=by, **_verdict(item, examination))
    if examination.outcome:
        close_review(review=round.review, outcome=examination.outcome, conclusion=examination.conclusion, by=lead)
    elif examination.message:
        send_back(round=round, definition=definition, by=by, message=examination.message)


def _verdict(item: SubmissionItem, examination: Examination) -> dict[str, Any]:
    key = item.question.key
    if refusal := examination.refused.get(key):
        return {"decision": Verdict.Decision.REFUSED, **refusal}
    if question := examination.questions.get(key):
        return {"decision": Verdict.Decision.QUESTION, "text": question}
    return {"decision": Verdict.Decision.ACCEPTED}


def begin_corrections(
    dossier: Dossier, corrected: Mapping[str, Mapping[str, str]], members: Mapping[str, User]
) -> None:
    """Write what the team has answered to the reviewers so far, not submitted yet."""
    for key, remark in corrected.items():
        state = working_copy(dossier).state(key)
        entry = Entry(
            value=state.value, not_applicable=state.not_applicable, reason=state.reason, comment=remark["text"]
        )
        save_answer(dossier=dossier, key=key, entry=entry, base_revision=state.revision, by=members[remark["by"]])
