"""Where an answer comes from, when it was taken up from another dossier of the same publisher."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models.answers import AnswerRevision
from audit.protection import Immutable


class OriginQuerySet(models.QuerySet["AnswerOrigin"]):
    def to_confirm(self) -> "OriginQuerySet":
        """Of answers that nobody has edited nor confirmed since they were taken up."""
        return self.filter(confirmed_at=None, revision__number=F("revision__answer__revision"))


class AnswerOrigin(models.Model):
    """A revision that repeats the one of another dossier. To be read again: what was true there may not be here."""

    revision = models.OneToOneField(
        AnswerRevision, on_delete=models.PROTECT, verbose_name=_("réponse reprise"), related_name="origin"
    )
    source = models.ForeignKey(
        AnswerRevision, on_delete=models.PROTECT, verbose_name=_("reprise de"), related_name="taken_up_as"
    )
    # Null means not yet: somebody said that it is still true, without changing it.
    confirmed_at = models.DateTimeField(_("confirmée le"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("confirmée par"),
        related_name="+",
    )

    objects = OriginQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("origine d’une réponse")
        verbose_name_plural = _("origines de réponses")
        constraints = [
            models.CheckConstraint(name="assessments_answerorigin_is_another", condition=~Q(revision=F("source"))),
            models.CheckConstraint(
                name="assessments_answerorigin_confirmation_is_whole",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
            Immutable(
                name="assessments_answerorigin_for_life",
                when={
                    "UPDATE": "OLD.confirmed_at IS NOT NULL OR OLD.revision_id <> NEW.revision_id "
                    "OR OLD.source_id <> NEW.source_id",
                    "DELETE": "TRUE",
                },
                message="an origin is confirmed once, and nothing else of it changes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} ← {self.source_id}"
