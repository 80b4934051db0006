"""The session of whoever asks: its key renewed, the person's other sessions ended."""

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.db import transaction

from accounts.operations.staff import end_sessions
from accounts.requests import HttpRequest, SignedInRequest
from audit.operations import record


def renew_key(request: HttpRequest) -> None:
    """Give the session another key, once more was proved of whoever holds it: a key that was known opens less."""
    former = request.session.session_key
    request.session.cycle_key()
    _follow(request, former)


@transaction.atomic
def end_others(request: SignedInRequest) -> int:
    """End every other session of the person, listed or not. Returns how many were listed."""
    former = request.session.session_key
    ended = end_sessions(request.user, but=former or "")
    update_session_auth_hash(request, request.user)  # renews the key too
    _follow(request, former)
    record("session.ended", request.user, by=request.user, others=ended)
    return ended


@transaction.atomic
def end_one(session: UserSession, *, by: SignedInRequest) -> None:
    """End one session that the person sees in the list of their own."""
    session.end()
    record("session.ended", by.user, by=by.user)


def _follow(request: HttpRequest, former: str | None) -> None:
    """The list of one's sessions knows them by their keys."""
    UserSession.objects.filter(session_key=former).update(session_key=request.session.session_key)
