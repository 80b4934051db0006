"""What counts as a second factor; codes that serve once; the demonstration's codes.

The staff of the demonstration share one secret, which is printed, so that everybody can try.
"""

from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.cache import cache

from accounts.models import User

# Recovery codes replace a lost one of these, and are none.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# Base32, as applications of codes take it. Known to everybody: it exists in a demonstration only.
DEMONSTRATION_SECRET = "CONVERGENCEDEMONSTRATIONSECRETXX"  # noqa: S105


class NotADemonstration(Exception):
    """Outside a demonstration nobody's secret is known."""


def use_up(code: str, user: User) -> bool:
    """Remember that a one-time code served, for as long as clocks that drift would let it pass. False: it did before.

    allauth remembers a code for one period only, and accepts those of `MFA_TOTP_TOLERANCE` periods on either side.
    """
    seconds = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)
    digits = "".join(each for each in code if each.isdigit())
    return bool(cache.add(f"second-factor.used.{user.pk}.{digits}", 1, seconds))


def give_demonstration_secret(user: User) -> Authenticator:
    """Let the person sign in with the demonstration's codes. Raises NotADemonstration."""
    _check()
    return TOTP.activate(user, DEMONSTRATION_SECRET).instance


def demonstration_code() -> str:
    """The six digits of the moment. Raises NotADemonstration."""
    _check()
    counters = list(yield_hotp_counters_from_time())
    code: str = format_hotp_value(hotp_value(DEMONSTRATION_SECRET, counters[len(counters) // 2]))
    return code


def holds_demonstration_secret(user: User) -> bool:
    """Whether the demonstration's codes are this person's: whoever enrolled a telephone of their own has others."""
    factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return factor is not None and decrypt(factor.data["secret"]) == DEMONSTRATION_SECRET


def _check() -> None:
    if not settings.DEMONSTRATION:
        raise NotADemonstration
