"""Who may ask for an account, and who decides."""

from accounts.models import User
from accounts.policies import is_staff_member
from enrolment.models import EXAMINING


def can_request(user: User) -> bool:
    """Staff never open a publisher: judge and judged stay apart."""
    return not is_staff_member(user)


def can_examine(user: User) -> bool:
    return user.is_superuser or bool(EXAMINING & user.staff_roles)
