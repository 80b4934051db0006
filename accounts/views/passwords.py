"""Forgetting a password, and choosing one for an account that has none: allauth's pages, with what they leave out."""

from typing import Any

from allauth.account import views
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core import ratelimit
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts import limits
from accounts.requests import SignedInRequest


class PasswordReset(views.PasswordResetView):
    def form_valid(self, form: Any) -> HttpResponse:
        """Slowed by network address and account together: nobody keeps the owner of a mailbox from asking."""
        email = form.cleaned_data["email"].lower()
        if limits.here(self.request, "reset_password", email) is None:
            too_many: HttpResponse = ratelimit.respond_429(self.request)
            return too_many
        if limits.anywhere(self.request, "reset_password", email) is None:
            # The mailbox is full of links that serve: the answer is the usual one, and nothing more is sent.
            return redirect(self.get_success_url())
        response: HttpResponse = super().form_valid(form)
        return response


def password_set(request: SignedInRequest) -> HttpResponse:
    """For whoever has proved a moment ago who they are: a password opens the account for good.

    One that is sent too late is not kept while they prove it, as other forms are: it would lie in the session's row.
    """
    try:
        raise_if_reauthentication_required(request, app="allauth.account")
    except ReauthenticationRequired:
        if request.method != "GET":
            return redirect("account_set_password")
        raise
    response: HttpResponse = views.password_set(request)
    return response
