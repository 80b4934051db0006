"""Roles of the State's side, given and taken; accounts closed and opened again."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Publisher, StaffRole, User
from accounts.operations.teams import LastMandataire, end_lapsed, forget_roles, keeps_a_mandataire, lock
from audit.operations import record
from notifications.operations import notify

# Whose role opens Django's admin. What can be done there depends on the group's permissions.
IN_ADMINISTRATION = frozenset({StaffRole.EDITOR, StaffRole.ADMINISTRATOR})


class MemberOfPublisher(Exception):
    """The person belongs to a publisher: judge and judged stay apart."""


class Erased(Exception):
    """Nobody is left to whom the account could be given back."""


@transaction.atomic
def give_staff_role(user: User, role: StaffRole, *, by: User | None) -> None:
    """Give a role. Raises MemberOfPublisher. `by`: None for whoever has a shell on the machine."""
    user = _locked(user)
    end_lapsed(user)
    if user.memberships.exists():
        raise MemberOfPublisher
    _change(user, role, by=by, given=True)


@transaction.atomic
def take_staff_role(user: User, role: StaffRole, *, by: User | None) -> None:
    """Take a role back; taking one that the person has not changes nothing."""
    _change(_locked(user), role, by=by, given=False)


@transaction.atomic
def close_account(user: User, *, by: User) -> None:
    """Refuse the account from now on, and end its sessions. Raises LastMandataire."""
    for publisher in Publisher.objects.filter(memberships__user=user).order_by("pk"):
        lock(publisher)
    user = _locked(user)
    # Read once nobody else can change those teams: a reader may have been made mandataire a moment ago.
    if not all(keeps_a_mandataire(membership) for membership in user.memberships.all()):
        raise LastMandataire
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    record("user.closed", user, by=by)


@transaction.atomic
def forget_second_factors(user: User, *, by: User) -> None:
    """For somebody who lost them all, once their identity was checked. They make new ones at their next sign-in."""
    user = _locked(user)
    deleted, _rows = Authenticator.objects.filter(user=user).delete()
    if not deleted:
        return
    end_sessions(user)
    record("account.factors_forgotten", user, by=by)
    notify(
        [user],
        subject=_("Vos seconds facteurs sont retirés"),
        body=_(
            "Un administrateur a retiré les seconds facteurs de votre compte : codes, clés d’accès, codes de secours. "
            "Connectez-vous avec votre mot de passe, puis choisissez-en d’autres.\n\n"
            "Vous ne l’avez pas demandé ? Écrivez aussitôt à l’assistance."
        ),
        path=reverse("account_login"),
    )


@transaction.atomic
def reopen_account(user: User, *, by: User) -> None:
    """Let the person in again, as before. Raises Erased."""
    user = _locked(user)
    if user.erased_at is not None:
        raise Erased
    user.is_active = True
    user.save(update_fields=["is_active"])
    record("user.reopened", user, by=by)


def end_sessions(user: User, *, but: str = "") -> int:
    """End every session of a person, whatever opened it. Returns how many were listed.

    `but`: the key of the session of whoever asks, to be signed anew (accounts.sessions).
    """
    user.session_epoch = F("session_epoch") + 1
    user.save(update_fields=["session_epoch"])
    user.refresh_from_db(fields=["session_epoch"])
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=but))
    for session in sessions:
        session.end()  # deletes its own row
    return len(sessions)


def _change(user: User, role: StaffRole, *, by: User | None, given: bool) -> None:
    group, _created = Group.objects.get_or_create(name=role.value)
    had = user.groups.filter(pk=group.pk).exists()
    if had == given:
        return
    if given:
        user.groups.add(group)
    else:
        user.groups.remove(group)
    forget_roles(user)
    user.is_staff = user.is_superuser or bool(IN_ADMINISTRATION & user.staff_roles)
    user.save(update_fields=["is_staff"])
    if not given:
        end_sessions(user)
    record("role.given" if given else "role.taken", user, by=by, role=role.value)


def _locked(user: User) -> User:
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)
