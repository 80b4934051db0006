"""Proving again who one is: allauth's pages, after which the session has another key."""

from typing import Any

from allauth.account.views import BaseReauthenticateView, ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeView
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.http import HttpResponse

from accounts.sessions import renew_key


class RenewsKey(BaseReauthenticateView):
    def form_valid(self, form: Any) -> HttpResponse:
        renew_key(self.request)
        response: HttpResponse = super().form_valid(form)
        return response


class ByPassword(RenewsKey, ReauthenticateView):
    """Also the page of whoever has no way at all to prove it: it says how to get a password."""


class ByCode(RenewsKey, CodeView):
    pass


class ByPasskey(RenewsKey, ReauthenticateWebAuthnView):
    pass
