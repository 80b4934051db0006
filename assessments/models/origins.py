"""Where an answer comes from: another dossier of the same publisher, or the same one under an earlier edition."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models.answers import AnswerRevision
from audit.protection import Immutable


class OriginQuerySet(models.QuerySet["AnswerOrigin"]):
    def to_confirm(self) -> "OriginQuerySet":
        """Of answers to be read again that nobody has edited nor confirmed since they were taken up."""
        return self.filter(to_read=True, confirmed_at=None, revision__number=F("revision__answer__revision"))


class AnswerOrigin(models.Model):
    """A revision that says again what another one said: of another dossier, or under an earlier edition.

    Where it is to be read again, what was true there may not be here.
    """

    class Kind(models.TextChoices):
        DOSSIER = "dossier", _("autre dossier")
        EDITION = "edition", _("édition précédente")

    kind = models.CharField(_("sorte"), max_length=8, choices=Kind, default=Kind.DOSSIER)
    # What an edition keeps as it is needs no reading.
    to_read = models.BooleanField(_("à relire"), default=True)
    # What the edition says of it: why it is to be read again.
    why = models.TextField(_("raison"), blank=True)
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
            models.CheckConstraint(
                name="assessments_answerorigin_kind_known", condition=Q(kind__in=["dossier", "edition"])
            ),
            models.CheckConstraint(
                name="assessments_answerorigin_of_a_dossier_is_read", condition=Q(kind="edition") | Q(to_read=True)
            ),
            Immutable(
                name="assessments_answerorigin_for_life",
                when={
                    "UPDATE": "OLD.confirmed_at IS NOT NULL OR OLD.revision_id <> NEW.revision_id "
                    "OR OLD.source_id <> NEW.source_id OR OLD.kind <> NEW.kind OR OLD.to_read <> NEW.to_read "
                    "OR OLD.why <> NEW.why",
                    "DELETE": "TRUE",
                },
                message="an origin is confirmed once, and nothing else of it changes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} ← {self.source_id}"


class MergedOrigin(models.Model):
    """Another answer that an edition gathers in the same one. `differs`: it said something else."""

    origin = models.ForeignKey(AnswerOrigin, on_delete=models.PROTECT, related_name="merged")
    source = models.ForeignKey(AnswerRevision, on_delete=models.PROTECT, related_name="+")
    differs = models.BooleanField(_("dit autre chose"), default=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("réponse réunie")
        verbose_name_plural = _("réponses réunies")
        constraints = [
            models.UniqueConstraint(name="assessments_mergedorigin_once", fields=["origin", "source"]),
            Immutable(name="assessments_mergedorigin_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} ← {self.source_id}"
