"""The only writer of notifications."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import Truncator

from jobs.operations import enqueue
from notifications.models import SUBJECT_LENGTH, Notification

SEND_TASK = "notifications.send_mail"


@transaction.atomic
def notify(
    recipients: Iterable[models.Model], *, subject: str, body: str, path: str = "", about: models.Model | None = None
) -> list[Notification]:
    """Write one message for each person; each leaves by e-mail once the transaction has committed.

    `about`: whom the words name, other than the recipients. Their erasure takes the message with it.
    """
    return [_write(recipient=person, subject=subject, body=body, path=path, about=about) for person in recipients]


@transaction.atomic
def write_to(
    address: str, *, subject: str, body: str, path: str = "", about: models.Model | None = None
) -> Notification:
    """Write to an address, whether or not somebody has an account there.

    `path` may hold a secret: it is forgotten once the message has left. `about`: as for `notify`.
    """
    return _write(address=address, subject=subject, body=body, path=path, about=about)


def send_mail(notification: Notification) -> None:
    """Hand the message to the mail server, at least once: marked only after the server took it."""
    if notification.sent_at is not None:
        return
    words = {
        "body": notification.body,
        "link": f"{settings.SITE_URL}{notification.path}" if notification.path else "",
        "support_email": settings.SUPPORT_EMAIL,
    }
    EmailMessage(
        subject=f"[Convergence] {notification.subject}",
        body=render_to_string("notifications/message.txt", words),
        to=[notification.recipient.email if notification.recipient else notification.address],
    ).send()
    notification.sent_at = timezone.now()
    if notification.address:
        notification.path = ""
    notification.save(update_fields=["sent_at", "path"])


def _write(
    *,
    recipient: models.Model | None = None,
    address: str = "",
    subject: str,
    body: str,
    path: str,
    about: models.Model | None,
) -> Notification:
    notification = Notification.objects.create(
        recipient_id=recipient.pk if recipient else None,
        address=address,
        about_id=about.pk if about else None,
        subject=_one_line(subject),
        body=body,
        path=path,
    )
    enqueue(SEND_TASK, notification.pk)
    return notification


def _one_line(words: str) -> str:
    """A subject is a header of the mail: whatever it is made of, it holds no line break and fits its column."""
    return Truncator(" ".join(words.splitlines())).chars(SUBJECT_LENGTH)
