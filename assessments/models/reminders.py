"""The reminders that were sent, so that each is sent once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.reviews import Round


class Reminder(models.Model):
    """One reminder about one round: before or after the date by which somebody should act."""

    class Kind(models.TextChoices):
        REVIEW_SOON = "review_soon", _("examen bientôt attendu")
        REVIEW_LATE = "review_late", _("examen en retard")
        ANSWER_SOON = "answer_soon", _("réponse bientôt attendue")
        ANSWER_LATE = "answer_late", _("réponse en retard")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(_("rappel"), max_length=11, choices=Kind)
    sent_at = models.DateTimeField(_("envoyé le"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("rappel")
        verbose_name_plural = _("rappels")
        constraints = [
            models.UniqueConstraint(name="assessments_reminder_once", fields=["round", "kind"]),
            models.CheckConstraint(
                name="assessments_reminder_kind_known",
                condition=Q(kind__in=["review_soon", "review_late", "answer_soon", "answer_late"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.kind}"
