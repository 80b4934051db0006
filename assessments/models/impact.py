"""What a draft edition would do to the open dossiers, as it was when somebody asked: one study, a line per dossier."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.dossiers import Dossier, Programme
from jobs.models import Job
from questionnaires.models import Edition


class ImpactStudy(models.Model):
    """Asked for by an editor, made by a worker: all its lines at once, or none yet. The next one takes its place."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="impact_studies")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")  # null: not queued yet
    asked_at = models.DateTimeField(_("demandée le"), auto_now_add=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("demandée par"), related_name="+"
    )
    # Null: under way, or given up. Set with the lines and the two fields below by store_study().
    finished_at = models.DateTimeField(_("terminée le"), null=True, blank=True)
    # Of the draft as it was read: the study says nothing of another.
    content_hash = models.CharField(_("empreinte du brouillon"), max_length=64, blank=True)
    # Examined, or sent back: they keep the edition that they follow.
    staying = models.PositiveIntegerField(_("dossiers qui gardent leur édition"), default=0)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("étude d’effet")
        verbose_name_plural = _("études d’effet")
        constraints = [
            models.CheckConstraint(
                name="assessments_impactstudy_finished_says_of_what",
                condition=Q(finished_at=None, content_hash="") | (Q(finished_at__isnull=False) & ~Q(content_hash="")),
            ),
            models.UniqueConstraint(
                name="assessments_impactstudy_one_under_way", fields=["edition"], condition=Q(finished_at=None)
            ),
            models.UniqueConstraint(
                name="assessments_impactstudy_one_finished", fields=["edition"], condition=Q(finished_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Impact of {self.edition_id}"

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def has_failed(self) -> bool:
        """Needs `job` selected."""
        return not self.is_finished and self.job is not None and self.job.state == Job.State.FAILED


class ImpactLine(models.Model):
    """One dossier in a study. Editors know it by its place, which tells nothing of what it is."""

    study = models.ForeignKey(ImpactStudy, on_delete=models.CASCADE, related_name="lines")
    place = models.PositiveIntegerField(_("rang"))
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="+")
    programme = models.CharField(_("démarche"), max_length=20, choices=Programme)
    to_reconfirm = models.PositiveIntegerField(_("réponses à relire"))
    to_answer = models.PositiveIntegerField(_("réponses à redonner"))
    new = models.PositiveIntegerField(_("questions nouvelles"))
    left_behind = models.PositiveIntegerField(_("réponses laissées"))

    class Meta:
        ordering = ["study", "place"]
        verbose_name = _("dossier d’une étude")
        verbose_name_plural = _("dossiers d’une étude")
        constraints = [
            models.UniqueConstraint(name="assessments_impactline_once", fields=["study", "dossier"]),
            models.UniqueConstraint(name="assessments_impactline_place", fields=["study", "place"]),
            models.CheckConstraint(
                name="assessments_impactline_programme_known",
                condition=Q(programme__in=["without_exchange", "with_exchange"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study_id} · {self.place}"


class ImpactScore(models.Model):
    """A questionnaire, or a part of one, before and after. Null: not asked, or nothing in it is scored."""

    line = models.ForeignKey(ImpactLine, on_delete=models.CASCADE, related_name="scores")
    position = models.PositiveSmallIntegerField(_("rang"))
    code = models.CharField(_("code"), max_length=20)
    title = models.CharField(_("titre"), max_length=200)
    before = models.DecimalField(_("avant"), max_digits=7, decimal_places=6, null=True, blank=True)
    after = models.DecimalField(_("après"), max_digits=7, decimal_places=6, null=True, blank=True)

    class Meta:
        ordering = ["line", "position"]
        verbose_name = _("score d’une étude")
        verbose_name_plural = _("scores d’une étude")
        constraints = [
            models.UniqueConstraint(name="assessments_impactscore_once", fields=["line", "code"]),
            models.CheckConstraint(
                name="assessments_impactscore_fractions",
                condition=(Q(before=None) | Q(before__gte=0, before__lte=1))
                & (Q(after=None) | Q(after__gte=0, after__lte=1)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} · {self.code}"


class ImpactBlocker(models.Model):
    """A question that would begin to stand in the way of a dossier, or would no more."""

    line = models.ForeignKey(ImpactLine, on_delete=models.CASCADE, related_name="blockers")
    question_key = models.CharField(_("clé de la question"), max_length=20)
    gained = models.BooleanField(_("nouveau"))

    class Meta:
        ordering = ["line", "pk"]
        verbose_name = _("point bloquant d’une étude")
        verbose_name_plural = _("points bloquants d’une étude")
        constraints = [models.UniqueConstraint(name="assessments_impactblocker_once", fields=["line", "question_key"])]

    def __str__(self) -> str:
        return f"{self.line_id} · {self.question_key}"
