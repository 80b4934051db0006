"""Telling people: one row each, and a mail that leaves from the worker, at least once."""

import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from jobs.models import Job
from notifications.models import Notification
from notifications.operations import SEND_TASK, notify, write_to
from notifications.tasks import send_mail_job
from tests.factories import UserFactory

SIGNATURE = "L’équipe de Convergence\nsupport@convergence.example\n\n"


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
    where = f"{settings.SITE_URL}/dossiers/2026-000001/"
    assert message.body == f"Bonjour,\n\nVoyez le dossier.\n\n{where}\n\n{SIGNATURE}"
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
    notify([UserFactory.create()], subject="Bienvenue", body="Vos produits & vos « dossiers ».")

    send_mail_job(Job.objects.get().pk)

    assert mail.outbox[0].body == f"Bonjour,\n\nVos produits & vos « dossiers ».\n\n{SIGNATURE}"


@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028"])
@pytest.mark.parametrize("write", [notify, write_to])
def test_a_subject_holds_no_line_break_whatever_it_is_made_of(db, write, breaks):
    to = "ailleurs@nulle.example" if write is write_to else [UserFactory.create()]
    write(to, subject=f"Demande de Santé{breaks}Bcc: tous@nulle.example", body="Une\nligne.")

    send_mail_job(Job.objects.get().pk)

    assert mail.outbox[0].subject == "[Convergence] Demande de Santé Bcc: tous@nulle.example"
    assert mail.outbox[0].bcc == []
    assert mail.outbox[0].body.startswith("Bonjour,\n\nUne\nligne.")


def test_a_subject_that_is_too_long_is_cut_and_says_so(db):
    (message,) = notify([UserFactory.create()], subject="Demande de compte de " + "S" * 200, body="Voyez.")

    message.refresh_from_db()
    assert len(message.subject) == 200
    assert message.subject.endswith("S…")


def test_no_break_spaces_of_a_subject_stay(db):
    (message,) = notify([UserFactory.create()], subject="Dossier 2026-000001\u00a0: résultat", body="Voyez.")

    assert message.subject == "Dossier 2026-000001\u00a0: résultat"
