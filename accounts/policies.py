"""Who a person is, asked as questions that views and templates share."""

from accounts.models import Membership, StaffRole, User

SUBMITTING = frozenset({Membership.Role.MANDATAIRE, Membership.Role.REPRESENTATIVE})
# A review lead is a reviewer who also assigns and closes.
REVIEWING = frozenset({StaffRole.REVIEWER, StaffRole.REVIEW_LEAD})
FILLING = SUBMITTING | {Membership.Role.CONTRIBUTOR}


def is_reviewer(user: User) -> bool:
    return bool(REVIEWING & user.staff_roles)


def is_review_lead(user: User) -> bool:
    """May assign reviews and close them, besides all that a reviewer may."""
    return StaffRole.REVIEW_LEAD in user.staff_roles


def is_support(user: User) -> bool:
    return StaffRole.SUPPORT in user.staff_roles


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
    """In its team: a consultant stands beside it."""
    return user.membership_roles.get(publisher_id) in Membership.TEAM


def can_fill(user: User, publisher_id: int) -> bool:
    """May change products, answers and evidence of the publisher."""
    return user.membership_roles.get(publisher_id) in FILLING


def can_submit_for(user: User, publisher_id: int) -> bool:
    """May bind the publisher: submit, withdraw."""
    return user.membership_roles.get(publisher_id) in SUBMITTING


def can_open_publisher(user: User) -> bool:
    """Staff never open a publisher: judge and judged stay apart."""
    return not is_staff_member(user)


# Whom each role may invite, move and remove. The mandataire delegates the everyday part to representatives, who never
# touch those who bind the publisher (facts: the mandataire « can delegate to Représentants »).
MANAGEABLE_BY: dict[str, tuple[Membership.Role, ...]] = {
    Membership.Role.MANDATAIRE: tuple(Membership.Role),
    Membership.Role.REPRESENTATIVE: (
        Membership.Role.CONTRIBUTOR,
        Membership.Role.READER,
        Membership.Role.CONSULTANT,
    ),
}


def manageable_roles(user: User, publisher_id: int) -> tuple[Membership.Role, ...]:
    """The roles that the person may give and take in this team; none for most."""
    return manageable_by(user.membership_roles.get(publisher_id, ""))


def manageable_by(role: str) -> tuple[Membership.Role, ...]:
    """The roles that somebody of this role may give and take."""
    return MANAGEABLE_BY.get(role, ())


def can_manage_team(user: User, publisher_id: int) -> bool:
    """May invite people, change their roles, take them out: some of them at least."""
    return bool(manageable_roles(user, publisher_id))


def can_read_journal(user: User, publisher_id: int) -> bool:
    """Those who answer for the publisher."""
    return user.membership_roles.get(publisher_id) in SUBMITTING
