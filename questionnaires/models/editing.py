"""What happens to a draft while people write it: what each question was, what is typed, what is said of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.protection import Immutable
from questionnaires.models.versions import Version


class QuestionRevision(models.Model):
    """What a question of a draft was after one save. Never changed, never deleted.

    It is found by version and key, and outlives its question: what was taken out can be brought back.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="question_revisions")
    key = models.CharField(_("clé"), max_length=20)
    number = models.PositiveIntegerField(_("numéro"))
    # The whole question, as `engine.plain` writes it: an archive that is shown and compared, never queried.
    content = models.JSONField(_("contenu"))
    saved_at = models.DateTimeField(_("enregistrée le"))
    # Null: the question as its file, or the version before, gave it.
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("enregistrée par"),
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["version_id", "key", "number"]
        verbose_name = _("révision d’une question")
        verbose_name_plural = _("révisions de questions")
        constraints = [
            models.UniqueConstraint(
                name="questionnaires_questionrevision_number_unique", fields=["version", "key", "number"]
            ),
            Immutable(name="questionnaires_questionrevision_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.number}"


class QuestionDraft(models.Model):
    """The last words of one person for one question, exactly as typed, until they save them or give them up.

    It outlives its question too: somebody may take it out while another one types.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="question_drafts")
    key = models.CharField(_("clé"), max_length=20)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The fields of the form, each with the texts that it held: {"title": ["Incidents"], "scored": ["on"]}.
    typed = models.JSONField()
    # The revision that the person wrote it from.
    base_revision = models.PositiveIntegerField()
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="questionnaires_questiondraft_one_per_author", fields=["version", "key", "author"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} · {self.author_id}"


class Remark(models.Model):
    """What editors say to each other about a question, or about the whole version. Publishers never read it."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="remarks")
    # Blank: about the whole version. A key and no foreign key: the remark outlives a question that is taken out.
    key = models.CharField(_("clé"), max_length=20, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("auteur"), related_name="+"
    )
    text = models.TextField(_("remarque"))
    written_at = models.DateTimeField(_("écrite le"), auto_now_add=True)
    # Null means not yet.
    settled_at = models.DateTimeField(_("réglée le"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("réglée par"),
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("remarque")
        verbose_name_plural = _("remarques")
        constraints = [
            models.CheckConstraint(
                name="questionnaires_remark_settling_is_whole",
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
            Immutable(
                name="questionnaires_remark_for_life",
                when={
                    "UPDATE": "OLD.text <> NEW.text OR OLD.author_id <> NEW.author_id OR OLD.key <> NEW.key"
                    " OR OLD.version_id <> NEW.version_id",
                    "DELETE": "TRUE",
                },
                message="a remark is settled, never changed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.key}".strip()
