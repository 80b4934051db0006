"""The map from the version before: what becomes of each of its questions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from questionnaires.models.publication import frozen_with_version
from questionnaires.models.versions import Version

VERSION_OF_MAP = "(SELECT m.version_id FROM questionnaires_migrationmap m WHERE m.id = {row}.map_id)"
VERSION_OF_MOVE = (
    "(SELECT m.version_id FROM questionnaires_migrationmove v JOIN questionnaires_migrationmap m ON m.id = v.map_id"
    " WHERE v.id = {row}.move_id)"
)


class MigrationMap(models.Model):
    """From which version a version follows, and how long dossiers have to do so."""

    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="migration_map")
    # « SEC@2026.1 », by its name: a draft may be written before the one it follows is loaded; it is not published then.
    from_version = models.CharField(_("version précédente"), max_length=40)
    grace_days = models.PositiveSmallIntegerField(_("délai, en jours"), default=90)

    class Meta:
        ordering = ["version_id"]
        verbose_name = _("carte de reprise")
        verbose_name_plural = _("cartes de reprise")
        constraints = [frozen_with_version("questionnaires_migrationmap_frozen", "{row}.version_id")]

    def __str__(self) -> str:
        return f"{self.from_version} → {self.version_id}"


class MigrationMove(models.Model):
    """One line of a map."""

    class Operation(models.TextChoices):
        KEEP = "keep", _("gardée")
        RECONFIRM = "reconfirm", _("à reconfirmer")
        SPLIT = "split", _("séparée")
        MERGE = "merge", _("fusionnée")
        DROP = "drop", _("abandonnée")

    map = models.ForeignKey(MigrationMap, on_delete=models.CASCADE, related_name="moves")
    position = models.PositiveSmallIntegerField(_("rang"))
    operation = models.CharField(_("ce qu’elle devient"), max_length=10, choices=Operation)
    why = models.TextField(_("raison"), blank=True)

    class Meta:
        ordering = ["map_id", "position"]
        verbose_name = _("ligne de la carte de reprise")
        verbose_name_plural = _("lignes de la carte de reprise")
        constraints = [
            models.CheckConstraint(
                name="questionnaires_migrationmove_operation_known",
                condition=Q(operation__in=["keep", "reconfirm", "split", "merge", "drop"]),
            ),
            frozen_with_version("questionnaires_migrationmove_frozen", VERSION_OF_MAP),
        ]

    def __str__(self) -> str:
        return f"{self.map_id} · {self.position}"


class MigrationSource(models.Model):
    """An old question that a line names: each of them once in the whole map."""

    # Repeats move.map so that the database can refuse two fates.
    map = models.ForeignKey(MigrationMap, on_delete=models.CASCADE, related_name="sources")
    move = models.ForeignKey(MigrationMove, on_delete=models.CASCADE, related_name="sources")
    position = models.PositiveSmallIntegerField(_("rang"))
    key = models.CharField(_("ancienne clé"), max_length=20)

    class Meta:
        ordering = ["move_id", "position"]
        verbose_name = _("ancienne question")
        verbose_name_plural = _("anciennes questions")
        constraints = [
            models.UniqueConstraint(name="questionnaires_migrationsource_once", fields=["map", "key"]),
            frozen_with_version("questionnaires_migrationsource_frozen", VERSION_OF_MAP),
        ]

    def __str__(self) -> str:
        return self.key


class MigrationTarget(models.Model):
    """A new question that a line leads to: each of them once at most."""

    map = models.ForeignKey(MigrationMap, on_delete=models.CASCADE, related_name="targets")
    move = models.ForeignKey(MigrationMove, on_delete=models.CASCADE, related_name="targets")
    position = models.PositiveSmallIntegerField(_("rang"))
    key = models.CharField(_("nouvelle clé"), max_length=20)

    class Meta:
        ordering = ["move_id", "position"]
        verbose_name = _("nouvelle question")
        verbose_name_plural = _("nouvelles questions")
        constraints = [
            models.UniqueConstraint(name="questionnaires_migrationtarget_once", fields=["map", "key"]),
            frozen_with_version("questionnaires_migrationtarget_frozen", VERSION_OF_MAP),
        ]

    def __str__(self) -> str:
        return self.key


class MigrationChoice(models.Model):
    """What an old choice is called in a new question."""

    move = models.ForeignKey(MigrationMove, on_delete=models.CASCADE, related_name="choices")
    position = models.PositiveSmallIntegerField(_("rang"))
    source = models.CharField(_("ancienne clé"), max_length=20)
    target = models.CharField(_("nouvelle clé"), max_length=20)
    old = models.CharField(_("ancien choix"), max_length=40)
    # Null means that no new choice says it: to be answered again.
    new = models.CharField(_("nouveau choix"), max_length=40, null=True, blank=True)  # noqa: DJ001 — see above

    class Meta:
        ordering = ["move_id", "position"]
        verbose_name = _("choix repris")
        verbose_name_plural = _("choix repris")
        constraints = [
            models.UniqueConstraint(
                name="questionnaires_migrationchoice_once", fields=["move", "source", "target", "old"]
            ),
            frozen_with_version("questionnaires_migrationchoice_frozen", VERSION_OF_MOVE),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
