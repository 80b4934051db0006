"""What somebody brought back from outside, between its reading and its import."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.dossiers import Dossier


class ImportQuerySet(models.QuerySet["Import"]):
    def current(self) -> "ImportQuerySet":
        """Those whose time is not over."""
        return self.filter(expires_at__gt=timezone.now())


class Import(models.Model):
    """A workbook or a JSON file that was read: what it would change is shown to its author, who imports it or not.

    The file itself is not kept. One waits at most for each author and dossier: another upload takes its place.
    """

    class Source(models.TextChoices):
        WORKBOOK = "workbook", _("classeur")
        JSON = "json", _("fichier JSON")

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="imports")
    # Nobody else sees it: it goes with the account.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(_("format"), max_length=8, choices=Source)
    file_name = models.CharField(_("nom du fichier"), max_length=255)
    # As `assessments.offline.returned.Returned` writes it: what was touched outside, and what could not be read.
    # Emptied once imported.
    content = models.JSONField()
    created_at = models.DateTimeField(_("déposé le"), auto_now_add=True)
    expires_at = models.DateTimeField(_("gardé jusqu’au"))
    # Null means not imported yet. Both are set by apply_import(), together.
    imported_at = models.DateTimeField(_("importé le"), null=True, blank=True)
    imported_count = models.PositiveIntegerField(_("réponses enregistrées"), null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import de réponses")
        verbose_name_plural = _("imports de réponses")
        constraints = [
            models.CheckConstraint(
                name="assessments_import_source_known", condition=Q(source__in=["workbook", "json"])
            ),
            models.CheckConstraint(
                name="assessments_import_is_whole",
                condition=Q(imported_at=None, imported_count=None)
                | Q(imported_at__isnull=False, imported_count__isnull=False),
            ),
            models.UniqueConstraint(
                name="assessments_import_one_waits", fields=["dossier", "author"], condition=Q(imported_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} · {self.file_name}"
