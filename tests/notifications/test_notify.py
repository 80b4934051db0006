"""Telling people: one row each, and a mail that leaves from the worker, at least once."""

import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from jobs.models import Job
from notifications.models import Notification
from notifications.operations import SEND_TASK, notify
from notifications.tasks import send_mail_job
from tests.factories import UserFactory


@pytest.fixture
def job(db) -> Job:
    """Of one mail that waits to leave."""
    person = UserFactory.create(email="camille@editeur.example")
    notify([person], subject="Corrections demandées", body="Voyez le dossier.", path="/dossiers/2026-000001/")
    return Job.objects.get(task=SEND_TASK)


def test_each_person_has_a_message_and_a_mail_to_come(db):
    people = UserFactory.create_batch(3)

    told = notify(people, subject="Dossier à instruire", body="Il vient d’être soumis.")

    assert {message.recipient_id for message in told} == {person.pk for person in people}
    assert set(Job.objects.values_list("task", "subject_id")) == {(SEND_TASK, message.pk) for message in told}
    assert mail.outbox == []


def test_nobody_to_tell_is_no_fault(db):
    assert notify([], subject="Rien", body="Rien") == []
    assert not Job.objects.exists()


def test_the_mail_says_what_and_where(job, settings):
    send_mail_job(job.pk)

    (message,) = mail.outbox
    assert message.to == ["camille@editeur.example"]
    assert message.subject == "[Convergence] Corrections demandées"
    assert message.body == f"Voyez le dossier.\n\n{settings.SITE_URL}/dossiers/2026-000001/\n"
    assert Notification.objects.get().sent_at is not None
    job.refresh_from_db()
    assert job.state == Job.State.DONE


def test_a_task_delivered_twice_sends_one_mail(job):
    send_mail_job(job.pk)
    send_mail_job(job.pk)

    assert len(mail.outbox) == 1


def test_a_worker_killed_after_sending_sends_no_second_mail(job):
    send_mail_job(job.pk)
    Job.objects.update(state=Job.State.QUEUED)

    send_mail_job(job.pk)

    assert len(mail.outbox) == 1
    job.refresh_from_db()
    assert job.state == Job.State.DONE


@pytest.mark.parametrize("cut", [ConnectionRefusedError("nobody listens"), smtplib.SMTPServerDisconnected("bye")])
def test_a_mail_server_that_is_away_keeps_the_mail_for_later(job, monkeypatch, cut):
    def refuse(*args, **kwargs):
        raise cut

    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", refuse)
        with pytest.raises(type(cut)):
            send_mail_job(job.pk)

    job.refresh_from_db()
    assert job.state == Job.State.QUEUED
    assert Notification.objects.get().sent_at is None
    send_mail_job(job.pk)
    assert len(mail.outbox) == 1


def test_a_message_without_a_place_has_no_link(db, settings):
    notify([UserFactory.create()], subject="Bienvenue", body="Bonjour.")

    send_mail_job(Job.objects.get().pk)

    assert mail.outbox[0].body == "Bonjour.\n"
