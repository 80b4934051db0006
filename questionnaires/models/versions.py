"""Questionnaires and their versions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.protection import Immutable
from questionnaires.models.publication import STATUSES, PublicationStatus


class Questionnaire(models.Model):
    """A family of versions under one code: DOC, SEC, RGE, ORI, DIA."""

    class Kind(models.TextChoices):
        EVALUATION = "evaluation", _("évaluation")
        ORIENTATION = "orientation", _("orientation")
        DIAGNOSTIC = "diagnostic", _("diagnostic")

    code = models.CharField(_("code"), max_length=10, unique=True)
    slug = models.SlugField(_("adresse"), unique=True)
    kind = models.CharField(_("nature"), max_length=12, choices=Kind)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        constraints = [
            models.CheckConstraint(
                name="questionnaires_questionnaire_kind_known",
                condition=Q(kind__in=["evaluation", "orientation", "diagnostic"]),
            )
        ]

    def __str__(self) -> str:
        return self.code


class Version(models.Model):
    """One state of a questionnaire. Published, it never changes again."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, verbose_name=_("questionnaire"), related_name="versions"
    )
    number = models.CharField(_("version"), max_length=20)
    title = models.CharField(_("titre"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    # The file that it was read from, with its comments: what is written back is this text wherever it still says what
    # the rows say. Blank when it was born here.
    source = models.TextField(_("texte d’origine"), blank=True, editable=False)
    status = models.CharField(_("état"), max_length=10, choices=PublicationStatus, default=PublicationStatus.DRAFT)
    # Of the whole content, as the engine computes it; blank while a draft.
    content_hash = models.CharField(_("empreinte"), max_length=64, blank=True, editable=False)
    # Null means not yet: set by publish_edition().
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["questionnaire_id", "number"]
        verbose_name = _("version de questionnaire")
        verbose_name_plural = _("versions de questionnaire")
        constraints = [
            models.UniqueConstraint(name="questionnaires_version_number_unique", fields=["questionnaire", "number"]),
            models.CheckConstraint(name="questionnaires_version_status_known", condition=Q(status__in=STATUSES)),
            models.CheckConstraint(
                name="questionnaires_version_published_is_whole",
                condition=Q(status="draft", published_at=None, content_hash="")
                | (~Q(status="draft") & Q(published_at__isnull=False) & ~Q(content_hash="")),
            ),
            Immutable(
                name="questionnaires_version_published",
                when={
                    "DELETE": "OLD.status <> 'draft'",
                    # Retiring is the one thing that may happen to a published version.
                    "UPDATE": "OLD.status <> 'draft' AND (NEW.status = 'draft'"
                    " OR NEW.questionnaire_id <> OLD.questionnaire_id OR NEW.number <> OLD.number"
                    " OR NEW.title <> OLD.title OR NEW.description <> OLD.description"
                    " OR NEW.content_hash <> OLD.content_hash OR NEW.published_at <> OLD.published_at"
                    " OR NEW.source <> OLD.source)",
                },
                message="a published version never changes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire.code}@{self.number}"
