"""What is shown on the portal first: read there, or sent by mail as its person prefers, once."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from jobs.models import Job
from notifications.models import MailPreference, Notification
from notifications.operations import SEND_TASK, choose_mail, mark_read, notify, send_digests, write_to
from notifications.tasks import send_mail_job
from tests.factories import UserFactory


@pytest.fixture
def person(db):
    return UserFactory.create(email="camille@editeur.example", full_name="Camille Martin")


def tell(person, subject="Dossier 2026-000001 : on vous mentionne"):
    colleague = UserFactory.create(full_name="Dominique Bavard")
    (notice,) = notify(
        [person], subject=subject, body=f"{colleague} vous mentionne.", path="/", about=colleague, in_app=True
    )
    return notice


def deliver():
    for job in Job.objects.filter(task=SEND_TASK, state=Job.State.QUEUED):
        send_mail_job(job.pk)
    return mail.outbox


def test_a_digest_that_runs_twice_is_sent_once(person):
    for number in range(25):
        tell(person, subject=f"Nouveauté {number}")
    assert deliver() == []

    assert (send_digests(), send_digests()) == (1, 0)

    (message,) = deliver()
    assert message.to == [person.email]
    assert message.subject == "[Convergence] 25 nouveautés dans vos dossiers"
    assert "- Nouveauté 0\n" in message.body
    assert "- et 5 autres" in message.body
    assert reverse("account_notices") in message.body
    # The mail is in nobody's power: it names nobody else.
    assert "Bavard" not in message.body
    tell(person)
    assert send_digests() == 1


def test_what_was_read_and_what_closed_accounts_received_is_not_sent(person):
    mark_read(person, tell(person))
    gone = UserFactory.create(is_active=False)
    tell(gone)

    assert send_digests() == 0


@pytest.mark.parametrize(("when", "sent", "digests"), [("at_once", 1, 0), ("never", 0, 0), ("daily", 0, 1)])
def test_it_leaves_as_the_person_prefers(person, when, sent, digests):
    choose_mail(person, when)
    tell(person)

    assert len(deliver()) == sent
    assert send_digests() == digests


def test_other_messages_leave_at_once_whatever_was_chosen(person):
    choose_mail(person, MailPreference.When.NEVER)
    notify([person], subject="Corrections demandées", body="Voyez le dossier.")

    assert [message.subject for message in deliver()] == ["[Convergence] Corrections demandées"]
    assert send_digests() == 0


def test_what_nobody_reads_on_the_portal_is_never_marked_as_read(person):
    addressed = write_to("ailleurs@nulle.example", subject="Bonjour", body="Venez.")
    for values in ({"in_app": True}, {"read_at": addressed.created_at}):
        with pytest.raises(IntegrityError, match="is_read_by_its_person"), transaction.atomic():
            Notification.objects.filter(pk=addressed.pk).update(**values)


def test_the_header_counts_them_until_they_are_opened_or_all_marked(client, person):
    first, _second = tell(person), tell(person)
    tell(UserFactory.create())
    client.force_login(person)
    page = reverse("account_notices")
    assert "Notifications (2 non lues)" in client.get(page).content.decode()

    opened = client.post(reverse("account_notice", args=[first.pk]))

    assert (opened.status_code, opened["Location"]) == (302, "/")
    assert "Notifications (1 non lue)" in client.get(page).content.decode()
    client.post(reverse("account_notices_read"))
    assert "non lue)" not in client.get(page).content.decode()
    assert Notification.objects.filter(in_app=True, read_at=None).count() == 1  # somebody else's
