"""The meeting point: a product under a programme, answered, proved, submitted and reviewed."""

from assessments.models.agenda import AgendaEntry
from assessments.models.answers import Answer, AnswerRevision, Attachment
from assessments.models.diagnostics import Diagnostic, DiagnosticAnswer
from assessments.models.dossiers import Assessment, Consultation, Dossier, DossierNumber, Programme
from assessments.models.drafts import Draft
from assessments.models.editions import EditionChange, EditionNotice
from assessments.models.impact import ImpactBlocker, ImpactLine, ImpactScore, ImpactStudy
from assessments.models.imports import Import
from assessments.models.notes import ReviewNote
from assessments.models.origins import AnswerOrigin, MergedOrigin
from assessments.models.packs import EvidencePack
from assessments.models.reminders import Reminder
from assessments.models.replies import Reply
from assessments.models.reviews import Assignment, Recusal, Review, Round, Verdict
from assessments.models.second_readings import SecondOpinion
from assessments.models.submissions import Submission, SubmissionEvidence, SubmissionItem
from assessments.models.teamwork import Attribution, Mention, TeamComment
from assessments.models.visits import Visit

__all__ = [
    "AgendaEntry",
    "Answer",
    "AnswerOrigin",
    "AnswerRevision",
    "Assessment",
    "Assignment",
    "Attachment",
    "Attribution",
    "Consultation",
    "Diagnostic",
    "DiagnosticAnswer",
    "Dossier",
    "DossierNumber",
    "Draft",
    "EditionChange",
    "EditionNotice",
    "EvidencePack",
    "ImpactBlocker",
    "ImpactLine",
    "ImpactScore",
    "ImpactStudy",
    "Import",
    "Mention",
    "MergedOrigin",
    "Programme",
    "Recusal",
    "Reminder",
    "Reply",
    "Review",
    "ReviewNote",
    "Round",
    "SecondOpinion",
    "Submission",
    "SubmissionEvidence",
    "SubmissionItem",
    "TeamComment",
    "Verdict",
    "Visit",
]
