"""What happened: one append-only table."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.protection import Immutable


class Event(models.Model):
    """Somebody did something to something. Names are never written, only identifiers."""

    at = models.DateTimeField(_("le"), auto_now_add=True)
    # Null means the system itself: a scheduled task, a command.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("par"), null=True, related_name="+"
    )
    verb = models.CharField(_("action"), max_length=60)
    object_type = models.CharField(_("type d’objet"), max_length=60)
    object_id = models.CharField(_("identifiant"), max_length=60)
    # What matters of the change, as the operation chose to tell it.
    data = models.JSONField(_("détail"), default=dict)
    request_id = models.CharField(_("requête"), max_length=32, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("événement")
        verbose_name_plural = _("événements")
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_event_object")]
        constraints = [Immutable(name="audit_event_append_only")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}"
