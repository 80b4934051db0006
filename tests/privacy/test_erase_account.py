"""Erasing an account: what says who it was goes, what was done stays under a number."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.management.commands.sync_roles import sync_roles
from accounts.models import Invitation, Membership, Publisher, StaffRole, User
from accounts.operations.invitations import accept, invite
from accounts.operations.teams import LastMandataire
from assessments.models import AnswerRevision, Submission, Verdict, Visit
from assessments.operations.diagnostics import claim_diagnostic, run_diagnostic
from assessments.operations.visits import note_visit
from audit.models import Event
from audit.operations import record
from enrolment.models import AccountRequest
from enrolment.operations import NotNow, approve, ask_more, expire, refuse, submit
from jobs.models import Job
from notifications.models import Notification
from notifications.operations import notify
from privacy import tasks
from privacy.archive import write_archive
from privacy.models import DataExport, InactivityNotice
from privacy.operations.erasure import StillOnDuty, erase_account
from privacy.operations.exports import AccountErased, request_export
from privacy.tasks import export as export_task
from tests.accounts.invited import invited
from tests.assessments.filled import examine, submitted_dossier
from tests.assessments.saving import open_for
from tests.clients import SignedInClient
from tests.diagnostic.conftest import published
from tests.enrolment.asked import again, drafted, sent, with_proof
from tests.factories import PASSWORD, TOTP_SECRET, MembershipFactory, PublisherFactory, UserFactory, siren

__all__ = ["published"]
ADDRESS = "contributor@editeur.example"
SECOND = "second@ailleurs.example"


def fresh(user):
    return User.objects.get(pk=user.pk)


def whole_database():
    """Every row of every table, as one text: what is not in it is nowhere."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 — names come from the database itself
            parts += [str(row) for row in cursor.fetchall()]
    return "\n".join(parts)


@pytest.fixture
def known(contributor):
    """The contributor, with everything that the portal may know of a person."""
    EmailAddress.objects.create(user=contributor, email=SECOND, verified=True)
    Authenticator.objects.create(user=contributor, type=Authenticator.Type.TOTP, data={"secret": TOTP_SECRET})
    SocialAccount.objects.create(user=contributor, provider="principal", uid="sub-of-a-person", extra_data={"n": "v"})
    InactivityNotice.objects.create(user=contributor, sent_at=timezone.now())
    notify([contributor], subject="Bonjour", body="Un message pour vous.")
    return contributor


def test_the_name_the_addresses_and_the_password_are_gone(known):
    erased = erase_account(known, by=known)

    assert (erased.full_name, erased.is_active, erased.is_staff, erased.last_login) == ("", False, False, None)
    assert erased.email == f"efface-{known.pk}@efface.invalid"
    assert erased.erased_at is not None
    assert not erased.has_usable_password()
    assert str(erased) == "compte effacé"


@pytest.mark.parametrize("kind", [EmailAddress, Authenticator, SocialAccount, InactivityNotice, Membership])
def test_what_identified_the_person_is_gone(known, kind):
    assert kind.objects.filter(user=known).exists()

    erase_account(known, by=known)

    assert not kind.objects.filter(user=known).exists()


def test_their_messages_are_gone_and_others_stay(known, reader):
    notify([reader], subject="Bonjour", body="Pour un autre.")

    erase_account(known, by=known)

    assert [each.recipient for each in Notification.objects.all()] == [reader]


def test_their_visits_are_gone_and_others_stay(known, reader, product):
    dossier = open_for(product, by=known)
    for person in (known, reader):
        note_visit(dossier=dossier, by=person, at=timezone.now())

    erase_account(known, by=known)

    assert [each.user for each in Visit.objects.all()] == [reader]


@pytest.fixture
def busy(known, publisher, mandataire, stranger, support, administrator, product):
    """The same, after every act by which somebody's name goes where others read it."""
    submitted_dossier(product=product, by=known)
    _closed_and_reopened(known, by=administrator)
    accept(invite(stranger.memberships.get().publisher, email=SECOND, role="reader", by=stranger), by=known)
    own = {"signatory_name": known.full_name}
    with_proof(by=known, siren=siren(50_000_300), **own)
    expire(drafted(by=known, siren=siren(50_000_301), **own))
    submit(drafted(by=known, siren=PublisherFactory.create(created_by=mandataire).siren, **own), by=known)
    for number, end in enumerate((_asked, _refused, lambda request, staff: request), start=302):
        end(sent(by=known, siren=siren(50_000_000 + number), **own), support)
    approve(sent(by=known, siren=siren(50_000_310)), by=support)
    MembershipFactory.create(publisher=Publisher.objects.get(siren=siren(50_000_310)))
    record("evidence.opened", product, by=known)
    return fresh(known)


def _closed_and_reopened(user, *, by):
    sync_roles()
    client = SignedInClient()
    client.force_login(by)
    address = reverse("admin:accounts_user_change", args=[user.pk])
    for sent_box in ({}, {"is_active": "on"}):
        client.post(address, {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0", **sent_box})
    assert LogEntry.objects.count() == 2


def _asked(request, staff):
    request = ask_more(request, by=staff, text=f"{request.requester}, qui êtes-vous ?")
    submit(request, by=request.requester, answer=f"Je suis {request.requester}.")


def _refused(request, staff):
    refuse(request, by=staff, reason=f"{request.requester} n’est pas présidente.")


def test_nothing_in_the_whole_database_says_who_it_was(busy):
    client = SignedInClient()
    client.post(reverse("account_login"), {"login": SECOND, "password": PASSWORD})
    assert busy.full_name in whole_database()

    erase_account(busy, by=busy)

    left = whole_database()
    assert [word for word in (busy.full_name, ADDRESS, SECOND, "sub-of-a-person") if word in left] == []


def test_what_others_were_told_of_them_is_gone_and_of_others_stays(known, reader, support):
    notify([reader], subject="Bonjour", body="De quelqu’un.", about=known)
    kept = notify([reader], subject="Bonjour", body="D’un autre.", about=support)

    erase_account(known, by=known)

    assert list(Notification.objects.all()) == kept


def test_the_log_of_the_administration_never_has_their_name(known, administrator):
    _closed_and_reopened(known, by=administrator)

    assert set(LogEntry.objects.values_list("object_id", "object_repr")) == {(str(known.pk),) * 2}


def test_a_name_that_the_log_of_the_administration_has_all_the_same_is_taken_out(known, reader, administrator):
    for person in (known, reader):
        LogEntry.objects.log_actions(administrator.pk, [person], CHANGE, "[]")

    erase_account(known, by=known)

    names = dict(LogEntry.objects.values_list("object_id", "object_repr"))
    assert names == {str(known.pk): str(known.pk), str(reader.pk): reader.full_name}


def test_every_session_is_over(known):
    here, elsewhere = SignedInClient(), SignedInClient()
    here.force_login(known)
    elsewhere.force_login(known)
    assert elsewhere.get(reverse("privacy:mine")).status_code == 200

    erase_account(known, by=known)

    for client in (here, elsewhere):
        assert client.get(reverse("privacy:mine")).headers["Location"].startswith(reverse("account_login"))
    assert not UserSession.objects.filter(user=known).exists()


def test_no_row_of_a_session_is_left(contributor):
    client = SignedInClient()
    client.post(reverse("account_login"), {"login": contributor.email, "password": PASSWORD})
    assert Session.objects.exists()

    erase_account(contributor, by=contributor)

    assert not Session.objects.exists()


def test_what_was_done_stays_under_the_number(contributor, reviewer, product):
    dossier = submitted_dossier(product=product, by=contributor)
    examine(dossier, by=reviewer)
    counted = [
        AnswerRevision.objects.filter(saved_by=contributor).count(),
        Submission.objects.filter(submitted_by=contributor).count(),
        Verdict.objects.filter(item__submission__dossier=dossier).count(),
        Event.objects.filter(actor=contributor).count(),
    ]
    assert 0 not in counted

    erase_account(contributor, by=None)

    assert counted == [
        AnswerRevision.objects.filter(saved_by=contributor).count(),
        Submission.objects.filter(submitted_by=contributor).count(),
        Verdict.objects.filter(item__submission__dossier=dossier).count(),
        Event.objects.filter(actor=contributor).count(),
    ]


def test_it_is_traced_without_a_name(known):
    erase_account(known, by=known)

    verbs = Event.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["membership.removed", "account.erased"]
    told = json.dumps(list(Event.objects.values_list("data", flat=True)))
    assert ADDRESS not in told
    assert known.full_name not in told


def test_the_last_mandataire_is_refused_and_nothing_is_done(mandataire, reader):
    with pytest.raises(LastMandataire):
        erase_account(mandataire, by=mandataire)

    assert fresh(mandataire).full_name
    assert Membership.objects.filter(user=mandataire).exists()
    assert not Event.objects.exists()


def test_the_last_mandataire_of_one_of_two_teams_leaves_neither(mandataire, publisher):
    MembershipFactory.create(publisher=publisher)
    MembershipFactory.create(user=mandataire)

    with pytest.raises(LastMandataire):
        erase_account(mandataire, by=mandataire)

    assert Membership.objects.filter(user=mandataire).count() == 2


def test_a_mandataire_with_another_beside_is_erased(mandataire, publisher):
    MembershipFactory.create(publisher=publisher)

    assert erase_account(mandataire, by=mandataire).erased_at


@pytest.mark.parametrize("role", [role.value for role in StaffRole])
def test_staff_give_their_role_back_first(request, role):
    agent = request.getfixturevalue(role)

    with pytest.raises(StillOnDuty):
        erase_account(agent, by=agent)

    assert fresh(agent).email == agent.email


def test_a_superuser_is_refused_too(db):
    root = UserFactory.create(is_superuser=True)

    with pytest.raises(StillOnDuty):
        erase_account(root, by=root)


def test_erasing_twice_is_erasing_once(known):
    first = erase_account(known, by=known)

    second = erase_account(known, by=known)

    assert second.erased_at == first.erased_at
    assert Event.objects.filter(verb="account.erased").count() == 1


def test_two_people_may_be_erased(known, reader):
    assert erase_account(known, by=known).email != erase_account(reader, by=reader).email


def test_the_address_may_open_another_account(client, known):
    erase_account(known, by=known)

    typed = {"full_name": "Une Autre", "email": ADDRESS, "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), typed)

    newcomer = User.objects.get(email=ADDRESS)
    assert newcomer.pk != known.pk
    assert not newcomer.memberships.exists()


def test_the_password_opens_nothing_any_more(client, known):
    erase_account(known, by=known)

    for address in (ADDRESS, f"efface-{known.pk}@efface.invalid"):
        client.post(reverse("account_login"), {"login": address, "password": PASSWORD})
        assert "_auth_user_id" not in client.session


def test_the_person_is_told_once_it_is_done(known, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        erase_account(known, by=known)

    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert message.subject == "[Convergence] Votre compte est fermé"


def test_the_clock_tells_nobody(known, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        erase_account(known, by=None)

    assert mail.outbox == []


def test_a_mail_server_that_is_away_does_not_keep_the_account(known, monkeypatch, django_capture_on_commit_callbacks):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        erase_account(known, by=known)

    assert fresh(known).erased_at is not None


def test_the_copy_of_their_data_is_gone_with_its_file(
    known, exported, exports_folder, django_capture_on_commit_callbacks
):
    exported(known)

    with django_capture_on_commit_callbacks(execute=True):
        erase_account(known, by=known)

    assert not DataExport.objects.exists()
    assert not [path for path in exports_folder.rglob("*") if path.is_file()]


def test_an_archive_that_a_killed_worker_left_before_saying_so_goes_too(
    known, exports_folder, django_capture_on_commit_callbacks
):
    (exports_folder / f"{request_export(known).pk}.zip").write_bytes(b"PK")

    with django_capture_on_commit_callbacks(execute=True):
        erase_account(known, by=known)

    assert not list(exports_folder.iterdir())


def test_an_erasure_while_the_archive_is_written_keeps_nothing_of_it(known, exports_folder, monkeypatch):
    """The worker has read everything, and comes to keep it a moment too late."""
    job = request_export(known).job

    def write_then_erase(*args):
        write_archive(*args)
        erase_account(known, by=known)

    monkeypatch.setattr(tasks, "write_archive", write_then_erase)
    export_task(job.pk)

    assert not list(exports_folder.iterdir())
    assert not DataExport.objects.exists()
    job.refresh_from_db()
    assert job.state == Job.State.DONE


def test_nobody_asks_for_the_copy_of_an_account_that_is_erased(known):
    stale = fresh(known)
    erase_account(known, by=known)

    with pytest.raises(AccountErased):
        request_export(stale)
    assert not DataExport.objects.exists()


def test_a_copy_under_way_is_not_made(known, exports_folder):
    job_id = request_export(known).job_id
    erase_account(known, by=known)

    export_task(job_id)

    assert not DataExport.objects.exists()
    assert not list(exports_folder.iterdir())


def test_an_invitation_that_waits_for_them_is_taken_back_without_their_address(known, mandataire):
    waiting = invite(MembershipFactory.create(user=mandataire).publisher, email=SECOND, role="reader", by=mandataire)

    erase_account(known, by=known)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.email) == (Invitation.State.REVOKED, f"efface-{known.pk}@efface.invalid")


def test_a_diagnostic_that_they_kept_is_anonymous_again(known, published):
    diagnostic = run_diagnostic(published=published, answers={"DIA-01": "oui", "DIA-02": "ouvert"})
    claim_diagnostic(diagnostic.token, known)

    erase_account(known, by=known)

    diagnostic.refresh_from_db()
    assert diagnostic.user is None


def test_a_request_that_they_had_begun_goes_whole(known):
    drafted(by=known)

    erase_account(known, by=known)

    assert not AccountRequest.objects.exists()


def test_a_request_that_was_sent_goes_out_too_and_opens_no_publisher_for_nobody(known, support):
    request = sent(by=known)
    erase_account(known, by=known)

    assert again(request).state == AccountRequest.State.EXPIRED
    with pytest.raises(NotNow):
        approve(again(request), by=support)
    assert not Membership.objects.filter(user=known).exists()


def test_a_message_written_to_their_address_is_gone_too(known, mandataire):
    publisher = MembershipFactory.create(user=mandataire).publisher
    invited(publisher, by=mandataire, email=SECOND)

    erase_account(known, by=known)

    assert not Notification.objects.filter(address=SECOND).exists()


def test_an_invitation_for_an_address_that_they_never_confirmed_is_left_alone(known, mandataire):
    """Otherwise anybody could take back anybody's invitation: add the address, close the account."""
    publisher = MembershipFactory.create(user=mandataire).publisher
    waiting = invite(publisher, email="bob@editeur.example", role="reader", by=mandataire)
    EmailAddress.objects.create(user=known, email="bob@editeur.example", verified=False)

    erase_account(known, by=known)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.email) == (Invitation.State.SENT, "bob@editeur.example")
