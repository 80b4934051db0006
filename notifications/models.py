"""What to tell whom: one table."""

from django.conf import settings
from django.db import models


class Notification(models.Model):
    """One message to one person, by e-mail, written by the operation that caused it."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notifications")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    # Where to act, relative to the site's own address.
    path = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Null means not yet: set by the task that hands the mail over.
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject
