"""Let go of what has lasted long enough: one rule for each kind of data, durations in settings.RETENTION_DAYS.

Every rule may run twice, and deletes by batches so that no table stays locked.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Invitation, User
from accounts.operations.teams import LastMandataire
from assessments.models import Diagnostic
from audit.operations import record
from enrolment.operations import delete_old, expire_old
from jobs.models import Job
from notifications.models import Notification
from notifications.operations import notify
from privacy.models import DataExport, InactivityNotice, RetentionRun
from privacy.operations.erasure import NoLongerDue, StillOnDuty, erase_account
from privacy.operations.exports import discard, sweep_archives
from results.models import Report

BATCH = 500


def apply_retention(now: datetime) -> RetentionRun:
    """Apply every rule and keep what each did."""
    counts = {name: rule(now) for name, rule in RULES.items()}
    with transaction.atomic():
        run = RetentionRun.objects.create(started_at=now, counts=counts)
        record("retention.applied", run, by=None, **counts)
    return run


def _before(now: datetime, kind: str) -> datetime:
    return now - timedelta(days=settings.RETENTION_DAYS[kind])


def _delete(rows: "QuerySet[Any]") -> int:
    """Delete by batches; return how many rows of this very table went."""
    deleted = 0
    model: type[Model] = rows.model
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        model._default_manager.filter(pk__in=ids).delete()
        deleted += len(ids)
    return deleted


def _expired_sessions(now: datetime) -> int:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    store.clear_expired()
    # allauth keeps the whole address and the browser of each session: no longer than the session.
    return _delete(UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")))


def _exports(now: datetime) -> int:
    never_made = Q(expires_at=None, requested_at__lte=_before(now, "exports"))
    void = Q(pk__in=DataExport.objects.void().values("pk"))
    over = DataExport.objects.filter(Q(expires_at__lte=now) | never_made | void)
    return sum(_discard(over, pk) for pk in list(over.values_list("pk", flat=True)))


@transaction.atomic
def _discard(over: QuerySet[DataExport], pk: int) -> bool:
    """Whether it went. Judged again once locked: a worker may be keeping the archive at this very moment."""
    export = over.select_for_update(of=("self",)).filter(pk=pk).first()
    if export is not None:
        discard(export)
    return export is not None


def _stray_archives(now: datetime) -> int:
    return sweep_archives()


def _anonymous_diagnostics(now: datetime) -> int:
    return _delete(Diagnostic.objects.filter(user=None, created_at__lte=_before(now, "anonymous_diagnostics")))


def _invitations(now: datetime) -> int:
    """Those that were not accepted: an accepted one says how a member came in."""
    over = Invitation.objects.exclude(state=Invitation.State.ACCEPTED)
    return _delete(over.filter(expires_at__lte=_before(now, "invitations")))


def _account_requests(now: datetime) -> int:
    """Requests left alone are put out; those that led nowhere are deleted. One that opened a publisher stays, without
    its proof, what was said, and the name of who bound the company."""
    expire_old(now)
    return delete_old(_before(now, "account_requests"))


def _notifications(now: datetime) -> int:
    return _delete(Notification.objects.filter(created_at__lte=_before(now, "notifications")))


def _jobs(now: datetime) -> int:
    """Finished work, unless a report or an export still tells its progress from it."""
    over = Job.objects.filter(state__in=[Job.State.DONE, Job.State.FAILED], alive_at__lte=_before(now, "jobs"))
    named = Exists(Report.objects.filter(job=OuterRef("pk"))) | Exists(DataExport.objects.filter(job=OuterRef("pk")))
    return _delete(over.exclude(named))


def _unconfirmed_accounts(now: datetime) -> int:
    """Whoever never followed the link of their first message. They never came in: nothing else can be theirs."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    never = _living().filter(~Exists(confirmed), last_login=None)
    return _erase(never.filter(date_joined__lte=_before(now, "unconfirmed_accounts")))


def _inactive_accounts(now: datetime) -> int:
    """Whoever did not sign in although they were warned."""
    warned = InactivityNotice.objects.filter(
        user=OuterRef("pk"),
        sent_at__lte=now - timedelta(days=settings.INACTIVITY_NOTICE_DAYS),
        sent_at__gt=OuterRef("seen_at"),
    )
    return _erase(_inactive(now).filter(Exists(warned)))


def _warnings(now: datetime) -> int:
    """Warn once whoever will be erased, with the date until which signing in is enough."""
    sent_since = InactivityNotice.objects.filter(user=OuterRef("pk"), sent_at__gt=OuterRef("seen_at"))
    soon = _inactive(now + timedelta(days=settings.INACTIVITY_NOTICE_DAYS)).exclude(Exists(sent_since))
    until = date_format((now + timedelta(days=settings.INACTIVITY_NOTICE_DAYS)).date(), "j F Y")
    people = list(soon)
    for person in people:
        with transaction.atomic():
            InactivityNotice.objects.update_or_create(user=person, defaults={"sent_at": now})
            _warn(person, until)
    return len(people)


def _warn(person: User, until: str) -> None:
    if person.is_active:
        notify(
            [person],
            subject=_("Votre compte sera bientôt effacé"),
            body=_(
                "Vous ne vous êtes pas connecté depuis longtemps. Sans connexion avant le %(date)s, votre "
                "compte et vos données personnelles seront effacés. Pour les garder, connectez-vous."
            )
            % {"date": until},
            path=reverse("account_login"),
        )
        return
    # Signing in would not open it: an administrator closed it.
    notify(
        [person],
        subject=_("Votre compte fermé sera bientôt effacé"),
        body=_(
            "Votre compte a été fermé par un administrateur. Vos données personnelles seront effacées le %(date)s. "
            "Pour vous y opposer, écrivez à %(contact)s."
        )
        % {"date": until, "contact": settings.PRIVACY_CONTACT},
        path=reverse("privacy:notice"),
    )


def _living() -> QuerySet[User]:
    """Accounts of people without a role on the State's side, closed ones included: agents who gave theirs back too."""
    return User.objects.filter(erased_at=None, groups=None, is_superuser=False).annotate(
        seen_at=Coalesce("last_login", "date_joined")
    )


def _inactive(now: datetime) -> QuerySet[User]:
    limit = _before(now, "inactive_accounts")
    return _living().filter(Q(last_login__lte=limit) | Q(last_login=None, date_joined__lte=limit))


def _erase(people: QuerySet[User]) -> int:
    """Erase one by one, each judged again when their turn comes: erasing the others took time.

    A last mandataire is left alone: the publisher would have nobody.
    """
    erased = 0
    for person in list(people):
        try:
            erase_account(person, by=None, due=people)
        except (LastMandataire, StillOnDuty, NoLongerDue):
            continue
        erased += 1
    return erased


# In the order in which they run: people are warned before the inactive are erased, so nobody is both on one day.
RULES: dict[str, Callable[[datetime], int]] = {
    "exports": _exports,
    "stray_archives": _stray_archives,
    "anonymous_diagnostics": _anonymous_diagnostics,
    "invitations": _invitations,
    "account_requests": _account_requests,
    "notifications": _notifications,
    "jobs": _jobs,
    "sessions": _expired_sessions,
    "unconfirmed_accounts": _unconfirmed_accounts,
    "inactivity_warnings": _warnings,
    "inactive_accounts": _inactive_accounts,
}
