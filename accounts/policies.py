"""Who a person is, asked as questions that views and templates share."""

from accounts.models import Membership, StaffRole, User

SUBMITTING = frozenset({Membership.Role.MANDATAIRE, Membership.Role.REPRESENTATIVE})
FILLING = SUBMITTING | {Membership.Role.CONTRIBUTOR}


def is_reviewer(user: User) -> bool:
    return StaffRole.REVIEWER in user.staff_roles


def is_editor(user: User) -> bool:
    return StaffRole.EDITOR in user.staff_roles


def is_gie_officer(user: User) -> bool:
    return StaffRole.GIE_OFFICER in user.staff_roles


def is_administrator(user: User) -> bool:
    return user.is_superuser or StaffRole.ADMINISTRATOR in user.staff_roles


def is_staff_member(user: User) -> bool:
    """True for anyone on the State's side: they never belong to a publisher's team."""
    return user.is_superuser or bool(user.staff_roles)


def is_member(user: User, publisher_id: int) -> bool:
    return publisher_id in user.membership_roles


def can_fill(user: User, publisher_id: int) -> bool:
    """May change products, answers and evidence of the publisher."""
    return user.membership_roles.get(publisher_id) in FILLING


def can_submit_for(user: User, publisher_id: int) -> bool:
    """May bind the publisher: submit, withdraw."""
    return user.membership_roles.get(publisher_id) in SUBMITTING


def can_open_publisher(user: User) -> bool:
    """Staff never open a publisher: judge and judged stay apart."""
    return not is_staff_member(user)


def can_manage_team(user: User, publisher_id: int) -> bool:
    """May add people to the publisher's team, change their roles, take them out."""
    return user.membership_roles.get(publisher_id) == Membership.Role.MANDATAIRE
