"""Editions: one version of each questionnaire, and the flags that they share."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.protection import Immutable
from questionnaires.models.publication import STATUSES, PublicationStatus, frozen_with_edition
from questionnaires.models.versions import Questionnaire, Version


class Edition(models.Model):
    """The yearly doctrine: one version of each questionnaire, and the flags that they share."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    title = models.CharField(_("titre"), max_length=200)
    disclaimer = models.TextField(_("avertissement"))
    # The file that it was read from, as for a version.
    source = models.TextField(_("texte d’origine"), blank=True, editable=False)
    versions = models.ManyToManyField(Version, through="EditionVersion", related_name="editions")
    status = models.CharField(_("état"), max_length=10, choices=PublicationStatus, default=PublicationStatus.DRAFT)
    content_hash = models.CharField(_("empreinte"), max_length=64, blank=True, editable=False)
    # Null means not yet: set by publish_edition().
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True, editable=False)
    # From when it is the one to follow.
    effective_on = models.DateField(_("date d’effet"), null=True, blank=True, editable=False)
    # Null means not yet, or that whoever runs the portal loads it: set by propose_edition().
    proposed_at = models.DateTimeField(_("proposée le"), null=True, blank=True, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("proposée par"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    # Of what was proposed: a draft that was changed since is not what anybody approves.
    proposed_hash = models.CharField(_("empreinte proposée"), max_length=64, blank=True, editable=False)
    # Null means loaded by a command.
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("publiée par"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("édition")
        verbose_name_plural = _("éditions")
        constraints = [
            models.CheckConstraint(name="questionnaires_edition_status_known", condition=Q(status__in=STATUSES)),
            models.CheckConstraint(
                name="questionnaires_edition_published_is_whole",
                condition=Q(status="draft", published_at=None, content_hash="")
                | (~Q(status="draft") & Q(published_at__isnull=False) & ~Q(content_hash="")),
            ),
            models.CheckConstraint(
                name="questionnaires_edition_proposed_is_whole",
                condition=Q(proposed_at=None, proposed_by=None, proposed_hash="")
                | (Q(proposed_at__isnull=False, proposed_by__isnull=False) & ~Q(proposed_hash="")),
            ),
            # Two people: who proposes, and who approves. A command publishes in nobody's name.
            models.CheckConstraint(
                name="questionnaires_edition_four_eyes",
                condition=Q(published_by=None)
                | Q(proposed_by__isnull=False, proposed_hash=F("content_hash")) & ~Q(published_by=F("proposed_by")),
            ),
            Immutable(
                name="questionnaires_edition_published",
                when={
                    "DELETE": "OLD.status <> 'draft'",
                    # The disclaimer stays editable: it is a word to the reader, not a rule.
                    "UPDATE": "OLD.status <> 'draft' AND (NEW.status = 'draft' OR NEW.code <> OLD.code"
                    " OR NEW.title <> OLD.title OR NEW.content_hash <> OLD.content_hash"
                    " OR NEW.published_at <> OLD.published_at OR NEW.proposed_hash <> OLD.proposed_hash"
                    " OR NEW.source <> OLD.source"
                    " OR COALESCE(NEW.published_by_id, 0) <> COALESCE(OLD.published_by_id, 0)"
                    " OR COALESCE(NEW.proposed_by_id, 0) <> COALESCE(OLD.proposed_by_id, 0)"
                    " OR COALESCE(NEW.proposed_at, OLD.published_at) <> COALESCE(OLD.proposed_at, OLD.published_at)"
                    " OR COALESCE(NEW.effective_on, '0001-01-01') <> COALESCE(OLD.effective_on, '0001-01-01'))",
                },
                message="a published edition never changes",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EditionVersion(models.Model):
    """The version of one questionnaire that an edition holds."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="entries")
    # Repeats version.questionnaire so that the database can refuse two versions of one questionnaire.
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, verbose_name=_("questionnaire"), related_name="+"
    )
    version = models.ForeignKey(Version, on_delete=models.PROTECT, verbose_name=_("version"), related_name="+")
    position = models.PositiveSmallIntegerField(_("rang"))

    class Meta:
        ordering = ["edition_id", "position"]
        verbose_name = _("questionnaire de l’édition")
        verbose_name_plural = _("questionnaires de l’édition")
        constraints = [
            models.UniqueConstraint(
                name="questionnaires_edition_one_version_each", fields=["edition", "questionnaire"]
            ),
            frozen_with_edition("questionnaires_editionversion_frozen"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} · {self.version_id}"


class Flag(models.Model):
    """A named condition on the profile of a service: `exchange`, `mobile_app`, `ai` …"""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="flags")
    position = models.PositiveSmallIntegerField(_("rang"))
    # How often it was changed; a save names the count it was based on.
    revision = models.PositiveIntegerField(default=0, editable=False)
    name = models.CharField(_("nom"), max_length=40)
    meaning = models.CharField(_("sens"), max_length=300, help_text=_("Complète « Posée parce que … »."))
    condition = models.TextField(_("condition"))

    class Meta:
        ordering = ["edition_id", "position"]
        verbose_name = _("drapeau")
        verbose_name_plural = _("drapeaux")
        constraints = [
            models.UniqueConstraint(name="questionnaires_flag_name_unique", fields=["edition", "name"]),
            frozen_with_edition("questionnaires_flag_frozen"),
        ]

    def __str__(self) -> str:
        return self.name
