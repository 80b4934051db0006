"""How a team shares the work on a dossier: who sees to what, and what they say of it among themselves."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from assessments.models.dossiers import Consultation, Dossier
from questionnaires.models import Question, Theme


class AttributionQuerySet(models.QuerySet["Attribution"]):
    def standing(self, at: datetime | Combinable | None = None) -> "AttributionQuerySet":
        """Those that count: to somebody who may fill the dossier now, or at a moment.

        Whoever became a reader, whose time is over, or to whom the dossier was shut sees to nothing any more.
        """
        may_fill = Membership.objects.current(at).exclude(role=Membership.Role.READER).filter(user__is_active=True)
        granted = Consultation.objects.filter(
            dossier=models.OuterRef("dossier"), membership=models.OuterRef("membership")
        )
        return self.filter(
            Q(membership__role__in=Membership.TEAM) | models.Exists(granted), membership__in=may_fill.values("pk")
        )


class Attribution(models.Model):
    """A theme of a dossier, or one of its questions, that a member sees to."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="attributions")
    # One of the two: a question that has none follows its theme.
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Ends with the membership; who had it stays in the audit trail.
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="attributions")
    due_on = models.DateField(_("pour le"), null=True, blank=True)  # null: no date was set
    attributed_at = models.DateTimeField(_("attribué le"))
    attributed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("attribué par"), related_name="+"
    )

    objects = AttributionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attribution")
        verbose_name_plural = _("attributions")
        constraints = [
            models.CheckConstraint(
                name="assessments_attribution_of_a_theme_or_a_question",
                condition=Q(theme=None, question__isnull=False) | Q(theme__isnull=False, question=None),
            ),
            models.UniqueConstraint(
                name="assessments_attribution_theme_once", fields=["dossier", "theme"], condition=Q(question=None)
            ),
            models.UniqueConstraint(
                name="assessments_attribution_question_once", fields=["dossier", "question"], condition=Q(theme=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.theme_id or self.question_id} → {self.membership_id}"


class TeamComment(models.Model):
    """What a member of the team says to the others about a question. No reviewer ever reads it.

    `text` names the people it mentions by their number (`assessments.mentions`), so that an erased name is nowhere.
    Deleted, it keeps its place and loses its words.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="team_comments")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("auteur"), related_name="+"
    )
    text = models.TextField(_("commentaire"), blank=True)
    written_at = models.DateTimeField(_("écrit le"))
    edited_at = models.DateTimeField(_("modifié le"), null=True, blank=True)  # null: as it was written
    deleted_at = models.DateTimeField(_("supprimé le"), null=True, blank=True)  # null: stands
    # Null: nothing says that it is dealt with.
    settled_at = models.DateTimeField(_("réglé le"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("réglé par"),
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("commentaire d’équipe")
        verbose_name_plural = _("commentaires d’équipe")
        indexes = [models.Index(fields=["dossier", "question"], name="assessments_teamcomment_of")]
        constraints = [
            models.CheckConstraint(
                name="assessments_teamcomment_says_something_until_deleted",
                condition=(Q(deleted_at=None) & ~Q(text="")) | Q(deleted_at__isnull=False, text=""),
            ),
            models.CheckConstraint(
                name="assessments_teamcomment_settling_is_whole",
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.question_id} ← {self.author_id}"


class Mention(models.Model):
    """Somebody whom a comment calls by name."""

    comment = models.ForeignKey(TeamComment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("personne"), related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [models.UniqueConstraint(name="assessments_mention_once", fields=["comment", "person"])]

    def __str__(self) -> str:
        return f"{self.comment_id} → {self.person_id}"
