"""When each person opened a dossier, so that it can tell them what moved since."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models.dossiers import Dossier


class Visit(models.Model):
    """The last two visits of one person to one dossier. Of use to that person only: erased with their account."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="visits")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # When the present visit began.
    seen_at = models.DateTimeField(_("ouvert le"))
    # When the one before began; null: this is the first.
    previous_at = models.DateTimeField(_("visite précédente"), null=True, blank=True)

    class Meta:
        ordering = ["-seen_at", "-pk"]
        verbose_name = _("visite")
        verbose_name_plural = _("visites")
        constraints = [
            models.UniqueConstraint(name="assessments_visit_once", fields=["dossier", "user"]),
            models.CheckConstraint(
                name="assessments_visit_previous_is_before",
                condition=Q(previous_at=None) | Q(previous_at__lt=F("seen_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} · {self.user_id}"
