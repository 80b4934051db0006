"""What comes out: the result of a closed review, never changed, and its PDF report."""

from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.policies import REVIEWING
from assessments.models import Dossier, Review, Submission
from audit.protection import Immutable
from jobs.models import Job


def report_storage() -> Any:
    """A callable, so that migrations do not freeze the storage."""
    return storages["reports"]


class ResultQuerySet(models.QuerySet["Result"]):
    def visible_to(self, user: User) -> "ResultQuerySet":
        """The publisher's team; reviewers outside that team who did not recuse themselves."""
        if REVIEWING & user.staff_roles:
            return self.filter(dossier__review__in=Review.objects.visible_to(user))
        return self.filter(dossier__in=Dossier.objects.visible_to(user))


class Result(models.Model):
    """A closed dossier, told in full by one document from which its scores can be computed again."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, verbose_name=_("dossier"), related_name="result")
    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, verbose_name=_("soumission"), related_name="+"
    )
    # The snapshot of results.snapshot, as canonical JSON text: hashed, so kept to the byte.
    content = models.TextField()
    content_hash = models.CharField(_("empreinte"), max_length=64)
    sealed_at = models.DateTimeField(_("scellé le"))
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("scellé par"), related_name="+"
    )

    objects = ResultQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("résultat scellé")
        verbose_name_plural = _("résultats scellés")
        constraints = [Immutable(name="results_result_append_only")]

    def __str__(self) -> str:
        return f"Result {self.dossier_id}"


class Report(models.Model):
    """The PDF of a result: made by a worker, once."""

    result = models.OneToOneField(Result, on_delete=models.PROTECT, related_name="report")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")
    file = models.FileField(storage=report_storage, upload_to="%Y/", blank=True)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True)
    # Null means not yet; the three are set together by store_report().
    rendered_at = models.DateTimeField(_("produit le"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("rapport")
        verbose_name_plural = _("rapports")
        constraints = [
            models.CheckConstraint(
                name="results_report_is_whole",
                condition=Q(file="", sha256="", rendered_at=None)
                | (~Q(file="") & ~Q(sha256="") & Q(rendered_at__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"Report {self.result_id}"

    @property
    def is_ready(self) -> bool:
        return bool(self.file)
