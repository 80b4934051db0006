"""The only writer of notifications."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.utils import timezone

from jobs.operations import enqueue
from notifications.models import Notification

SEND_TASK = "notifications.send_mail"


@transaction.atomic
def notify(recipients: Iterable[models.Model], *, subject: str, body: str, path: str = "") -> list[Notification]:
    """Write one message for each person; each leaves by e-mail once the transaction has committed."""
    notifications = [
        Notification.objects.create(recipient_id=person.pk, subject=subject, body=body, path=path)
        for person in recipients
    ]
    for notification in notifications:
        enqueue(SEND_TASK, notification.pk)
    return notifications


def send_mail(notification: Notification) -> None:
    """Hand the message to the mail server, at least once: marked only after the server took it."""
    if notification.sent_at is not None:
        return
    link = f"\n\n{settings.SITE_URL}{notification.path}" if notification.path else ""
    EmailMessage(
        subject=f"[Convergence] {notification.subject}",
        body=f"{notification.body}{link}\n",
        to=[notification.recipient.email],
    ).send()
    notification.sent_at = timezone.now()
    notification.save(update_fields=["sent_at"])
