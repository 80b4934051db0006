"""What a team answers in words to a reviewer who refused an item or asked about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.reviews import Verdict
from audit.protection import Immutable


class Reply(models.Model):
    """Words on one verdict of a round that was sent. Reviewers read it once the dossier is submitted again."""

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField(_("réponse"))
    written_at = models.DateTimeField(_("écrite le"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("écrite par"), related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("réponse à un examinateur")
        verbose_name_plural = _("réponses aux examinateurs")
        constraints = [
            models.CheckConstraint(name="assessments_reply_says_something", condition=~Q(text="")),
            Immutable(name="assessments_reply_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict_id} ← {self.written_by_id}"
