"""What reviewers bring before the commission, and what it answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.reviews import Review
from audit.protection import Immutable
from questionnaires.models import Question


class AgendaEntry(models.Model):
    """One item of a dossier that waits for the commission, or on which it has ruled. Reviewers read it only."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="agenda")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    asked = models.TextField(_("ce qui est demandé"))
    put_at = models.DateTimeField(_("inscrite le"))
    put_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("inscrite par"), related_name="+"
    )
    # The three below are set together by settle().
    ruling = models.TextField(_("avis de la commission"), blank=True)
    settled_at = models.DateTimeField(_("tranchée le"), null=True, blank=True)  # null: waits
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("tranchée par"),
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["put_at", "pk"]
        verbose_name = _("point à l’ordre du jour")
        verbose_name_plural = _("points à l’ordre du jour")
        constraints = [
            models.CheckConstraint(name="assessments_agendaentry_asks_something", condition=~Q(asked="")),
            models.CheckConstraint(
                name="assessments_agendaentry_settling_is_whole",
                condition=Q(ruling="", settled_at=None, settled_by=None)
                | (~Q(ruling="") & Q(settled_at__isnull=False, settled_by__isnull=False)),
            ),
            models.UniqueConstraint(
                name="assessments_agendaentry_one_open", fields=["review", "question"], condition=Q(settled_at=None)
            ),
            Immutable(
                name="assessments_agendaentry_settled_once",
                on=("UPDATE",),
                when="OLD.settled_at IS NOT NULL",
                message="what the commission ruled is never changed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} · {self.question_id}"

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None
