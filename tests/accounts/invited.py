"""What the tests of invitations share: send one, and find the link as its reader does, in the message."""

import re
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.core import mail

from accounts.models import Invitation, Publisher, User
from accounts.operations.invitations import invite
from jobs.models import Job
from notifications.operations import SEND_TASK
from notifications.tasks import send_mail_job

BOB = "bob@editeur.example"


class Sent(NamedTuple):
    """An invitation, and the path of the link that its message holds."""

    invitation: Invitation
    path: str

    @property
    def token(self) -> str:
        return self.path.rstrip("/").rpartition("/")[2]


def send_mails() -> None:
    """Do what the worker does with the messages that wait."""
    for job in Job.objects.filter(task=SEND_TASK, state=Job.State.QUEUED).order_by("pk"):
        send_mail_job(job.pk)


def path_in(body: str) -> str:
    found = re.search(rf"{re.escape(settings.SITE_URL)}(/invitations/\S+)", body)
    assert found, body
    return found.group(1)


def invited(
    publisher: Publisher, *, by: User, email: str = BOB, role: str = "contributor", until: datetime | None = None
) -> Sent:
    """Invite, let the message leave, and read it."""
    invitation = invite(publisher, email=email, role=role, access_until=until, by=by)
    send_mails()
    return Sent(invitation, path_in(str(mail.outbox[-1].body)))
