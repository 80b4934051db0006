"""Erase an account: nothing says whose it was, and what was done stays under a number.

The legal trail (answers of a dossier, submissions, verdicts, events) is kept: it belongs to the publisher's file and to
the examination, and names nobody once the account's row is anonymous (RGPD, article 17, paragraph 3).
"""

import logging
import smtplib
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Invitation, Publisher, User
from accounts.operations.staff import end_sessions
from accounts.operations.teams import remove_member
from accounts.policies import is_staff_member
from assessments.models import Diagnostic, Draft, Import, Visit
from audit.operations import record
from enrolment.models import AccountRequest
from enrolment.operations import forget_requests_of
from notifications.models import MailPreference, Notification
from privacy.models import DataExport, InactivityNotice
from privacy.operations.exports import discard

logger = logging.getLogger(__name__)


# How many times the rows of a person are looked for again when more of them appeared meanwhile.
ATTEMPTS = 5


class StillOnDuty(Exception):
    """The person works for the State's side: their roles are given back first."""


class NoLongerDue(Exception):
    """The person has come back since the rules of retention chose them."""


class Moved(Exception):
    """Something became the person's while their rows were being locked."""


def erase_account(user: User, *, by: User | None, due: QuerySet[User] | None = None) -> User:
    """Close the account for ever and remove what identifies the person.

    `by`: the person, or None for the retention rules; `due`: those whom a rule may erase, asked again once the row is
    locked. Raises StillOnDuty, NoLongerDue, and accounts.operations.teams.LastMandataire when a team would be left
    without anybody to manage it.
    """
    for _attempt in range(ATTEMPTS - 1):
        try:
            return _erase(user, by=by, due=due)
        except Moved:
            continue
    return _erase(user, by=by, due=due)


@transaction.atomic
def _erase(user: User, *, by: User | None, due: QuerySet[User] | None) -> User:
    user = _locked(user)
    if due is not None and not due.filter(pk=user.pk).exists():
        raise NoLongerDue
    if user.erased_at is not None:
        return user
    if is_staff_member(user):
        raise StillOnDuty
    for membership in user.memberships.select_related("publisher"):
        remove_member(membership, by=by)
    record("account.erased", user, by=by)
    if by is not None:
        _tell(user.email)
    _forget_traces(user)
    return _make_anonymous(user)


def _locked(user: User) -> User:
    """The person's row, and before it all that other operations lock before a person.

    What appears between the first lock and the last belongs to somebody who may be waiting for the person's row:
    locking it now would be the wrong way round, hence Moved, and everything again.
    """
    found = [[row.pk for row in rows.select_for_update(of=("self",))] for rows in _rows_of(user)]
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if [[row.pk for row in rows] for rows in _rows_of(user)] != found:
        raise Moved
    return user


def _rows_of(user: User) -> list[QuerySet[Any]]:
    """In the order of docs/architecture.md, « Locks »."""
    return [
        Publisher.objects.filter(pk__in=user.memberships.values("publisher")).order_by("pk"),
        Invitation.objects.filter(_mentions(user)).order_by("pk"),
        AccountRequest.objects.filter(requester=user).order_by("pk"),
        DataExport.objects.filter(user=user).order_by("pk"),
    ]


def _mentions(user: User) -> Q:
    """Invitations that the person accepted, or that went to them."""
    found = Q(accepted_by=user)
    for address in _addresses(user):
        found |= Q(email__iexact=address)
    return found


def _addresses(user: User) -> list[str]:
    """An address that was never confirmed may be somebody else's."""
    return list(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True))


def _forget_traces(user: User) -> None:
    """Everything that exists only for the person's own use of the portal, and every place that names them."""
    _forget_messages(user)
    MailPreference.objects.filter(person=user).delete()
    for invitation in Invitation.objects.filter(_mentions(user)):
        if invitation.state == Invitation.State.SENT:
            invitation.state = Invitation.State.REVOKED
        invitation.email = _nobody(user)
        invitation.save(update_fields=["state", "email"])
    forget_requests_of(user)
    for export in DataExport.objects.filter(user=user):
        discard(export)
    InactivityNotice.objects.filter(user=user).delete()
    Visit.objects.filter(user=user).delete()
    end_sessions(user)
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    Diagnostic.objects.filter(user=user).update(user=None)
    Draft.objects.filter(author=user).delete()
    Import.objects.filter(author=user).delete()
    # Django's own log of the administration keeps what each row was called.
    named = LogEntry.objects.filter(content_type__app_label="accounts", content_type__model="user")
    named.filter(object_id=str(user.pk)).update(object_repr=str(user.pk))


def _forget_messages(user: User) -> None:
    """Those that the person received, and those that name them to others."""
    found = Q(recipient=user) | Q(about=user)
    for address in _addresses(user):
        found |= Q(address__iexact=address)
    Notification.objects.filter(found).delete()


def _make_anonymous(user: User) -> User:
    user.email, user.full_name = _nobody(user), ""
    user.set_unusable_password()
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.erased_at = timezone.now()
    user.save()
    return user


def _nobody(user: User) -> str:
    """An address that nobody can own (RFC 2606), and that stays unique."""
    return f"efface-{user.pk}@efface.invalid"


def _tell(address: str) -> None:
    """The last message: the row that held the address no longer has it, so it leaves from here."""

    def send() -> None:
        message = EmailMessage(
            subject=_("[Convergence] Votre compte est fermé"),
            body=_(
                "Vous avez demandé la fermeture de votre compte : c’est fait, et vos données personnelles sont "
                "effacées.\n"
                "Ce que vous aviez rempli pour un éditeur reste dans ses dossiers, sans votre nom.\n"
            ),
            to=[address],
        )
        try:
            message.send()
        except (smtplib.SMTPException, OSError):
            logger.warning("The confirmation of an erasure was not sent: the mail server is away.", exc_info=True)

    transaction.on_commit(send)
