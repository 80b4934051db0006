"""What a second reader thinks of the verdicts of a round before it leaves."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from assessments.models.reviews import Recusal, Verdict


class SecondOpinionQuerySet(models.QuerySet["SecondOpinion"]):
    def contesting(self) -> "SecondOpinionQuerySet":
        """Those that contest a verdict as it stands, not one given again since, by somebody who did not step back."""
        stepped_back = Recusal.objects.filter(review=OuterRef("verdict__round__review"), reviewer=OuterRef("reader"))
        return self.filter(
            ~Exists(stepped_back),
            agrees=False,
            given_on=F("verdict__decided_at"),
            verdict__in=Verdict.objects.standing(),
        )


class SecondOpinion(models.Model):
    """A second reader agrees with one verdict, or contests it and says why. Reviewers read it only."""

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="opinions")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("second lecteur"), related_name="+"
    )
    agrees = models.BooleanField(_("d’accord"))
    text = models.TextField(_("raisons"), blank=True)
    given_at = models.DateTimeField(_("donné le"))
    # The date of the verdict that was read: given again since, it is another, and the opinion is out of date.
    given_on = models.DateTimeField(_("verdict du"))

    objects = SecondOpinionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("second avis")
        verbose_name_plural = _("seconds avis")
        constraints = [
            models.UniqueConstraint(name="assessments_secondopinion_one_each", fields=["verdict", "reader"]),
            models.CheckConstraint(
                name="assessments_secondopinion_contest_says_why", condition=Q(agrees=True) | ~Q(text="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict_id} ← {self.reader_id}"

    @property
    def is_stale(self) -> bool:
        """Needs `verdict` loaded."""
        return self.given_on != self.verdict.decided_at
