"""A test client whose `force_login` does what a sign-in does: it says how, and when, people proved who they are."""

import time
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.conf import settings
from django.test import Client

from accounts.middleware import OPENED, SEEN
from accounts.models import User
from accounts.policies import is_staff_member


class SignedInClient(Client):
    """`force_login(user)` opens a session as a recent sign-in would: staff with their second factor."""

    def force_login(self, user: User, backend: str | None = None, *, second_factor: bool | None = None) -> None:
        """`second_factor`: None means as the person must, True or False decides."""
        super().force_login(user, backend)
        with_factor = is_staff_member(user) if second_factor is None else second_factor
        records: list[dict[str, Any]] = [{"method": "password", "at": time.time(), "email": user.email}]
        if with_factor:
            records.append({"method": "mfa", "at": time.time(), "type": "totp"})
        session = self.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = records
        session[OPENED] = session[SEEN] = time.time()
        session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
        session.save()
        self.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""

    def forget_the_proof(self) -> None:
        """As if people had signed in an hour ago: what is consequential asks them again."""
        session = self.session
        records = session[AUTHENTICATION_METHODS_SESSION_KEY]
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{**each, "at": each["at"] - 3600} for each in records]
        session.save()
