"""What happened: one append-only table."""

from django.conf import settings
from django.db import models

from audit.protection import Immutable


class Event(models.Model):
    """Somebody did something to something. Names are never written, only identifiers."""

    at = models.DateTimeField(auto_now_add=True)
    # Null means the system itself: a scheduled task, a command.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    # What matters of the change, as the operation chose to tell it.
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_event_object")]
        constraints = [Immutable(name="audit_event_append_only")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}"
