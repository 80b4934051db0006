"""Mail leaves from the worker, never from a request."""

import smtplib

from celery import shared_task

from jobs.operations import claim, finish, release
from notifications.models import Notification
from notifications.operations import SEND_TASK, send_digests, send_mail


@shared_task(name=SEND_TASK)
def send_mail_job(job_id: int) -> None:
    """Send one notification. When the mail server is away, the sweep tries again later."""
    job = claim(job_id)
    if job is None:
        return
    notification = Notification.objects.select_related("recipient").filter(pk=job.subject_id).first()
    if notification is None:  # its person erased their account meanwhile
        finish(job)
        return
    try:
        send_mail(notification)
    except (smtplib.SMTPException, OSError):
        release(job)
        raise
    finish(job)


@shared_task(name="notifications.send_digests")
def send_digests_task() -> int:
    """Once a day. Safe to run at any time, any number of times."""
    return send_digests()
