"""What stands between a person and what they asked for: signing in, then a second factor for the State's side."""

from enum import StrEnum

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled

from accounts.models import User
from accounts.policies import is_staff_member
from accounts.requests import HttpRequest
from accounts.second_factors import FACTORS

# Where a second factor is proved, and what is always left to people.
TO_PROVE = frozenset({"account_logout", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"})
# Where the first one is made. Whoever has one gives it before making another: a password alone adds nothing.
TO_MAKE = frozenset({"mfa_index", "mfa_activate_totp", "mfa_add_webauthn"})


class Obligation(StrEnum):
    SIGN_IN = "sign-in"
    SECOND_FACTOR = "second-factor"


def obligation(request: HttpRequest) -> Obligation | None:
    """What the person must do first; None when the page is theirs to ask for."""
    match = request.resolver_match
    if match and not getattr(match.func, "login_required", True):
        return None
    if not isinstance(request.user, User):
        return Obligation.SIGN_IN
    if is_staff_member(request.user) and not _may_pass(request, request.user, match.url_name if match else None):
        return Obligation.SECOND_FACTOR
    return None


def _may_pass(request: HttpRequest, user: User, name: str | None) -> bool:
    if name in TO_PROVE:
        return True
    # A proof lasts no longer than the factor that gave it.
    if is_mfa_enabled(user, FACTORS):
        return any(record["method"] == "mfa" for record in get_authentication_records(request, user))
    return name in TO_MAKE
