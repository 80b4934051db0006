"""What to tell whom: one table."""

from django.conf import settings
from django.db import models
from django.db.models import Q

SUBJECT_LENGTH = 200


class Notification(models.Model):
    """One message to one person, by e-mail, written by the operation that caused it."""

    # Null when the message goes to an address that may belong to nobody here: an invitation.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="notifications"
    )
    address = models.EmailField(blank=True)
    # Whom the words name, other than who reads them: the message goes with their account. Null: nobody.
    about = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=SUBJECT_LENGTH)
    body = models.TextField()
    # Where to act, relative to the site's own address.
    path = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Null means not yet: set by the task that hands the mail over.
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="notifications_notification_to_somebody",
                condition=Q(recipient__isnull=False, address="") | (Q(recipient=None) & ~Q(address="")),
            )
        ]

    def __str__(self) -> str:
        return self.subject
