"""What was filed: an immutable copy that points to answer revisions and document versions."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Publisher, User
from accounts.policies import REVIEWING
from assessments.models.answers import AnswerRevision
from assessments.models.dossiers import Dossier
from audit.protection import Immutable
from evidence.models import DocumentVersion
from questionnaires.models import Question


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: User) -> "SubmissionQuerySet":
        """What was filed: to its publisher's team, and to reviewers who never were of it."""
        if REVIEWING & user.staff_roles:
            tied = Publisher.objects.tied_to(user).values("pk")
            return self.exclude(dossier__product__publisher__in=tied).exclude(dossier__review__recusals__reviewer=user)
        return self.filter(dossier__in=Dossier.objects.visible_to(user))


class Submission(models.Model):
    """One filing of a dossier. Evaluated with its own date as « today », it scores the same for ever."""

    dossier = models.ForeignKey(
        Dossier, on_delete=models.PROTECT, verbose_name=_("dossier"), related_name="submissions"
    )
    number = models.PositiveSmallIntegerField(_("numéro"))
    submitted_at = models.DateTimeField(_("soumis le"))
    # Today in Europe/Paris when it was filed.
    evaluated_on = models.DateField(_("évalué à la date du"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("soumis par"), related_name="+"
    )
    # How many unmet mandatory requirements the publisher acknowledged when filing.
    acknowledged_gaps = models.PositiveSmallIntegerField(_("écarts reconnus"), default=0)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["dossier_id", "number"]
        verbose_name = _("soumission")
        verbose_name_plural = _("soumissions")
        constraints = [
            models.UniqueConstraint(name="assessments_submission_number_unique", fields=["dossier", "number"]),
            Immutable(name="assessments_submission_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} / {self.number}"


class SubmissionItem(models.Model):
    """One answered question of a submission."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="items")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(AnswerRevision, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("réponse soumise")
        verbose_name_plural = _("réponses soumises")
        constraints = [
            models.UniqueConstraint(name="assessments_submissionitem_once", fields=["submission", "question"]),
            Immutable(name="assessments_submissionitem_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} · {self.question_id}"


class SubmissionEvidence(models.Model):
    """One file of one item, as filed."""

    item = models.ForeignKey(SubmissionItem, on_delete=models.PROTECT, related_name="evidence")
    document_version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="assessments_submissionevidence_once", fields=["item", "document_version"]),
            Immutable(name="assessments_submissionevidence_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} → {self.document_version_id}"
