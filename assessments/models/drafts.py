"""What somebody typed for a question and that is no answer yet."""

from django.conf import settings
from django.db import models

from assessments.models.dossiers import Dossier
from questionnaires.models import Question


class Draft(models.Model):
    """The last words of one person for one question, kept exactly as typed until they save it or give it up.

    Nobody else sees it, and it counts for nothing.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="drafts")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The fields of the question's form, each with the texts that it held: {"value": ["douze"], "comment": [""]}.
    typed = models.JSONField()
    # The revision that the person wrote it from. When the answer has another one by now, somebody answered since, and
    # the two are in conflict until the person chooses.
    base_revision = models.PositiveIntegerField()
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="assessments_draft_one_per_author", fields=["dossier", "question", "author"])
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} · {self.question_id} · {self.author_id}"
