"""A dossier that leaves one edition for the next, and those who were told that they may."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models.dossiers import Dossier
from audit.protection import Immutable
from questionnaires.models import Edition


class EditionChange(models.Model):
    """One passage of a dossier to another edition. What was answered under the one before stays as it was."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="edition_changes")
    from_edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, verbose_name=_("édition quittée"), related_name="+"
    )
    to_edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, verbose_name=_("édition suivie"), related_name="+"
    )
    changed_at = models.DateTimeField(_("passé le"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("par"), related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("changement d’édition")
        verbose_name_plural = _("changements d’édition")
        constraints = [
            models.UniqueConstraint(name="assessments_editionchange_once", fields=["dossier", "to_edition"]),
            models.CheckConstraint(
                name="assessments_editionchange_is_another", condition=~Q(from_edition=F("to_edition"))
            ),
            Immutable(name="assessments_editionchange_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.from_edition_id} → {self.to_edition_id}"


class EditionNotice(models.Model):
    """The team of a dossier was told of an edition: once."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="edition_notices")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(_("annoncée le"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("annonce d’une édition")
        verbose_name_plural = _("annonces d’éditions")
        constraints = [models.UniqueConstraint(name="assessments_editionnotice_once", fields=["dossier", "edition"])]

    def __str__(self) -> str:
        return f"{self.dossier_id} ← {self.edition_id}"
