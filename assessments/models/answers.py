"""Answers: the current value, its append-only history, and the files that prove it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.dossiers import Assessment
from audit.protection import Immutable
from evidence.models import DocumentVersion
from questionnaires.models import Question


class Answer(models.Model):
    """The current answer to one question. An absent row and an empty row mean the same."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    # Typed by its question: text, list of choice values, ISO date, decimal written as text. Null is unanswered.
    value = models.JSONField(null=True, blank=True)
    not_applicable = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    comment = models.TextField(blank=True)
    # Number of the last AnswerRevision; a save names the one it was based on.
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="assessments_answer_once", fields=["assessment", "question"])]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.revision}"


class AnswerRevision(models.Model):
    """What an answer was after one save. Never changed, never deleted."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    value = models.JSONField(null=True, blank=True)
    not_applicable = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    comment = models.TextField(blank=True)
    # Null when the save named none (a form without JavaScript always names one).
    mutation_id = models.UUIDField(null=True, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["answer_id", "number"]
        constraints = [
            models.UniqueConstraint(name="assessments_answerrevision_number_unique", fields=["answer", "number"]),
            # A save that is sent twice, after a cut, is written once.
            models.UniqueConstraint(
                name="assessments_answerrevision_mutation_once",
                fields=["answer", "mutation_id"],
                condition=Q(mutation_id__isnull=False),
            ),
            Immutable(name="assessments_answerrevision_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} v{self.number}"


class Attachment(models.Model):
    """The link from one answer to one document version, kept after it is removed."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="attachments")
    document_version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="attachments")
    attached_at = models.DateTimeField(auto_now_add=True)
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Null means still attached.
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="assessments_attachment_once",
                fields=["answer", "document_version"],
                condition=Q(removed_at=None),
            ),
            models.CheckConstraint(
                name="assessments_attachment_removal_is_whole",
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} → {self.document_version_id}"
