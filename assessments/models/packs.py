"""The evidence of one submission in one archive, made by a worker and kept a few days."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.submissions import Submission
from evidence.models import evidence_storage
from jobs.models import Job


class EvidencePack(models.Model):
    """One per submission while it is asked for or there to be taken; its row goes with its file."""

    FOLDER = "packs"

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="pack")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")  # null: not queued yet
    asked_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    file = models.FileField(storage=evidence_storage, blank=True)
    size = models.PositiveBigIntegerField(_("taille, en octets"), null=True)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True)
    # Null means not ready yet. Set with the file, its size and its hash by store_pack().
    expires_at = models.DateTimeField(_("disponible jusqu’au"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("dossier de preuves")
        verbose_name_plural = _("dossiers de preuves")
        constraints = [
            models.CheckConstraint(
                name="assessments_evidencepack_is_whole",
                condition=Q(file="", sha256="", size=None, expires_at=None)
                | (~Q(file="") & ~Q(sha256="") & Q(size__isnull=False, expires_at__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"Evidence of submission {self.submission_id}"

    @property
    def is_ready(self) -> bool:
        """Whether it can be taken away now."""
        return self.expires_at is not None and self.expires_at > timezone.now()
