"""The meeting point: a product under a programme, answered, proved, submitted and reviewed."""

from assessments.models.answers import Answer, AnswerRevision, Attachment
from assessments.models.diagnostics import Diagnostic, DiagnosticAnswer
from assessments.models.dossiers import Assessment, Dossier, DossierNumber, Programme
from assessments.models.reviews import Review, Round, Verdict
from assessments.models.submissions import Submission, SubmissionEvidence, SubmissionItem

__all__ = [
    "Answer",
    "AnswerRevision",
    "Assessment",
    "Attachment",
    "Diagnostic",
    "DiagnosticAnswer",
    "Dossier",
    "DossierNumber",
    "Programme",
    "Review",
    "Round",
    "Submission",
    "SubmissionEvidence",
    "SubmissionItem",
    "Verdict",
]
