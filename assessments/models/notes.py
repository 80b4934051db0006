"""What reviewers write for themselves while they examine a dossier."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.reviews import Review
from audit.protection import Immutable
from questionnaires.models import Question


class ReviewNote(models.Model):
    """A note on a dossier, or on one of its questions. Read through `Review.objects.visible_to` only.

    Never changed; its author may withdraw it: the text is then shown to nobody, the fact that there was one is.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="notes")
    # Null: on the dossier as a whole.
    question = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("auteur"), related_name="+"
    )
    text = models.TextField(_("note"))
    written_at = models.DateTimeField(_("écrite le"))
    withdrawn_at = models.DateTimeField(_("retirée le"), null=True, blank=True)  # null: stands

    class Meta:
        ordering = ["pk"]
        verbose_name = _("note d’instruction")
        verbose_name_plural = _("notes d’instruction")
        constraints = [
            models.CheckConstraint(name="assessments_reviewnote_says_something", condition=~Q(text="")),
            Immutable(
                name="assessments_reviewnote_append_only",
                when={
                    "UPDATE": "OLD.withdrawn_at IS NOT NULL OR OLD.text <> NEW.text OR OLD.author_id <> NEW.author_id "
                    "OR OLD.review_id <> NEW.review_id OR OLD.written_at <> NEW.written_at "
                    "OR COALESCE(OLD.question_id, 0) <> COALESCE(NEW.question_id, 0)",
                    "DELETE": "TRUE",
                },
                message="a note is withdrawn once, and nothing else of it changes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} ← {self.author_id}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None
