"""Files that were brought, and wait for a word."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WaitingFileQuerySet(models.QuerySet["WaitingFile"]):
    def current(self) -> "WaitingFileQuerySet":
        """Those whose time is not over."""
        return self.filter(expires_at__gt=timezone.now())


class WaitingFile(models.Model):
    """A questionnaire in a file of somebody's, shown to them before anything is written.

    One at most for each person: another takes its place. It goes when it was imported, or when its time is over.
    """

    # Nobody else sees it: it goes with the account.
    author = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(_("nom du fichier"), max_length=255)
    # As it came: it is read again when it is imported.
    data = models.BinaryField(_("contenu"))
    created_at = models.DateTimeField(_("déposé le"), auto_now_add=True)
    expires_at = models.DateTimeField(_("gardé jusqu’au"))

    objects = WaitingFileQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("fichier de questionnaire à importer")
        verbose_name_plural = _("fichiers de questionnaire à importer")

    def __str__(self) -> str:
        return self.file_name
