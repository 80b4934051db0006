"""Failed attempts are slowed by network address and account together, and by account alone far more softly.

allauth counts by address, or by account, never by both: whoever failed five times on somebody's account, from
anywhere, would keep its owner out. What is counted here is set in ACCOUNT_RATE_LIMITS beside allauth's own (`…_here`,
`…_anywhere`).
"""

from collections.abc import Callable

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.db.models import QuerySet

from accounts.models import User
from accounts.requests import HttpRequest
from audit.models import Event
from audit.request import current_address

APP = "allauth.account"


def attempt(request: HttpRequest, action: str, account: str, *, known: Callable[[], bool]) -> RateLimitUsage | None:
    """Count one attempt on an account. None: too many failed before. `known`: does its owner come from there?

    The limit by account alone is for guesses from many addresses at once. It never stands before somebody who comes
    from a network where the account was opened before: else those who guess would still keep the owner out.
    """
    from_here = here(request, action, account)
    if from_here is None:
        return None
    from_anywhere = anywhere(request, action, account)
    if from_anywhere is not None:
        return RateLimitUsage([*from_here.usage, *from_anywhere.usage])
    if known():
        return from_here
    from_here.rollback()  # what is refused does not lengthen the wait
    return None


def here(request: HttpRequest, action: str, account: str) -> RateLimitUsage | None:
    return ratelimit.consume(request, app=APP, action=f"{action}_here", key=_here(request, account))


def anywhere(request: HttpRequest, action: str, account: str) -> RateLimitUsage | None:
    return ratelimit.consume(request, app=APP, action=f"{action}_anywhere", key=account)


def forget(request: HttpRequest, action: str, account: str) -> None:
    """The owner proved themselves otherwise: former failures no longer count, here nor in all."""
    ratelimit.clear(request, app=APP, action=f"{action}_here", key=_here(request, account))
    ratelimit.clear(request, app=APP, action=f"{action}_anywhere", key=account)


def opened_from_here(people: QuerySet[User]) -> bool:
    """Whether one of these people ever came in, or used their mailbox to, from the network that asks.

    As the trail knows it: truncated.
    """
    network, ways = current_address.get(), ("session.opened", "account.password_reset")
    return network != "" and Event.objects.filter(verb__in=ways, address=network, actor__in=people).exists()


def _here(request: HttpRequest, account: str) -> str:
    return f"{ratelimit.get_ip(request)} {account}"
