"""What to tell whom: one table."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

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
    # Null means not yet: set by the task that hands the mail over, or by the digest that lists it.
    sent_at = models.DateTimeField(null=True, blank=True)
    # Shown on the person's own page; its mail leaves as they prefer (MailPreference). False: only a mail, at once.
    in_app = models.BooleanField(default=False)
    # Null: not read in the app.
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            # The count in the header of every page.
            models.Index(
                fields=["recipient"], name="notifications_unread", condition=Q(in_app=True, read_at__isnull=True)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="notifications_notification_to_somebody",
                condition=Q(recipient__isnull=False, address="") | (Q(recipient=None) & ~Q(address="")),
            ),
            models.CheckConstraint(
                name="notifications_notification_is_read_by_its_person",
                condition=Q(in_app=True, recipient__isnull=False) | Q(in_app=False, read_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class MailPreference(models.Model):
    """When what is shown in the app also leaves by e-mail. No row: once a day."""

    class When(models.TextChoices):
        DAILY = "daily", _("une fois par jour, en un seul message")
        AT_ONCE = "at_once", _("aussitôt, un message pour chacune")
        NEVER = "never", _("jamais")

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mail_preference")
    when = models.CharField(max_length=7, choices=When, default=When.DAILY)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notifications_mailpreference_when_known", condition=Q(when__in=["daily", "at_once", "never"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.when}"
