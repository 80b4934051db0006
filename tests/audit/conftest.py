"""What the tests of the trail and of its guards share."""

import pytest
from django.db import models

from assessments.models import AnswerRevision, Reply, Submission, SubmissionEvidence, SubmissionItem
from assessments.operations.reviews import send_back
from audit.models import Event
from questionnaires.queries import published
from results.models import Result
from results.operations import close_review
from tests.assessments.filled import examine, submit_again, submitted_dossier

# The tables that only grow, each with a field whose change would rewrite history.
APPEND_ONLY: dict[type[models.Model], str] = {
    Event: "verb",
    AnswerRevision: "comment",
    Reply: "text",
    Submission: "acknowledged_gaps",
    SubmissionItem: "revision_id",
    SubmissionEvidence: "document_version_id",
    Result: "content",
}


@pytest.fixture
def history(reviewer, review_lead):
    """At least one row in each table that only grows."""
    dossier = submitted_dossier(answers={"SEC-EXP-04": "non"})
    sent = examine(dossier, by=reviewer, refused=["SEC-GOV-02"])
    send_back(round=sent, definition=published(dossier.edition).definition, by=reviewer)
    dossier.refresh_from_db()
    submit_again(dossier, by=dossier.created_by)
    examine(dossier, by=reviewer)
    close_review(review=dossier.review, outcome="not_met", conclusion="Écarts.", by=review_lead)
    assert all(kind._default_manager.exists() for kind in APPEND_ONLY)
