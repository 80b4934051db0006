"""Open a publisher, and say who is in its team."""

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership, Publisher, User
from accounts.policies import is_staff_member
from audit.operations import record
from notifications.operations import notify


class PublisherExists(Exception):
    """A publisher with that SIREN is already there."""


class AlreadyMember(Exception):
    """The person is already in the team."""


class LastMandataire(Exception):
    """A team without a mandataire could not be managed by anybody."""


@transaction.atomic
def open_publisher(*, by: User, siren: str, legal_name: str, address: str, postal_code: str, city: str) -> Publisher:
    """Create a publisher; the person who opens it becomes its mandataire.

    `siren`: nine digits, already checked. Raises PublisherExists, also for the slower of two people
    who open the same company at the same moment: the database decides.
    """
    try:
        with transaction.atomic():
            publisher = Publisher.objects.create(
                siren=siren, legal_name=legal_name, address=address, postal_code=postal_code, city=city, created_by=by
            )
    except IntegrityError as error:
        if Publisher.objects.filter(siren=siren).exists():
            raise PublisherExists from error
        raise
    membership = Membership.objects.create(publisher=publisher, user=by, role=Membership.Role.MANDATAIRE)
    record("publisher.opened", publisher, by=by)
    record("membership.added", membership, by=by, publisher=publisher.pk, user=by.pk, role=membership.role)
    return publisher


@transaction.atomic
def add_member(publisher: Publisher, *, by: User, email: str, role: str) -> Membership | None:
    """Let the person known by a confirmed address join the team, and tell them.

    Returns None when nobody can be added under that address: unknown, not confirmed, closed, or on the
    State's side. Callers say the same sentence in every case. Raises AlreadyMember.
    """
    publisher = _lock(publisher)
    user = _person_at(email)
    if user is None or is_staff_member(user):
        return None
    membership, created = Membership.objects.get_or_create(publisher=publisher, user=user, defaults={"role": role})
    if not created:
        raise AlreadyMember
    record("membership.added", membership, by=by, publisher=publisher.pk, user=user.pk, role=role)
    notify(
        [user],
        subject=_("Vous avez rejoint l’équipe de %(publisher)s") % {"publisher": publisher},
        body=_("Vous êtes désormais %(role)s dans l’équipe de %(publisher)s.")
        % {"role": membership.get_role_display(), "publisher": publisher},
        path=reverse("accounts:team", args=[publisher.siren]),
    )
    return membership


@transaction.atomic
def change_role(membership: Membership, *, by: User, role: str) -> Membership:
    """Give a member another role. Raises LastMandataire."""
    membership = _lock_membership(membership)
    before = membership.role
    if role == before:
        return membership
    _keep_a_mandataire(membership)
    membership.role = role
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
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, by: User) -> None:
    """Take a member out of the team; their account and what they wrote stay. Raises LastMandataire."""
    membership = _lock_membership(membership)
    _keep_a_mandataire(membership)
    record(
        "membership.removed",
        membership,
        by=by,
        publisher=membership.publisher_id,
        user=membership.user_id,
        role=membership.role,
    )
    membership.delete()


def _lock(publisher: Publisher) -> Publisher:
    """Every change of a team waits here: two mandataires cannot remove each other at the same moment."""
    return Publisher.objects.select_for_update(of=("self",)).get(pk=publisher.pk)


def _lock_membership(membership: Membership) -> Membership:
    """Raises Membership.DoesNotExist when a colleague has just removed it."""
    _lock(membership.publisher)
    return Membership.objects.get(pk=membership.pk)


def _person_at(email: str) -> User | None:
    address = (
        EmailAddress.objects.filter(email__iexact=email.strip(), verified=True, user__is_active=True)
        .select_related("user")
        .first()
    )
    return address.user if address else None


def _keep_a_mandataire(membership: Membership) -> None:
    if membership.role != Membership.Role.MANDATAIRE:
        return
    others = Membership.objects.filter(
        publisher=membership.publisher_id, role=Membership.Role.MANDATAIRE, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise LastMandataire
