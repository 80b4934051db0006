"""Invite people by e-mail: send, send again, take back, accept. The only way into a team that exists.

Whoever invites is told the same whether or not an account exists at that address: the message goes to the address
itself.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Invitation, Membership, Publisher, User
from accounts.operations.teams import AlreadyMember, check_still_manages, join, lock, take_back
from accounts.policies import manageable_roles
from audit.operations import record
from notifications.operations import notify, write_to


class InvitationOver(Exception):
    """It was accepted, taken back, replaced, or its time is over."""


class NotTheirsToReplace(Exception):
    """An invitation to a role that the person may not give waits at this address."""


class AccessPast(Exception):
    """The consultant's access would be over before it began."""


class AnotherAddress(Exception):
    """The person has not confirmed the address to which the invitation was sent."""


@transaction.atomic
def invite(
    publisher: Publisher, *, email: str, role: str, access_until: datetime | None = None, by: User
) -> Invitation:
    """Send an invitation; one that waits already at this address is replaced.

    `access_until`: for a consultant, and only then, when their access will end. Raises AlreadyMember, NoLongerAllowed,
    and NotTheirsToReplace when a representative would put aside what a mandataire decided.
    """
    publisher = lock(publisher)
    check_still_manages(by, publisher.pk, role)
    email = email.strip().lower()
    if _is_member(publisher, email):
        raise AlreadyMember
    now = timezone.now()
    waiting = publisher.invitations.select_for_update(of=("self",))
    for former in waiting.filter(email__iexact=email, state=Invitation.State.SENT):
        if former.role not in manageable_roles(by, publisher.pk):
            raise NotTheirsToReplace
        take_back(former, by=by)
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        publisher=publisher,
        email=email,
        role=role,
        access_until=access_until,
        token_hash=hashed(secret),
        sent_at=now,
        expires_at=_end(now, access_until),
        invited_by=by,
    )
    record("invitation.sent", invitation, by=by, publisher=publisher.pk, role=role)
    _send(invitation, secret)
    return invitation


@transaction.atomic
def resend(invitation: Invitation, *, by: User) -> Invitation:
    """Send it again, with a new link: the former one no longer opens anything.

    Raises InvitationOver, AccessPast or NoLongerAllowed.
    """
    lock(invitation.publisher)
    invitation = _locked(invitation)
    check_still_manages(by, invitation.publisher_id, invitation.role)
    if invitation.state != Invitation.State.SENT:
        raise InvitationOver
    secret, now = secrets.token_urlsafe(32), timezone.now()
    if invitation.access_until is not None and invitation.access_until <= now:
        raise AccessPast
    invitation.token_hash, invitation.sent_at = hashed(secret), now
    invitation.expires_at = _end(now, invitation.access_until)
    invitation.save(update_fields=["token_hash", "sent_at", "expires_at"])
    record("invitation.resent", invitation, by=by, publisher=invitation.publisher_id, role=invitation.role)
    _send(invitation, secret)
    return invitation


@transaction.atomic
def revoke(invitation: Invitation, *, by: User) -> Invitation:
    """Take it back. Raises NoLongerAllowed, or InvitationOver when it was accepted meanwhile."""
    lock(invitation.publisher)
    invitation = _locked(invitation)
    check_still_manages(by, invitation.publisher_id, invitation.role)
    if invitation.state == Invitation.State.ACCEPTED:
        raise InvitationOver
    if invitation.state == Invitation.State.SENT:
        take_back(invitation, by=by)
    return invitation


@transaction.atomic
def accept(invitation: Invitation, *, by: User) -> Membership:
    """Join the team. Raises InvitationOver, AnotherAddress, and what `join` raises."""
    lock(invitation.publisher)
    invitation = _locked(invitation)
    if invitation.state != Invitation.State.SENT or invitation.has_expired:
        raise InvitationOver
    if not holds(by, invitation.email):
        raise AnotherAddress
    invitation.state, invitation.accepted_by = Invitation.State.ACCEPTED, by
    invitation.save(update_fields=["state", "accepted_by"])
    membership = join(invitation.publisher, user=by, role=invitation.role, expires_at=invitation.access_until, by=by)
    record("invitation.accepted", invitation, by=by, publisher=invitation.publisher_id, role=invitation.role)
    _tell_the_inviter(invitation, by)
    return membership


def hashed(secret: str) -> str:
    """What is kept of a link's secret. It has 256 bits: one pass of SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def holds(user: User, email: str) -> bool:
    """Whether the person has confirmed this address."""
    return bool(EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists())


def _end(now: datetime, access_until: datetime | None) -> datetime:
    """No invitation outlives the access that it gives."""
    end = now + timedelta(days=settings.INVITATION_DAYS)
    return end if access_until is None else min(end, access_until)


def _is_member(publisher: Publisher, email: str) -> bool:
    known = EmailAddress.objects.filter(email__iexact=email, verified=True).values("user")
    return publisher.memberships.current().filter(user__in=known).exists()


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("publisher", "invited_by")
    return rows.get(pk=invitation.pk)


def _send(invitation: Invitation, secret: str) -> None:
    words = {
        "who": invitation.invited_by,
        "publisher": invitation.publisher,
        "role": invitation.get_role_display(),
        "until": date_format(timezone.localtime(invitation.expires_at), "j F Y"),
    }
    write_to(
        invitation.email,
        subject=_("%(publisher)s vous invite sur Convergence") % words,
        body=_(
            "%(who)s vous invite à rejoindre %(publisher)s sur Convergence, comme %(role)s.\n\n"
            "Suivez le lien ci-dessous avant le %(until)s pour accepter. Vous n’attendiez pas ce message ? "
            "Ne faites rien : il ne se passera rien."
        )
        % words,
        path=reverse("accounts:invitation", args=[secret]),
        about=invitation.invited_by,
    )


def _tell_the_inviter(invitation: Invitation, newcomer: User) -> None:
    words = {"who": newcomer, "publisher": invitation.publisher, "role": invitation.get_role_display()}
    body = _("%(who)s a accepté votre invitation et fait partie de l’équipe %(publisher)s, comme %(role)s.") % words
    if invitation.role == Membership.Role.CONSULTANT:
        body = _("%(who)s a accepté votre invitation : ouvrez-lui maintenant les dossiers à remplir.") % words
    notify(
        [invitation.invited_by],
        subject=_("%(who)s a rejoint l’équipe") % words,
        body=body,
        path=reverse("accounts:team", args=[invitation.publisher.siren]),
        about=newcomer,
    )
