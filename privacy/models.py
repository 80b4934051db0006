"""Personal data: what a person asked to take away, who was warned, and what was deleted because its time was over."""

from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import FormerMembership, Membership, User
from jobs.models import Job


def export_storage() -> Any:
    """A callable, so that migrations do not freeze the storage."""
    return storages["exports"]


class DataExportQuerySet(models.QuerySet["DataExport"]):
    def visible_to(self, user: User) -> "DataExportQuerySet":
        """One's own, and nobody else's, administrators included."""
        return self.filter(user=user)

    def void(self) -> "DataExportQuerySet":
        """Made, for somebody who has left a team since they asked: they may hold what is that publisher's alone."""
        left = FormerMembership.objects.filter(
            user=OuterRef("user"), role__in=Membership.TEAM, ended_at__gte=OuterRef("requested_at")
        )
        return self.filter(Exists(left), expires_at__isnull=False)


class DataExport(models.Model):
    """A person's data in one archive, made by a worker, kept a few days."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("personne"), related_name="data_exports"
    )
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")  # null: not queued yet
    requested_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    file = models.FileField(storage=export_storage, upload_to="%Y/", blank=True)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True)
    # Null means not ready yet. Set with the file and its hash by store_export().
    expires_at = models.DateTimeField(_("disponible jusqu’au"), null=True, blank=True)

    objects = DataExportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("copie de données personnelles")
        verbose_name_plural = _("copies de données personnelles")
        constraints = [
            models.CheckConstraint(
                name="privacy_dataexport_is_whole",
                condition=Q(file="", sha256="", expires_at=None)
                | (~Q(file="") & ~Q(sha256="") & Q(expires_at__isnull=False)),
            ),
            models.UniqueConstraint(
                name="privacy_dataexport_one_at_a_time", fields=["user"], condition=Q(expires_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"Data of user {self.user_id}"

    @property
    def is_ready(self) -> bool:
        """Whether it can be taken away now."""
        return self.expires_at is not None and self.expires_at > timezone.now()

    @property
    def is_void(self) -> bool:
        return DataExport.objects.void().filter(pk=self.pk).exists()


class InactivityNotice(models.Model):
    """The warning sent to a person whose account will be erased unless they sign in."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Notice to user {self.user_id}"


class RetentionRun(models.Model):
    """One application of the retention rules: what it deleted, by the name of the rule."""

    started_at = models.DateTimeField(_("commencé le"))
    counts = models.JSONField(_("suppressions, par règle"), default=dict)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("application des durées de conservation")
        verbose_name_plural = _("applications des durées de conservation")

    def __str__(self) -> str:
        return f"Retention {self.started_at:%Y-%m-%d}"
