"""The eligibility diagnostic: anonymous until its author opens an account."""

import uuid

from django.conf import settings
from django.db import models

from questionnaires.models import Choice, Outcome, Question


class Diagnostic(models.Model):
    """One run of the diagnostic, found again by its token and by nothing else."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # Null means anonymous; set when the author opens an account from the outcome.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="diagnostics"
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.token)


class DiagnosticAnswer(models.Model):
    """The choice made for one question of the diagnostic."""

    diagnostic = models.ForeignKey(Diagnostic, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    choice = models.ForeignKey(Choice, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="assessments_diagnosticanswer_once", fields=["diagnostic", "question"])
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.choice_id}"
