"""Making and giving up a second factor.

Whoever has just proved that they hold one is not asked for it again at the next page. Giving one up ends the person's
other sessions: some may have been opened with it.
"""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.http import HttpResponse

from accounts.forms import RemovePasskeyForm
from accounts.sessions import end_others


class ActivateCodes(ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", type=Authenticator.Type.TOTP)
        return response


class GiveUpCodes(DeactivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        end_others(self.request)
        return response


class AddPasskey(AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", type=Authenticator.Type.WEBAUTHN)
        return response


class RemovePasskey(RemoveWebAuthnView):
    form_class = RemovePasskeyForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Judged when shown too, as for codes: a refusal is told before the button."""
        return {**super().get_form_kwargs(), "authenticator": self.object, "data": self.request.POST}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        end_others(self.request)
        return response
