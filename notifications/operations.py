"""The only writer of notifications."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs.operations import enqueue
from notifications.models import SUBJECT_LENGTH, MailPreference, Notification

SEND_TASK = "notifications.send_mail"
# Lines of a digest; the page has the rest.
LISTED = 20


@transaction.atomic
def notify(
    recipients: Iterable[models.Model],
    *,
    subject: str,
    body: str,
    path: str = "",
    about: models.Model | None = None,
    in_app: bool = False,
) -> list[Notification]:
    """Write one message for each person; each leaves by e-mail once the transaction has committed.

    `about`: whom the words name, other than the recipients. Their erasure takes the message with it.
    `in_app`: it is shown on the portal first, and its mail leaves as the person prefers. The digest lists subjects
    only, so that a subject never names anybody.
    """
    people = list(recipients)
    mailed = people if not in_app else _told_at_once(people)
    return [
        _write(
            recipient=person,
            subject=subject,
            body=body,
            path=path,
            about=about,
            in_app=in_app,
            leaves=person in mailed,
        )
        for person in people
    ]


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
    in_app: bool = False,
    leaves: bool = True,
) -> Notification:
    notification = Notification.objects.create(
        recipient_id=recipient.pk if recipient else None,
        address=address,
        about_id=about.pk if about else None,
        subject=_one_line(subject),
        body=body,
        path=path,
        in_app=in_app,
    )
    if leaves:
        enqueue(SEND_TASK, notification.pk)
    return notification


def _told_at_once(people: list[models.Model]) -> list[models.Model]:
    chosen = MailPreference.objects.filter(person__in=[each.pk for each in people], when=MailPreference.When.AT_ONCE)
    at_once = set(chosen.values_list("person", flat=True)) if people else set()
    return [each for each in people if each.pk in at_once]


def mark_read(person: models.Model, notification: Notification | None = None) -> int:
    """One message of the person's, or all of them. Returns how many were unread."""
    unread = Notification.objects.filter(recipient_id=person.pk, in_app=True, read_at=None)
    if notification is not None:
        unread = unread.filter(pk=notification.pk)
    return unread.update(read_at=timezone.now())


@transaction.atomic
def choose_mail(person: models.Model, when: str) -> None:
    """`when`: a value of MailPreference.When. What waits is not sent again, nor forgotten."""
    MailPreference.objects.update_or_create(person_id=person.pk, defaults={"when": when})


def send_digests() -> int:
    """Write to each person, in one mail, of what they have not read in the app. Returns how many were written to.

    Safe to run any number of times: what a digest has listed is listed by no other.
    """
    return sum(_send_digest(person) for person in list(_waiting().values_list("recipient", flat=True).distinct()))


def _waiting() -> models.QuerySet[Notification]:
    daily = models.Q(recipient__mail_preference=None) | models.Q(
        recipient__mail_preference__when=MailPreference.When.DAILY
    )
    unread = Notification.objects.filter(in_app=True, read_at=None, sent_at=None, recipient__is_active=True)
    return unread.filter(daily).order_by()


@transaction.atomic
def _send_digest(person: int) -> bool:
    """Whether this call wrote it. The digest is a message like another: it leaves once this has committed."""
    locked = _waiting().filter(recipient=person).select_for_update(of=("self",))
    waiting = list(locked.select_related("recipient").order_by("pk"))
    if not waiting:
        return False
    Notification.objects.filter(pk__in=[each.pk for each in waiting]).update(sent_at=timezone.now())
    count = len(waiting)
    recipient = waiting[0].recipient
    assert recipient is not None
    lines = [f"- {each.subject}" for each in waiting[:LISTED]]
    if count > LISTED:
        lines.append(_("- et %(count)d autres") % {"count": count - LISTED})
    notify(
        [recipient],
        subject=ngettext("%(count)d nouveauté dans vos dossiers", "%(count)d nouveautés dans vos dossiers", count)
        % {"count": count},
        body="\n".join(
            [
                _("Voici ce que vous n’avez pas encore lu :"),
                "",
                *lines,
                "",
                _("Pour choisir quand ces messages vous sont envoyés, ouvrez vos notifications :"),
            ]
        ),
        path=reverse("account_notices"),
    )
    return True


def _one_line(words: str) -> str:
    """A subject is a header of the mail: whatever it is made of, it holds no line break and fits its column."""
    return Truncator(" ".join(words.splitlines())).chars(SUBJECT_LENGTH)
