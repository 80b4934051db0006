"""Who is in a publisher's team, and beside it."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import FormerMembership, Invitation, Membership, Publisher, User
from accounts.policies import is_staff_member, manageable_by, manageable_roles
from audit.operations import record
from notifications.operations import notify


class AlreadyMember(Exception):
    """The person is already in the team."""


class LastMandataire(Exception):
    """A team without a mandataire could not be managed by anybody."""


class RoleChanged(Exception):
    """A colleague has just given the member another role: whoever may touch the one may not touch the other."""


class StaffMember(Exception):
    """The person works for the State's side: judge and judged stay apart."""


class ClosedAccount(Exception):
    """The person's account was closed or erased meanwhile."""


class NoLongerAllowed(PermissionDenied):
    """The person lost that right while they waited for the team's lock: a 403, as if they had come a moment later."""


@transaction.atomic
def join(publisher: Publisher, *, user: User, role: str, expires_at: datetime | None, by: User) -> Membership:
    """Let a person in. Raises AlreadyMember, StaffMember or ClosedAccount.

    The person's row is locked, as it is when a staff role is given: nobody becomes both at the same moment.
    """
    publisher = lock(publisher)
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not user.is_active:
        raise ClosedAccount
    if is_staff_member(user):
        raise StaffMember
    end_lapsed(user)
    membership, created = Membership.objects.get_or_create(
        publisher=publisher, user=user, defaults={"role": role, "expires_at": expires_at}
    )
    if not created:
        raise AlreadyMember
    record("membership.added", membership, by=by, publisher=publisher.pk, user=user.pk, role=role)
    return membership


@transaction.atomic
def change_role(membership: Membership, *, by: User, role: str) -> Membership:
    """Give a member of the team another role of the team. Raises LastMandataire, RoleChanged or NoLongerAllowed.

    Invitations that the member had sent and could no longer send are taken back.
    """
    membership = _lock_membership(membership)
    before = membership.role
    check_still_manages(by, membership.publisher_id, before, role)
    if role == before:
        return membership
    _keep_a_mandataire(membership)
    membership.role = Membership.Role(role)
    membership.save(update_fields=["role"])
    record(
        "membership.role_changed",
        membership,
        by=by,
        publisher=membership.publisher_id,
        user=membership.user_id,
        before=before,
        after=role,
    )
    _take_back_invitations(membership, but=manageable_by(role), by=by)
    if membership.user_id != by.pk:
        words = {"publisher": membership.publisher, "role": membership.get_role_display()}
        _tell(membership, _("Votre rôle a changé dans l’équipe %(publisher)s : %(role)s.") % words)
    return membership


@transaction.atomic
def change_end(membership: Membership, *, by: User, expires_at: datetime) -> Membership:
    """Lengthen or shorten a consultant's access. Raises RoleChanged or NoLongerAllowed."""
    membership = _lock_membership(membership)
    check_still_manages(by, membership.publisher_id, membership.role)
    before = membership.expires_at
    membership.expires_at = expires_at
    membership.save(update_fields=["expires_at"])
    record(
        "membership.end_changed",
        membership,
        by=by,
        publisher=membership.publisher_id,
        user=membership.user_id,
        before=before.isoformat() if before else "",
        after=expires_at.isoformat(),
    )
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, by: User | None) -> None:
    """Take a member out of the team; their account and what they wrote stay, the invitations they sent go.

    `by`: None for the rules of retention. Raises LastMandataire, RoleChanged or NoLongerAllowed.
    """
    membership = _lock_membership(membership)
    if by is not None and by.pk != membership.user_id:
        check_still_manages(by, membership.publisher_id, membership.role)
    _keep_a_mandataire(membership)
    _take_back_invitations(membership, but=(), by=by)
    _end(membership, by=by)
    if by is not None and by.pk != membership.user_id:
        _tell(
            membership, _("Vous ne faites plus partie de l’équipe %(publisher)s.") % {"publisher": membership.publisher}
        )


def end_lapsed(user: User) -> None:
    """Take out a consultant whose time is over, before they get another place. Needs the person's row locked."""
    for membership in user.memberships.lapsed():
        _end(membership, by=None)


def check_still_manages(by: User, publisher_id: int, *roles: str) -> None:
    """Raise NoLongerAllowed unless the person may give and take these roles now. Needs the team's lock."""
    forget_roles(by)
    if not set(roles) <= set(manageable_roles(by, publisher_id)):
        raise NoLongerAllowed


def take_back(invitation: Invitation, *, by: User | None) -> None:
    """End an invitation that waits; its row is locked, or its team's is."""
    invitation.state = Invitation.State.REVOKED
    invitation.save(update_fields=["state"])
    record("invitation.revoked", invitation, by=by, publisher=invitation.publisher_id, role=invitation.role)


def lock(publisher: Publisher) -> Publisher:
    """Every change of a team waits here: two mandataires cannot remove each other at the same moment."""
    return Publisher.objects.select_for_update(of=("self",)).get(pk=publisher.pk)


def forget_roles(user: User) -> None:
    """What was read of a person's roles before they changed, in this request."""
    for name in ("membership_roles", "staff_roles"):
        user.__dict__.pop(name, None)


def keeps_a_mandataire(membership: Membership) -> bool:
    """Whether somebody else could still manage the team without this member."""
    others = Membership.objects.filter(
        publisher=membership.publisher_id, role=Membership.Role.MANDATAIRE, user__is_active=True
    ).exclude(pk=membership.pk)
    return membership.role != Membership.Role.MANDATAIRE or others.exists()


def _lock_membership(membership: Membership) -> Membership:
    """The row as it is now. Raises Membership.DoesNotExist when a colleague has just removed it, or RoleChanged."""
    lock(membership.publisher)
    found = Membership.objects.select_related("publisher", "user").get(pk=membership.pk)
    if found.role != membership.role:
        raise RoleChanged
    return found


def _keep_a_mandataire(membership: Membership) -> None:
    if not keeps_a_mandataire(membership):
        raise LastMandataire


def _take_back_invitations(membership: Membership, *, but: Iterable[str], by: User | None) -> None:
    """What the member had sent, except to the roles that they may still give."""
    sent = Invitation.objects.filter(
        publisher=membership.publisher_id, invited_by=membership.user_id, state=Invitation.State.SENT
    )
    for invitation in sent.exclude(role__in=but):
        take_back(invitation, by=by)


def _end(membership: Membership, *, by: User | None) -> None:
    record(
        "membership.removed",
        membership,
        by=by,
        publisher=membership.publisher_id,
        user=membership.user_id,
        role=membership.role,
    )
    FormerMembership.objects.create(
        user_id=membership.user_id,
        publisher_id=membership.publisher_id,
        role=membership.role,
        began_at=membership.created_at,
        ended_at=timezone.now(),
    )
    membership.delete()


def _tell(membership: Membership, sentence: str) -> None:
    notify(
        [membership.user],
        subject=_("Votre place dans l’équipe %(publisher)s") % {"publisher": membership.publisher},
        body=sentence + "\n\n" + _("Ce n’est pas ce que vous attendiez ? Adressez-vous à un mandataire de l’équipe."),
        path=reverse("home"),
    )
