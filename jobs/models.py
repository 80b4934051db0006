"""Work to do later: one row per task asked for, whatever the broker remembers."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JobQuerySet(models.QuerySet["Job"]):
    def stale(self, now: datetime) -> "JobQuerySet":
        """Jobs whose message or worker was lost: no sign of life for too long."""
        limit = now - timedelta(seconds=settings.JOB_STALE_AFTER_SECONDS)
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING], alive_at__lt=limit)


class Job(models.Model):
    """One call of one Celery task, from the moment it is asked for until it is done."""

    class State(models.TextChoices):
        QUEUED = "queued", "en attente"
        RUNNING = "running", "en cours"
        DONE = "done", "terminé"
        FAILED = "failed", "en échec"

    task = models.CharField(_("tâche"), max_length=100)
    subject_id = models.BigIntegerField(_("objet"))
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(_("avancement"), default=0)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    error = models.TextField(_("erreur"), blank=True)
    created_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    # The last sign of life: queued, started, progressed, ended.
    alive_at = models.DateTimeField(_("dernier signe de vie"))

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("travail")
        verbose_name_plural = _("travaux")
        indexes = [
            models.Index(fields=["state", "alive_at"], name="jobs_job_state_alive"),
            models.Index(fields=["task", "subject_id"], name="jobs_job_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                name="jobs_job_state_known", condition=Q(state__in=["queued", "running", "done", "failed"])
            ),
            models.CheckConstraint(name="jobs_job_progress_percent", condition=Q(progress__lte=100)),
            # Asking twice for the same work is asking once.
            models.UniqueConstraint(
                name="jobs_job_one_open_per_subject",
                fields=["task", "subject_id"],
                condition=Q(state__in=["queued", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.subject_id} ({self.state})"

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED}
